import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Peer } from './peers.js'

/** Where peers are installed: the folder INTEROP_PEERS names, or `.peers` at the root, which git ignores. */
export const peersFolder: string = process.env.INTEROP_PEERS ?? fileURLToPath(new URL('../../../.peers', import.meta.url))

/** A peer that is there, or the reason why it is not. */
export type Setup = { readonly folder: string } | { readonly notRun: string }

/**
 * Installs a peer unless it is installed, in three tries.
 *
 * @param say told of each try
 */
export async function setUp(peer: Peer, say: (line: string) => void = () => {}): Promise<Setup> {
  const missing = peer.needs.filter(program => !onPath(program))
  if (missing.length > 0) return { notRun: `${missing.join(', ')} not found on this machine` }
  const folder = join(peersFolder, peer.name)
  let reason = ''
  for (let tried = 0; tried < 3 && !isInstalled(peer, folder); tried++) {
    if (tried > 0) await new Promise(resolve => setTimeout(resolve, 2_000 * tried))
    say(`installing ${peer.packaged}, try ${tried + 1} of 3`)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    reason = await runAll(peer.install(folder))
    if (reason === '' && !isInstalled(peer, folder)) reason = `installed, but ${peer.proof} is not there`
  }
  if (!isInstalled(peer, folder)) return { notRun: `${peer.packaged} could not be installed in three tries: ${reason}` }
  const failed = await runAll(peer.prepare?.(folder) ?? [])
  return failed === '' ? { folder } : { notRun: `its adapter could not be prepared: ${failed}` }
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, program)))
}

function isInstalled(peer: Peer, folder: string): boolean {
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

async function runAll(commands: readonly (readonly string[])[]): Promise<string> {
  for (const command of commands) {
    const failed = await run(command)
    if (failed !== '') return failed
  }
  return ''
}

/** Runs one command for at most five minutes; the last line it complains in, or nothing when it succeeds. */
function run(command: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    let said = ''
    const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] })
    const patience = setTimeout(() => child.kill('SIGKILL'), 300_000)
    const hear = (chunk: unknown): void => {
      said = (said + String(chunk)).slice(-4_000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', error => hear(error.message))
    child.on('close', code => {
      clearTimeout(patience)
      resolve(code === 0 ? '' : firstComplaint(said) || `${command[0]} ended with ${code}`)
    })
  })
}

function firstComplaint(said: string): string {
  const lines = said.split('\n').map(line => withoutColour(line).trim())
  return lines.find(line => line.includes('ERROR') || line.includes('error:')) ?? lines.filter(line => line !== '').at(-1) ?? ''
}

/** A line without the terminal's colour sequences: escape, bracket, anything, m. */
function withoutColour(line: string): string {
  return line
    .split('\u001b[')
    .map((part, i) => (i === 0 ? part : part.slice(part.indexOf('m') + 1)))
    .join('')
}
