import { HandTimers, joinedChannels, type MemoryChannel } from '@x/core/testing'
import {
  type AcceptOptions,
  type AssociateOptions,
  type Association,
  AssociationServer,
  associateOver,
  type ServerOptions,
} from '../src/open.js'
import { echo, echoContext } from './kit.js'

export const asking: AssociateOptions = {
  applicationContext: echoContext,
  contexts: [echo],
  calling: { apTitle: '1.1.1.999', aeQualifier: 12 },
}
export const octets = (...values: number[]) => Uint8Array.of(4, values.length, ...values)

/** Timers with a clock that is moved by hand. */
export const handTimers = () => new HandTimers()

export interface Pair {
  readonly requestor: Association
  readonly acceptor: Association
  readonly server: AssociationServer
  readonly a: MemoryChannel
  readonly b: MemoryChannel
}

/** A server and a peer of it, joined in memory. The association may be refused: then `opening` rejects. */
export function meeting(serving: ServerOptions = {}, request: Partial<AssociateOptions> = {}) {
  const { a, b } = joinedChannels()
  const server = new AssociationServer(serving)
  const accepting = server.accept(b)
  accepting.catch(() => {})
  const opening = associateOver(a, { ...asking, ...request })
  opening.catch(() => {})
  return { a, b, server, accepting, opening }
}

/** Both ends of an association in memory. */
export async function associated(serving: ServerOptions = {}, request: Partial<AssociateOptions> = {}): Promise<Pair> {
  const { a, b, server, accepting, opening } = meeting(serving, request)
  const [requestor, acceptor] = await Promise.all([opening, accepting])
  return { requestor, acceptor, server, a, b }
}

export const failure = (promise: Promise<unknown>): Promise<Error & Record<string, unknown>> =>
  promise.then(
    () => {
      throw new TypeError('expected a failure')
    },
    error => error,
  )

export type { AcceptOptions }
