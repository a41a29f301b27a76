import { AbortedError, type Channel, DisconnectedError, type OutcomeError, seen } from '@x/core'
import { Connection, type ConnectionOptions, refusalIn, type Shape, withCause } from '@x/core/async'
import { asResponder, type SessionStackOptions, sessionStack } from '@x/iso-session/open'
import { AbortReason, nameOf } from './codes.js'
import { PresentationMachine, type PresentationOptions } from './machine.js'
import { connectionRefused } from './refusal.js'
import type {
  PConnectConfirm,
  PConnectIndication,
  PConnectRequest,
  PConnectResponse,
  PPAbortIndication,
  PresentationDelivery,
  PresentationSubmit,
} from './service.js'

export { asResponder } from '@x/iso-session/open'

/** One open presentation connection. */
export type PresentationConnection = Connection<PresentationSubmit, PresentationDelivery>

/** Options of the machines below the door. */
export interface PresentationStackOptions extends SessionStackOptions {
  readonly presentation?: PresentationOptions
}

/** One object, so that settings made of it are shared. */
const NO_OPTIONS = {}

/** Presentation over session over COTP over TPKT over a channel. */
export function presentationStack(channel: Channel, options: PresentationStackOptions = NO_OPTIONS): PresentationMachine {
  return new PresentationMachine(seen(sessionStack(channel, options), 'session', options.see), options.presentation)
}

/** Connects over an open channel. @throws RefusedError, TimeoutError, DisconnectedError, AbortedError, the signal's reason */
export async function openPresentation(
  channel: Channel,
  request: Omit<PConnectRequest, 'type'>,
  options: ConnectionOptions & PresentationStackOptions = NO_OPTIONS,
): Promise<{ connection: PresentationConnection; confirm: PConnectConfirm }> {
  const machine = presentationStack(channel, options)
  const { connection, confirm } = await Connection.open(
    machine,
    channel,
    presentationShape,
    { type: 'P-CONNECT.request', ...request },
    { progress: () => `presentation is in ${machine.state}`, ...options },
  )
  return { connection, confirm: confirm as PConnectConfirm }
}

/** Waits for a peer to connect over a channel that has arrived. @param decide the response. @default accepts with the provider's context results */
export async function acceptPresentation(
  channel: Channel,
  options: ConnectionOptions & PresentationStackOptions = NO_OPTIONS,
  decide: (indication: PConnectIndication) => PConnectResponse | Promise<PConnectResponse> = () => ({
    type: 'P-CONNECT.response',
    result: 'acceptance',
  }),
): Promise<{ connection: PresentationConnection; indication: PConnectIndication }> {
  const machine = presentationStack(channel, asResponder(options))
  const { connection, indication } = await Connection.accept(
    machine,
    channel,
    presentationShape,
    delivery => decide(delivery as PConnectIndication),
    { progress: () => `presentation is in ${machine.state}`, ...options },
  )
  return { connection, indication: indication as PConnectIndication }
}

/** What the async edge must know of the presentation service. */
export const presentationShape: Shape<PresentationSubmit, PresentationDelivery> = {
  layer: 'presentation',
  isConnectIndication: delivery => delivery.type === 'P-CONNECT.indication',
  isConnectConfirm: delivery => delivery.type === 'P-CONNECT.confirm' && delivery.result === 'acceptance',
  accepts: response => response.type === 'P-CONNECT.response' && response.result === 'acceptance',
  endedBy: ended,
  abort: () => ({ type: 'P-U-ABORT.request' }),
  release: {
    request: () => ({ type: 'P-RELEASE.request' }),
    isIndication: delivery => delivery.type === 'P-RELEASE.indication',
    response: () => ({ type: 'P-RELEASE.response', result: 'affirmative' }),
    isConfirm: delivery => delivery.type === 'P-RELEASE.confirm' && delivery.result === 'affirmative',
    isRefusal: delivery => delivery.type === 'P-RELEASE.confirm' && delivery.result === 'negative',
  },
  keep: delivery =>
    delivery.type === 'P-DATA.indication' || delivery.type === 'P-TYPED-DATA.indication'
      ? { ...delivery, userData: delivery.userData.map(values => ({ ...values, octets: values.octets.slice() })) }
      : delivery,
}

function ended(delivery: PresentationDelivery, opening: boolean): OutcomeError | undefined {
  switch (delivery.type) {
    case 'P-CONNECT.confirm':
      return delivery.result === 'acceptance' ? undefined : connectionRefused(delivery)
    case 'P-U-ABORT.indication':
      return new AbortedError('presentation', 'PRESENTATION_ABORTED', 'the peer aborted the presentation connection', { by: 'peer' })
    case 'P-P-ABORT.indication':
      return (opening ? refusalIn(delivery.cause) : undefined) ?? providerAborted(delivery)
    default:
      return undefined
  }
}

/** How a P-P-ABORT.indication reads as an error. */
export function providerAborted({ by, abortReason, cause }: PPAbortIndication): OutcomeError {
  const options = { by, ...(abortReason === undefined ? {} : { reason: abortReason }), ...(cause === undefined ? {} : { cause }) }
  if (abortReason !== undefined) {
    const text = `the ${by} aborted at presentation: ${nameOf(AbortReason, abortReason)} (ARP reason ${abortReason})`
    return new AbortedError('presentation', 'PRESENTATION_PROVIDER_ABORT', withCause(text, cause), options)
  }
  return new DisconnectedError(
    'presentation',
    'PRESENTATION_DISCONNECTED',
    withCause('the connection below presentation was lost', cause),
    options,
  )
}
