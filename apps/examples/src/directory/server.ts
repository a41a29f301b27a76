import { passwordMechanism } from '@x/acse'
import { type ListeningServer, listen } from '@x/acse/node'
import type { Association } from '@x/acse/open'
import { decode, encode } from '@x/ber'
import { DecodeError } from '@x/core'
import { DirectoryPdu, directory, type Entry, type Operation, type Outcome } from './protocol.js'

export interface DirectoryOptions {
  readonly entries: readonly Entry[]
  /** Passwords by AP title; whoever has none may look, but not add. */
  readonly writers?: Readonly<Record<string, string>>
  /** @default a free port of this machine */
  readonly port?: number
  readonly host?: string
}

/** Serves a directory. Readers need no password; whoever sends one must know it. */
export function serveDirectory({ entries, writers = {}, host = '127.0.0.1', port = 0 }: DirectoryOptions): Promise<ListeningServer> {
  const known = new Map(entries.map(entry => [entry.name, entry]))
  const password = passwordMechanism({ peer: ({ apTitle }) => (typeof apTitle === 'string' ? writers[apTitle] : undefined) })
  return listen({
    host,
    port,
    policy: {
      applicationContexts: [directory.applicationContext],
      authentication: { mechanisms: [password], required: false },
    },
    maxAssociationsPerPeer: 10,
    timeouts: { idle: 60_000 },
    onIdle: 'release',
    onAssociation: association => serve(association, known),
  })
}

async function serve(association: Association, known: Map<string, Entry>): Promise<void> {
  const mayWrite = association.functionalUnits.includes('authentication')
  for await (const { octets } of association) {
    try {
      const pdu = decode(DirectoryPdu, octets)
      if (pdu.type !== 'request') continue
      const { id, operation } = pdu.value
      await association.send(encode(DirectoryPdu, { type: 'response', value: { id, outcome: answer(operation, known, mayWrite) } }))
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      // What is no PDU of ours has no number that could be answered.
      return association.abort()
    }
  }
}

function answer(operation: Operation, known: Map<string, Entry>, mayWrite: boolean): Outcome {
  switch (operation.type) {
    case 'lookup': {
      const entry = known.get(operation.value)
      return entry ? { type: 'entry', value: entry } : { type: 'error', value: `no entry ${operation.value}` }
    }
    case 'list':
      return { type: 'names', value: [...known.keys()].filter(name => name.startsWith(operation.value)) }
    case 'add':
      if (!mayWrite) return { type: 'error', value: 'not allowed without a password' }
      known.set(operation.value.name, operation.value)
      return { type: 'done', value: null }
  }
}
