import { AbortedError, type Channel, DisconnectedError, type OutcomeError, RefusedError } from '@x/core'
import { Connection, type ConnectionOptions, refusalIn, type Shape, withCause } from '@x/core/async'
import { asResponder, type PresentationStackOptions, presentationStack } from '@x/iso-presentation/open'
import { describeAbortDiagnostic, describeDiagnostic } from './codes.js'
import { AssociationMachine } from './machine.js'
import type { AssociationOptions } from './options.js'
import type {
  AAbortIndication,
  AAssociateConfirm,
  AAssociateIndication,
  AAssociateRequest,
  AAssociateResponse,
  APAbortIndication,
  AssociationDelivery,
  AssociationSubmit,
} from './service.js'

export { asResponder } from '@x/iso-presentation/open'

/** One association. */
export type AssociationConnection = Connection<AssociationSubmit, AssociationDelivery>

/** Options of the machines below the door. */
export interface AssociationStackOptions extends PresentationStackOptions {
  readonly acse?: AssociationOptions
}

/** One object, so that settings made of it are shared. */
const NO_OPTIONS = {}

/** ACSE over presentation over session over COTP over TPKT over a channel. */
export function associationStack(channel: Channel, options: AssociationStackOptions = NO_OPTIONS): AssociationMachine {
  return new AssociationMachine(presentationStack(channel, options), options.acse)
}

/** Associates over an open channel. @throws RefusedError with the diagnostic, TimeoutError, DisconnectedError, AbortedError, the signal's reason */
export async function openAssociation(
  channel: Channel,
  request: Omit<AAssociateRequest, 'type'>,
  options: ConnectionOptions & AssociationStackOptions = NO_OPTIONS,
): Promise<{ connection: AssociationConnection; confirm: AAssociateConfirm }> {
  const machine = associationStack(channel, options)
  const { connection, confirm } = await Connection.open(
    machine,
    channel,
    associationShape,
    { type: 'A-ASSOCIATE.request', ...request },
    { progress: () => `ACSE is in ${machine.state}`, ...options },
  )
  return { connection, confirm: confirm as AAssociateConfirm }
}

/** Waits for a peer to associate over a channel that has arrived. @param decide the response. @default accepts */
export async function acceptAssociation(
  channel: Channel,
  options: ConnectionOptions & AssociationStackOptions = NO_OPTIONS,
  decide: (indication: AAssociateIndication) => AAssociateResponse | Promise<AAssociateResponse> = () => ({
    type: 'A-ASSOCIATE.response',
    result: 'accepted',
  }),
): Promise<{ connection: AssociationConnection; indication: AAssociateIndication }> {
  const machine = associationStack(channel, asResponder(options))
  const { connection, indication } = await Connection.accept(
    machine,
    channel,
    associationShape,
    delivery => decide(delivery as AAssociateIndication),
    { progress: () => `ACSE is in ${machine.state}`, ...options },
  )
  return { connection, indication: indication as AAssociateIndication }
}

/** What the async edge must know of the association service. */
export const associationShape: Shape<AssociationSubmit, AssociationDelivery> = {
  layer: 'acse',
  isConnectIndication: delivery => delivery.type === 'A-ASSOCIATE.indication',
  isConnectConfirm: delivery => delivery.type === 'A-ASSOCIATE.confirm' && delivery.result === 'accepted',
  accepts: response => response.type === 'A-ASSOCIATE.response' && response.result === 'accepted',
  endedBy: ended,
  abort: () => ({ type: 'A-ABORT.request' }),
  release: {
    request: () => ({ type: 'A-RELEASE.request', reason: 0 }),
    isIndication: delivery => delivery.type === 'A-RELEASE.indication',
    response: () => ({ type: 'A-RELEASE.response', result: 'affirmative', reason: 0 }),
    isConfirm: delivery => delivery.type === 'A-RELEASE.confirm' && delivery.result === 'affirmative',
    isRefusal: delivery => delivery.type === 'A-RELEASE.confirm' && delivery.result === 'negative',
  },
  keep: delivery =>
    delivery.type === 'P-DATA.indication'
      ? { ...delivery, userData: delivery.userData.map(values => ({ ...values, octets: values.octets.slice() })) }
      : delivery,
}

function ended(delivery: AssociationDelivery, opening: boolean): OutcomeError | undefined {
  switch (delivery.type) {
    case 'A-ASSOCIATE.confirm':
      return delivery.result === 'accepted' ? undefined : associationRefused(delivery)
    case 'A-ABORT.indication':
      return associationAborted(delivery)
    case 'A-P-ABORT.indication':
      return (opening ? refusalIn(delivery.cause) : undefined) ?? associationLost(delivery)
    default:
      return undefined
  }
}

/** How a negative A-ASSOCIATE.confirm reads as an error: who refused at which layer, and the standard's diagnostic. */
export function associationRefused(confirm: AAssociateConfirm, offered?: unknown): RefusedError {
  const { result, resultSource, diagnostic, cause } = confirm
  if (resultSource === 'presentation-service-provider') {
    const layer = cause?.layer ?? 'presentation'
    const { by = 'peer provider', reason } = cause instanceof RefusedError ? cause : {}
    return new RefusedError(layer, `${layer.toUpperCase()}_REFUSED`, cause?.message ?? 'refused by the presentation service provider', {
      by,
      ...(reason === undefined ? {} : { reason }),
      offered,
      answered: confirm,
      ...(cause === undefined ? {} : { cause }),
    })
  }
  const by = resultSource === 'acse-service-user' ? 'peer' : 'peer provider'
  const why =
    diagnostic === undefined ? 'no diagnostic given' : `${describeDiagnostic(resultSource, diagnostic)} (diagnostic ${diagnostic})`
  return new RefusedError(
    'acse',
    'ACSE_REFUSED',
    withCause(`association ${result.replace('-', ' ')} by the ${resultSource} of the peer: ${why}`, cause),
    {
      by,
      offered,
      answered: confirm,
      ...(diagnostic === undefined ? {} : { reason: diagnostic }),
      ...(cause === undefined ? {} : { cause }),
    },
  )
}

/** How an A-ABORT.indication reads as an error. */
export function associationAborted({ abortSource, by, diagnostic, cause }: AAbortIndication): AbortedError {
  const why = diagnostic === undefined ? '' : `: ${describeAbortDiagnostic(diagnostic)} (diagnostic ${diagnostic})`
  return new AbortedError('acse', 'ACSE_ABORTED', withCause(`aborted by the ${abortSource} (${by})${why}`, cause), {
    by,
    ...(diagnostic === undefined ? {} : { reason: diagnostic }),
    ...(cause === undefined ? {} : { cause }),
  })
}

/** How an A-P-ABORT.indication reads as an error: the connection below is gone. */
export function associationLost({ by, abortReason, cause }: APAbortIndication): OutcomeError {
  const options = { by, ...(abortReason === undefined ? {} : { reason: abortReason }), ...(cause === undefined ? {} : { cause }) }
  if (abortReason !== undefined) {
    return new AbortedError(
      'presentation',
      'PRESENTATION_PROVIDER_ABORT',
      withCause(`aborted by the ${by}, ARP reason ${abortReason}`, cause),
      options,
    )
  }
  return new DisconnectedError('acse', 'ACSE_DISCONNECTED', withCause('the connection below the association was lost', cause), options)
}
