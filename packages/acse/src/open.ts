import { type Channel, remembered, seen } from '@x/core'
import { type PresentationStackOptions, presentationStack } from '@x/iso-presentation/open'
import { AssociationMachine } from './machine.js'
import type { AssociationOptions } from './options.js'

export { asResponder } from '@x/iso-presentation/open'
export { type AcceptOptions, type AcceptorPolicy, acceptAssociation, type OnAssociate } from './edge/acceptor.js'
export { Association, associationOf } from './edge/association.js'
export type { AbortOptions, AssociationLimits, AssociationStatus, CommonOptions, ContextOutcome, Data } from './edge/common.js'
export type { AssociationEvents } from './edge/events.js'
export type { Acceptance, IncomingAssociation } from './edge/incoming.js'
export { type AeAddress, type Peer, peerOf } from './edge/names.js'
export { associationAborted, associationLost, associationRefused, refusedByClosing } from './edge/outcomes.js'
export { type CloseReason, closeReasonOf, describeCloseReason } from './edge/reason.js'
export type { Admission, Arrival, Rejection } from './edge/rejection.js'
export type { IncomingRelease, ReleaseAnswer, ReleaseOptions, ReleaseResult } from './edge/release.js'
export { type AssociateOptions, associateOver, type ContextProposal } from './edge/requestor.js'
export { AssociationServer, type CloseOptions, type ServerOptions } from './edge/server.js'
export type { TimeoutSettings } from './edge/timeouts.js'

/** Options of the machines below the door. */
export interface AssociationStackOptions extends PresentationStackOptions {
  readonly acse?: AssociationOptions
}

/** One object, so that settings made of it are shared. */
const NO_OPTIONS = {}

/** Longest TSDU taken before an association, in octets: room for names, addresses and authentication. */
const EARLY_TSDU_SIZE = 16_384
const below = remembered(
  (options: AssociationStackOptions): PresentationStackOptions => ({
    ...options,
    transport: { earlyTsduSize: EARLY_TSDU_SIZE, ...options.transport },
  }),
)

/** ACSE over presentation over session over COTP over TPKT over a channel. TSDUs before the association have at most 16 KiB by default. */
export function associationStack(channel: Channel, options: AssociationStackOptions = NO_OPTIONS): AssociationMachine {
  return new AssociationMachine(seen(presentationStack(channel, below(options)), 'presentation', options.see), options.acse)
}
