import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Peer } from './peers.js'
import { type Machine, provide } from './programs.js'

/** Where peers are installed: the folder INTEROP_PEERS names, or `.peers` at the root, which git ignores. */
export const peersFolder: string = process.env.INTEROP_PEERS ?? fileURLToPath(new URL('../../../.peers', import.meta.url))

/** What of a peer concerns its installation. */
export type Installable = Pick<Peer, 'name' | 'packaged' | 'needs' | 'install' | 'proof' | 'prepare'>

/** A peer that is there, or the reason why it is not. */
export type Setup = { readonly folder: string } | { readonly notRun: string }

/**
 * Installs a peer unless it is installed, and what it needs of the system, in three tries.
 *
 * @param say told of each try
 * @param at folder under which peers are installed
 */
export async function setUp(peer: Installable, machine: Machine, say: (line: string) => void, at = peersFolder): Promise<Setup> {
  const lacking = await provide(peer.needs, machine, say)
  if (lacking !== undefined) return { notRun: lacking }
  const folder = join(at, peer.name)
  let reason = ''
  for (let tried = 0; tried < 3 && !isInstalled(peer, folder); tried++) {
    if (tried > 0) await machine.rest(2_000 * tried)
    say(`installing ${peer.packaged}, try ${tried + 1} of 3`)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    reason = await runAll(peer.install(folder), machine)
    if (reason === '' && !isInstalled(peer, folder)) reason = `installed, but ${peer.proof} is not there`
  }
  if (!isInstalled(peer, folder)) return { notRun: `${peer.packaged} could not be installed in three tries: ${reason}` }
  const failed = await runAll(peer.prepare?.(folder) ?? [], machine)
  return failed === '' ? { folder } : { notRun: `its adapter could not be prepared: ${failed}` }
}

function isInstalled(peer: Installable, folder: string): boolean {
  if (peer.proof === '') return true
  let found = [folder]
  for (const part of peer.proof.split('/')) {
    const star = part.indexOf('*')
    found = found.flatMap(at => {
      if (star < 0) return existsSync(join(at, part)) ? [join(at, part)] : []
      return existsSync(at)
        ? readdirSync(at)
            .filter(name => name.startsWith(part.slice(0, star)))
            .map(name => join(at, name))
        : []
    })
  }
  return found.length > 0
}

async function runAll(commands: readonly (readonly string[])[], machine: Machine): Promise<string> {
  for (const command of commands) {
    const failed = await machine.run(command)
    if (failed !== '') return failed
  }
  return ''
}
