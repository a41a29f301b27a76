import type {
  AAbortIndication,
  AAssociateConfirm,
  AAssociateIndication,
  AAssociateRequest,
  AAssociateResponse,
  APAbortIndication,
} from '@x/acse'
import type { By, OsiError, ServiceProvider } from '@x/core'
import type { InitiateRequestPDU, InitiateResponsePDU } from './asn1/environment.js'
import type { ServiceError } from './asn1/error.js'
import type { Modifier, RejectReason } from './asn1/pdu.js'
import type { AdditionalServiceName } from './service-names.js'
import type { ConfirmedRequest, ConfirmedResponse, UnconfirmedRequest } from './services.js'

/**
 * The MMS service. ISO 9506-1 has a primitive for each service; since all confirmed services share one procedure, they are
 * one primitive here, with the service's name beside the argument, and so are the unconfirmed ones.
 */
export type MmsSubmit =
  | MInitiateRequest
  | MInitiateResponse
  | MConfirmedRequest
  | MConfirmedResponse
  | MUnconfirmedRequest
  | MCancelRequest
  | MCancelResponse
  | MConcludeRequest
  | MConcludeResponse
  | MRejectRequest
  | MAbortRequest
export type MmsDelivery =
  | MInitiateIndication
  | MInitiateConfirm
  | MConfirmedIndication
  | MConfirmedConfirm
  | MUnconfirmedIndication
  | MCancelIndication
  | MCancelConfirm
  | MConcludeIndication
  | MConcludeConfirm
  | MReleaseIndication
  | MRejectIndication
  | MAbortIndication
export type MmsService = ServiceProvider<MmsSubmit, MmsDelivery>

/** What the association below is asked for, besides what MMS fills in itself. */
export type AssociationRequest = Partial<Omit<AAssociateRequest, 'type' | 'userInformation'>>
export type AssociationResponse = Partial<Omit<AAssociateResponse, 'type' | 'userInformation' | 'result'>>

/** What both sides may do after an initiate: the outcome of ISO 9506-1, 8.2, seen from this side. */
export interface Negotiated {
  /** Largest MMS PDU each way, in octets (localDetail). */
  readonly maxPduSize: number
  /** Confirmed requests that this side may have open. */
  readonly maxServOutstandingOwn: number
  /** Confirmed requests that the peer may have open. */
  readonly maxServOutstandingPeer: number
  /** Levels of structure and array in data; 0: simple types only. */
  readonly dataStructureNestingLevel: number
  /** Minor version in force. */
  readonly versionNumber: number
  /** Parameter conformance building blocks in force, by name, such as `str1`. */
  readonly parameterCBB: readonly string[]
  /** Services that the peer says it serves, by name. */
  readonly servicesSupportedPeer: readonly string[]
  /** Services that this side has announced. */
  readonly servicesSupportedOwn: readonly string[]
  /** Services inside additionalService that the peer says it serves. */
  readonly additionalSupportedPeer: readonly AdditionalServiceName[]
  /** Additional building blocks in force: display enhancements, nested event condition lists. */
  readonly additionalCBB: readonly string[]
}

export interface MInitiateRequest {
  readonly type: 'M-INITIATE.request'
  readonly initiate: InitiateRequestPDU
  readonly association?: AssociationRequest
}

export interface MInitiateIndication {
  readonly type: 'M-INITIATE.indication'
  readonly initiate: InitiateRequestPDU
  readonly association: AAssociateIndication
}

export type MInitiateResponse =
  | {
      readonly type: 'M-INITIATE.response'
      readonly result: 'accepted'
      /** @default the answer that `negotiation.ts` gives for this side's parameters */
      readonly initiate?: InitiateResponsePDU
      readonly association?: AssociationResponse
    }
  | {
      readonly type: 'M-INITIATE.response'
      readonly result: 'rejected'
      /** Permanent unless it says otherwise. */
      readonly transient?: boolean
      /** Why MMS refuses: an initiate-ErrorPDU. Absent: the association alone is refused, see `association.diagnostic`. */
      readonly error?: ServiceError
      readonly association?: AssociationResponse
    }

export type MInitiateConfirm =
  | {
      readonly type: 'M-INITIATE.confirm'
      readonly result: 'accepted'
      readonly initiate: InitiateResponsePDU
      readonly negotiated: Negotiated
      readonly association: AAssociateConfirm
    }
  | {
      readonly type: 'M-INITIATE.confirm'
      readonly result: 'rejected'
      /** Present when the peer's MMS refused; absent when the association was refused. */
      readonly error?: ServiceError
      readonly association: AAssociateConfirm
    }

