import { type DecodeError, rowsFor, StateTable } from '@x/core'
import type { PPAbortIndication } from '@x/iso-presentation'
import type { AssociationMachine } from './machine.js'
import type { AbortVerdict, RejectVerdict } from './options.js'
import type {
  AAbortIndication,
  AAbortRequest,
  AAssociateConfirm,
  AAssociateIndication,
  AAssociateRequest,
  AAssociateResponse,
  AReleaseConfirm,
  AReleaseIndication,
  AReleaseRequest,
  AReleaseResponse,
  AssociationDelivery,
} from './service.js'

/**
 * X.227, A.2. STA0 idle · STA1 awaiting AARE · STA2 awaiting A-ASSOCIATE response · STA3 awaiting RLRE · STA4 awaiting
 * A-RELEASE response · STA5 associated · STA6 collision, association-initiator: awaiting A-RELEASE response · STA7 collision,
 * association-responder: awaiting RLRE.
 */
export type AssociationState = 'STA0' | 'STA1' | 'STA2' | 'STA3' | 'STA4' | 'STA5' | 'STA6' | 'STA7'

/** All states, in the order of Table A.5. */
export const associationStates: readonly AssociationState[] = ['STA0', 'STA1', 'STA2', 'STA3', 'STA4', 'STA5', 'STA6', 'STA7']

/**
 * X.227, A.1: what the table is asked about. The user's primitives stand for themselves; an APDU that came in stands with
 * what it will be indicated as. + and – are the annex's: the result of an AARE, of a P-RELEASE confirm, of a response.
 */
export type AssociationEvent =
  | AAssociateRequest
  | AAssociateResponse
  | AReleaseRequest
  | AReleaseResponse
  | AAbortRequest
  | { readonly type: 'AARQ'; readonly indication: AAssociateIndication; readonly refusal: AbortVerdict | RejectVerdict | undefined }
  | { readonly type: 'AARE+'; readonly confirm: AAssociateConfirm }
  | { readonly type: 'AARE-'; readonly confirm: AAssociateConfirm; readonly connected: boolean }
  | { readonly type: 'P-CONNECT.confirm-'; readonly confirm: AAssociateConfirm }
  | { readonly type: 'RLRQ'; readonly indication: AReleaseIndication }
  | { readonly type: 'RLRE+'; readonly confirm: AReleaseConfirm }
  | { readonly type: 'RLRE-'; readonly confirm: AReleaseConfirm }
  | { readonly type: 'ABRT'; readonly indication: AAbortIndication }
  | PPAbortIndication
  | ProtocolError

/** X.227, 7.3.3.4: an APDU that is broken, or that no cell provides for. */
export interface ProtocolError {
  readonly type: 'protocol error'
  readonly cause: DecodeError
  /** The presentation connection has ended with the APDU: there is nobody to abort any more. */
  readonly gone?: boolean
}

const on = rowsFor<AssociationMachine, AssociationState, AssociationEvent, AssociationDelivery>()
const begun = ['STA1', 'STA2', 'STA3', 'STA4', 'STA5', 'STA6', 'STA7'] as const

/**
 * X.227, Table A.5, with the numbers A01 to A39 that we give its cells.
 *
 * Not here: the rows EXTRN-1 and EXTRN-2 (A40 to A43). They are P-RESYNCHRONIZE and the exception reports, which need session
 * functional units that our presentation does not offer; such an event cannot come.
 * Added: the last two rows, 7.3.3.4, which the annex states in words (A.3.1 b).
 */
export const associationTable: StateTable<AssociationMachine, AssociationState, AssociationEvent, AssociationDelivery> = new StateTable([
  // A01–A08: establishment. p1 of A01 is looked at while encoding: without a presentation context for ACSE there is no AARQ.
  on('A-ASSOCIATE.request', 'STA0', { to: 'STA1', do: (m, e) => m.sendAARQ(e) }),
  on('A-ASSOCIATE.response', 'STA2', { to: 'STA5', if: (_, e) => e.result === 'accepted', do: (m, e) => m.sendAARE(e) }),
  on('A-ASSOCIATE.response', 'STA2', { to: 'STA0', do: (m, e) => m.sendAARE(e) }),
  on('AARQ', 'STA0', { to: 'STA2', if: (_, e) => e.refusal === undefined, do: (_, e) => e.indication }),
  on('AARQ', 'STA0', { to: 'STA0', do: (m, e) => m.refuse(e.refusal!) }),
  on('AARE+', 'STA1', { to: 'STA5', do: (_, e) => e.confirm }),
  on('AARE-', 'STA1', { to: 'STA0', do: (m, e) => m.confirmRejection(e.confirm, e.connected) }),
  on('P-CONNECT.confirm-', 'STA1', { to: 'STA0', do: (_, e) => e.confirm }),

  // A09–A18: release. Once two releases have collided (STA6, STA7) neither can be refused: those cells have no negative row.
  on('A-RELEASE.request', 'STA5', { to: 'STA3', do: m => m.sendRLRQ() }),
  on('A-RELEASE.response', 'STA4', { to: 'STA0', if: (_, e) => e.result === 'affirmative', do: (m, e) => m.sendRLRE(e.result) }),
  on('A-RELEASE.response', 'STA6', { to: 'STA3', if: (_, e) => e.result === 'affirmative', do: (m, e) => m.sendRLRE(e.result) }),
  on('A-RELEASE.response', 'STA4', { to: 'STA5', do: (m, e) => m.sendRLRE(e.result) }),
  on('RLRQ', 'STA3', { to: 'STA6', if: m => m.association.role === 'initiator', do: (_, e) => e.indication }), // p2
  on('RLRQ', 'STA3', { to: 'STA7', do: (_, e) => e.indication }),
  on('RLRQ', 'STA5', { to: 'STA4', do: (_, e) => e.indication }),
  on('RLRE+', 'STA3', { to: 'STA0', do: (_, e) => e.confirm }),
  on('RLRE+', 'STA7', { to: 'STA4', do: (_, e) => e.confirm }),
  on('RLRE-', 'STA3', { to: 'STA5', do: (_, e) => e.confirm }),

  // A19–A39: the three ways of an abrupt end
  on('A-ABORT.request', begun, { to: 'STA0', do: (m, e) => m.sendABRT(e) }),
  on('ABRT', begun, { to: 'STA0', do: (_, e) => e.indication }),
  on('P-P-ABORT.indication', begun, { to: 'STA0', do: (m, e) => m.providerAbort(e) }),

  // 7.3.3.4. In STA0 it is a broken AARQ: the peer is told, nobody here is.
  on('protocol error', begun, { to: 'STA0', do: (m, e) => m.abortByProvider(e) }),
  on('protocol error', 'STA0', { do: m => m.sendProviderABRT() }),
])
