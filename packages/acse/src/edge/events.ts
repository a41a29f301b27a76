import type { Fault } from '@x/core/async'
import type { PresentationDataValues } from '@x/iso-presentation'
import type { AAssociateIndication, AAssociateRequest } from '../service.js'
import type { AssociationState } from '../states.js'
import type { Association } from './association.js'
import type { CloseReason } from './reason.js'

interface Of {
  readonly association: Association
}

interface Seen extends Of {
  /** The APDU; the octets of authentication values are zero. */
  readonly octets: Uint8Array
  readonly type: 'AARQ' | 'AARE' | 'RLRQ' | 'RLRE' | 'ABRT' | 'unknown'
  /** The APDU as a readable block. */
  format(): string
}

/**
 * What can be listened to, on an association or on the server for all its associations. Notification only: no listener can change what
 * happens, or disturb it; that is for hooks. Each event carries its name as `event` and a `timestamp`, too.
 */
export interface AssociationEvents {
  /** A network connection is there, and nothing has been said on it. */
  readonly connOpen: Of
  /** The network connection is gone. */
  readonly connClose: Of
  /** An association is asked for: by this side, or by a peer whom the policy lets through to be judged. Without the authentication value. */
  readonly requested: Of & { readonly request: AAssociateRequest | AAssociateIndication }
  /** The answer is yes. */
  readonly accepted: Of
  /** It can be used. */
  readonly established: Of
  readonly rejected: Of & { readonly reason: CloseReason; readonly error: Error }
  /** The peer asks for release; before `onRelease` is asked. */
  readonly releaseRequested: Of & { readonly reason: number | undefined }
  readonly released: Of & { readonly reason: CloseReason }
  /** By either user, either provider, a timeout or the network. */
  readonly aborted: Of & { readonly reason: CloseReason; readonly error: Error }
  /** The last of all but `connClose`, however it ended. */
  readonly closed: Of & { readonly reason: CloseReason }
  /** A P-DATA of the peer. Octets are views: copy what is kept. */
  readonly data: Of & { readonly values: readonly PresentationDataValues[] }
  readonly idle: Of
  readonly apduIn: Seen
  readonly apduOut: Seen
  /** A cell of Table A.5. `cause`: the event of the table. */
  readonly transition: Of & { readonly cause: string; readonly from: AssociationState; readonly to: AssociationState }
  /** A listener, a hook or a mechanism failed. Written to the console when nobody listens. */
  readonly fault: Fault & Partial<Of>
}