/** A confirmed service request. The invoke identifier must not be open already. */
export type MConfirmedRequest = ConfirmedRequest & {
  readonly type: 'M-CONFIRMED.request'
  readonly invokeID: number
  readonly listOfModifiers?: readonly Modifier[]
  /** What `csr` and `cspi` add to a request: a Request-Detail, see `asn1/detail.ts`. */
  readonly serviceExt?: Uint8Array
}
export type MConfirmedIndication = ConfirmedRequest & {
  readonly type: 'M-CONFIRMED.indication'
  readonly invokeID: number
  readonly listOfModifiers?: readonly Modifier[]
  readonly serviceExt?: Uint8Array
}

export type MConfirmedResponse =
  | (ConfirmedResponse & { readonly type: 'M-CONFIRMED.response'; readonly invokeID: number; readonly serviceExt?: Uint8Array })
  | { readonly type: 'M-CONFIRMED.response'; readonly invokeID: number; readonly error: ServiceError; readonly modifierPosition?: number }

/** How a request of this side ended: with a response, with an error of the service, or with a reject. */
export type MConfirmedConfirm =
  | (ConfirmedResponse & {
      readonly type: 'M-CONFIRMED.confirm'
      readonly invokeID: number
      readonly result: 'response'
      readonly serviceExt?: Uint8Array
    })
  | {
      readonly type: 'M-CONFIRMED.confirm'
      readonly invokeID: number
      readonly result: 'error'
      readonly error: ServiceError
      readonly modifierPosition?: number
    }
  | { readonly type: 'M-CONFIRMED.confirm'; readonly invokeID: number; readonly result: 'reject'; readonly rejectReason: RejectReason }
  /** The answer came but could not be read; the peer has been told by a reject. */
  | { readonly type: 'M-CONFIRMED.confirm'; readonly invokeID: number; readonly result: 'unreadable'; readonly cause: OsiError }

export type MUnconfirmedRequest = UnconfirmedRequest & { readonly type: 'M-UNCONFIRMED.request'; readonly serviceExt?: Uint8Array }
export type MUnconfirmedIndication = UnconfirmedRequest & { readonly type: 'M-UNCONFIRMED.indication'; readonly serviceExt?: Uint8Array }

export interface MCancelRequest {
  readonly type: 'M-CANCEL.request'
  /** Of the request to be cancelled. */
  readonly originalInvokeID: number
}
export interface MCancelIndication {
  readonly type: 'M-CANCEL.indication'
  readonly originalInvokeID: number
}
export interface MCancelResponse {
  readonly type: 'M-CANCEL.response'
  readonly originalInvokeID: number
  /** Absent: cancelled; the request itself must then be answered with the error service-preempt, cancel. */
  readonly error?: ServiceError
}
export interface MCancelConfirm {
  readonly type: 'M-CANCEL.confirm'
  readonly originalInvokeID: number
  readonly error?: ServiceError
}

export interface MConcludeRequest {
  readonly type: 'M-CONCLUDE.request'
}
export interface MConcludeIndication {
  readonly type: 'M-CONCLUDE.indication'
}
export interface MConcludeResponse {
  readonly type: 'M-CONCLUDE.response'
  /** Absent: concluded. */
  readonly error?: ServiceError
}
/** Positive: the association has been released, too. */
export interface MConcludeConfirm {
  readonly type: 'M-CONCLUDE.confirm'
  /** Why the peer refused; the environment goes on. */
  readonly error?: ServiceError
}

/** The peer has released the association, after a conclude or without one, and it has been answered. */
export interface MReleaseIndication {
  readonly type: 'M-RELEASE.indication'
}

/** A reject that ends no request of this side: of a response of ours, of an unconfirmed PDU, or without an invoke identifier. */
export interface MRejectIndication {
  readonly type: 'M-REJECT.indication'
  readonly originalInvokeID?: number
  readonly rejectReason: RejectReason
}

/** The server found a request's argument wrong in a way that the codec cannot see, such as counts that differ. Ends the request. */
export interface MRejectRequest {
  readonly type: 'M-REJECT.request'
  readonly originalInvokeID: number
  readonly rejectReason: RejectReason
}

export interface MAbortRequest {
  readonly type: 'M-ABORT.request'
}
export interface MAbortIndication {
  readonly type: 'M-ABORT.indication'
  readonly by: By
  readonly cause?: OsiError
  /** The ending of the association that led to it; absent when MMS itself aborted. */
  readonly lower?: AAbortIndication | APAbortIndication
}
