import { type Channel, remembered, type Sdu, seen } from '@x/core'
import { Connection, type ConnectionOptions, DataConnection, type Shape, systemTimers } from '@x/core/async'
import { asResponder, type TransportStackOptions, transportStack } from '@x/cotp/open'
import { SessionMachine } from './machine.js'
import type { SessionOptions } from './options.js'
import { ended } from './outcomes.js'
import type { SConnectConfirm, SConnectIndication, SConnectRequest, SConnectResponse, SessionDelivery, SessionSubmit } from './service.js'

export { asResponder } from '@x/cotp/open'

/**
 * One open session connection: `send` an SSDU, iterate the peer's. Its `connection` sends and iterates whole primitives: typed data, tokens,
 * a negative answer to a release.
 */
export type SessionConnection<Opened = SConnectConfirm | SConnectIndication> = DataConnection<SessionSubmit, SessionDelivery, Opened>

/** Options of the machines below the door. */
export interface SessionStackOptions extends TransportStackOptions {
  /** A connection is one session, so its transport connection is never kept. @default the timers of the platform, and the defaults of SessionOptions */
  readonly session?: Partial<Omit<SessionOptions, 'keepTransport'>>
}

export interface OpenSessionOptions extends ConnectionOptions, SessionStackOptions, Omit<SConnectRequest, 'type'> {}

/** Session over COTP over TPKT over a channel. */
export function sessionStack(channel: Channel, options: SessionStackOptions = NO_OPTIONS): SessionMachine {
  return new SessionMachine(seen(transportStack(channel, options), 'cotp', options.see), timed(options.session ?? NO_OPTIONS))
}

const NO_OPTIONS = {}
/** Of the options of this layer, so that all who have none of their own share settings, too. */
const timed = remembered((session: Partial<SessionOptions>): SessionOptions => ({ timers: systemTimers, ...session, keepTransport: 0 }))

/** Connects over an open channel. @throws RefusedError with the refuse reason, TimeoutError, DisconnectedError, AbortedError, the signal's reason */
export async function openSession(channel: Channel, options: OpenSessionOptions = NO_OPTIONS): Promise<SessionConnection<SConnectConfirm>> {
  const machine = sessionStack(channel, options)
  const { called, calling, sessionConnectionIdentifier, sessionRequirements, initialTokens, userData } = options
  const request = present({ called, calling, sessionConnectionIdentifier, sessionRequirements, initialTokens, userData })
  const { connection, confirm } = await Connection.open(
    machine,
    channel,
    sessionShape,
    { type: 'S-CONNECT.request', ...request },
    { progress: () => `session is in ${machine.state}`, ...options },
  )
  return new DataConnection(connection, confirm as SConnectConfirm, DATA)
}

/** Waits for a peer to connect over a channel that has arrived. @param decide the response. @default accepts */
export async function acceptSession(
  channel: Channel,
  options: ConnectionOptions & SessionStackOptions = NO_OPTIONS,
  decide: (indication: SConnectIndication) => SConnectResponse | Promise<SConnectResponse> = () => ({
    type: 'S-CONNECT.response',
    result: 'accept',
  }),
): Promise<SessionConnection<SConnectIndication>> {
  const machine = sessionStack(channel, asResponder(options))
  const { connection, indication } = await Connection.accept(
    machine,
    channel,
    sessionShape,
    delivery => decide(delivery as SConnectIndication),
    { progress: () => `session is in ${machine.state}`, ...options },
  )
  return new DataConnection(connection, indication as SConnectIndication, DATA)
}

const DATA = {
  request: (userData: Sdu): SessionSubmit => ({ type: 'S-DATA.request', userData }),
  octets: (delivery: SessionDelivery) => (delivery.type === 'S-DATA.indication' ? delivery.userData : undefined),
}

/** What the async edge must know of the session service. */
export const sessionShape: Shape<SessionSubmit, SessionDelivery> = {
  layer: 'session',
  isConnectIndication: delivery => delivery.type === 'S-CONNECT.indication',
  isConnectConfirm: delivery => delivery.type === 'S-CONNECT.confirm' && delivery.result === 'accept',
  accepts: response => response.type === 'S-CONNECT.response' && response.result === 'accept',
  endedBy: ended,
  abort: () => ({ type: 'S-U-ABORT.request' }),
  release: {
    request: () => ({ type: 'S-RELEASE.request' }),
    isIndication: delivery => delivery.type === 'S-RELEASE.indication',
    response: () => ({ type: 'S-RELEASE.response', result: 'affirmative' }),
    isConfirm: delivery => delivery.type === 'S-RELEASE.confirm' && delivery.result === 'affirmative',
    isRefusal: delivery => delivery.type === 'S-RELEASE.confirm' && delivery.result === 'negative',
  },
  keep: delivery => ('userData' in delivery ? { ...delivery, userData: delivery.userData.slice() } : delivery),
}

/** An object without the members that are undefined. */
function present<T extends object>(given: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
}
