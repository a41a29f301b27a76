import { AbortedError, type Channel, DisconnectedError, type OutcomeError, RefusedError, remembered, type Sdu } from '@x/core'
import { Connection, type ConnectionOptions, DataConnection, refusalIn, type Shape, systemTimers, withCause } from '@x/core/async'
import { asResponder, type TransportStackOptions, transportStack } from '@x/cotp/open'
import { SessionMachine } from './machine.js'
import type { SessionOptions } from './options.js'
import { refuseReasonText } from './reasons.js'
import type {
  SConnectConfirm,
  SConnectIndication,
  SConnectRequest,
  SConnectResponse,
  SessionDelivery,
  SessionSubmit,
  SPAbortIndication,
} from './service.js'

export { asResponder } from '@x/cotp/open'

/** One open session connection: `send` an SSDU, iterate the peer's. */
export type SessionConnection<Opened = SConnectConfirm | SConnectIndication> = DataConnection<SessionSubmit, SessionDelivery, Opened>

/** Options of the machines below the door. */
export interface SessionStackOptions extends TransportStackOptions {
  /** @default the timers of the platform, and the defaults of SessionOptions */
  readonly session?: Partial<SessionOptions>
}

export interface OpenSessionOptions extends ConnectionOptions, SessionStackOptions, Omit<SConnectRequest, 'type'> {}

/** Session over COTP over TPKT over a channel. */
export function sessionStack(channel: Channel, options: SessionStackOptions = NO_OPTIONS): SessionMachine {
  return new SessionMachine(transportStack(channel, options), withTimers(options))
}

const NO_OPTIONS = {}
const withTimers = remembered(({ session }: SessionStackOptions): SessionOptions => ({ timers: systemTimers, ...session }))

/** Connects over an open channel. @throws RefusedError with the refuse reason, TimeoutError, DisconnectedError, AbortedError, the signal's reason */
export async function openSession(channel: Channel, options: OpenSessionOptions = NO_OPTIONS): Promise<SessionConnection<SConnectConfirm>> {
  const machine = sessionStack(channel, options)
  const { called, calling, sessionConnectionIdentifier, sessionRequirements, userData } = options
  const request = present({ called, calling, sessionConnectionIdentifier, sessionRequirements, userData })
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
  keep: delivery => (delivery.type === 'S-DATA.indication' ? { ...delivery, userData: delivery.userData.slice() } : delivery),
}

function ended(delivery: SessionDelivery, opening: boolean): OutcomeError | undefined {
  switch (delivery.type) {
    case 'S-CONNECT.confirm':
      if (delivery.result === 'accept') return undefined
      return new RefusedError(
        'session',
        'SESSION_REFUSED',
        `refused by the ${delivery.by}: ${refuseReasonText(delivery.reason)} (RF reason ${delivery.reason})`,
        { by: delivery.by, reason: delivery.reason },
      )
    case 'S-U-ABORT.indication':
      return new AbortedError('session', 'SESSION_ABORTED', 'the peer aborted the session', { by: 'peer' })
    case 'S-P-ABORT.indication':
      return (opening ? refusalIn(delivery.cause) : undefined) ?? providerAborted(delivery)
    default:
      return undefined
  }
}

/** How an S-P-ABORT.indication reads as an error. */
export function providerAborted({ by, transportDisconnect, cause }: SPAbortIndication): OutcomeError {
  const options = {
    by,
    ...(transportDisconnect === undefined ? {} : { reason: transportDisconnect }),
    ...(cause === undefined ? {} : { cause }),
  }
  if (by === 'peer provider' && transportDisconnect !== undefined) {
    return new AbortedError('session', 'SESSION_PROVIDER_ABORT', withCause('the peer’s session provider aborted', cause), options)
  }
  if (cause?.layer === 'session')
    return new AbortedError('session', 'SESSION_PROTOCOL', withCause('the peer broke the session protocol', cause), options)
  return new DisconnectedError('session', 'SESSION_DISCONNECTED', withCause('the connection below the session was lost', cause), options)
}

/** An object without the members that are undefined. */
function present<T extends object>(given: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> }
}
