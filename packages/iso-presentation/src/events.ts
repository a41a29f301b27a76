import type { OsiError } from '@x/core'
import type { SConnectConfirm, SConnectIndication, SPAbortIndication } from '@x/iso-session'
import type { Alteration } from './alteration.js'
import type { IdentifierListItem } from './asn1.js'
import type { DefinedContextSet } from './contexts.js'
import type { CPRValue } from './ppdu.js'
import type {
  PAlterContextRequest,
  PAlterContextResponse,
  PConnectIndication,
  PConnectRequest,
  PConnectResponse,
  PDataListRequest,
  PDataRequest,
  PPAbortRequest,
  PReleaseRequest,
  PReleaseResponse,
  PresentationAddress,
  PresentationContextDeletionResult,
  PresentationContextResult,
  PresentationDataValues,
  PTokenGiveRequest,
  PTokenPleaseRequest,
  PTypedDataRequest,
  PUAbortRequest,
} from './service.js'

/** X.226, Table A.17: STAI0 idle, no connection · STAI1 await CPA · STAI2 await P-CONNECT response · STAt0 connected · STAac0
 *  await ACA · STAac1 await P-ALTER-CONTEXT response · STAac2 await both. */
export type PresentationState = 'STAI0' | 'STAI1' | 'STAI2' | 'STAt0' | 'STAac0' | 'STAac1' | 'STAac2'

/** A request or response whose PPDU is encoded already: what has no encoding never reaches the table. */
type Encoded<P> = P & { readonly ppdu: Uint8Array }

/** Why this provider cannot do what is asked: code and text of a usage error. */
export interface Problem {
  readonly code: string
  readonly text: string
}

export type ConnectRequestEvent = Encoded<PConnectRequest> & {
  /** Session units that the user may come to have: not those that only this provider asks for. Bits of PI 20. */
  readonly units: number
  readonly problem?: Problem | undefined
}
export type ConnectResponseEvent = Encoded<PConnectResponse> & {
  /** The result list, with the default filled in. */
  readonly results: readonly PresentationContextResult[]
  /** What results: the contexts accepted. */
  readonly set: DefinedContextSet
  /** Context management is required. */
  readonly managed: boolean
  /** Session units that both users require. Bits of PI 20. */
  readonly units: number
  readonly problem?: Problem | undefined
}
export type AlterRequestEvent = Encoded<PAlterContextRequest> & {
  readonly alteration: Alteration
  readonly problem?: Problem | undefined
}
export type AlterResponseEvent = Encoded<PAlterContextResponse> & {
  /** What results: the DCS without the deletions and with the additions accepted. */
  readonly set: DefinedContextSet
  readonly problem?: Problem | undefined
}
export type AbortRequestEvent = Encoded<PUAbortRequest> & {
  /** The same ARU without user data, for a session that has no room. X.226, 6.4.2.2. */
  readonly bare: Uint8Array
}

/** A CP that can be answered. X.226, 6.2.5. */
export interface CPEvent {
  readonly type: 'CP'
  readonly session: SConnectIndication
  /** The CPR to send: predicate p01, p02 or p22 is false. */
  readonly refusal?: CPRValue
  /** What the user will be told; absent when the CP did not come so far. */
  readonly indication?: PConnectIndication
}

/** X.226, 6.2.5.8. */
export interface CPAEvent {
  readonly type: 'CPA'
  readonly session: Extract<SConnectConfirm, { result: 'accept' }>
  readonly responding: PresentationAddress
  readonly results: readonly PresentationContextResult[]
  /** The contexts accepted. */
  readonly set: DefinedContextSet
  /** Both sides require context management. */
  readonly managed: boolean
  /** User session requirements, where they differ from those of the session. */
  readonly units?: number
  readonly values: readonly PresentationDataValues[]
}

/** X.226, 6.2.5.7. */
export interface CPREvent {
  readonly type: 'CPR'
  readonly session: Extract<SConnectConfirm, { result: 'reject' }>
  readonly responding: PresentationAddress
  readonly results?: readonly PresentationContextResult[]
  /** The contexts its values must be from. */
  readonly set: ReadonlyMap<number, unknown>
  readonly defaultContextResult?: 'acceptance' | 'user-rejection' | 'provider-rejection'
  readonly providerReason?: number
  readonly values: readonly PresentationDataValues[]
}

/** S-CONcnf–: refused below, or by a user of the session that sent no CPR. X.226, 7.1.3.2. */
export interface SessionRefusedEvent {
  readonly type: 'S-CONNECT.confirm'
  readonly session: Extract<SConnectConfirm, { result: 'reject' }>
  readonly cause?: OsiError
}

export interface TDEvent {
  readonly type: 'TD'
  readonly values: readonly PresentationDataValues[]
}

export interface TTDEvent {
  readonly type: 'TTD'
  readonly values: readonly PresentationDataValues[]
}

/** X.226, 6.7. */
export interface TokenGivenEvent {
  readonly type: 'S-TOKEN-GIVE.indication'
  readonly tokens: number
  readonly values: readonly PresentationDataValues[]
}
export interface TokenPleasedEvent {
  readonly type: 'S-TOKEN-PLEASE.indication'
  readonly tokens: number
  readonly values: readonly PresentationDataValues[]
}

/** X.226, 6.5.2. */
export interface ACEvent {
  readonly type: 'AC'
  readonly alteration: Alteration & { readonly marked: readonly PresentationContextResult[] }
  readonly values: readonly PresentationDataValues[]
}

/** X.226, 6.5.3. */
export interface ACAEvent {
  readonly type: 'ACA'
  readonly results: readonly PresentationContextResult[]
  readonly deletionResults: readonly PresentationContextDeletionResult[]
  /** The DCS that results. */
  readonly set: DefinedContextSet
  readonly values: readonly PresentationDataValues[]
}

export interface ReleaseIndicationEvent {
  readonly type: 'S-RELEASE.indication'
  readonly values: readonly PresentationDataValues[]
}

export interface ReleaseConfirmEvent {
  readonly type: 'S-RELEASE.confirm'
  readonly result: 'affirmative' | 'negative'
  readonly values: readonly PresentationDataValues[]
}

export interface ARUEvent {
  readonly type: 'ARU'
  readonly identifierList?: readonly IdentifierListItem[]
  /** Predicate p21, or its tolerance: the identifier list names the context of each value. */
  readonly identified: boolean
  readonly values: readonly PresentationDataValues[]
}

export interface ARPEvent {
  readonly type: 'ARP'
  readonly abortReason?: number
  readonly eventIdentifier?: number
}

/** An invalid PPDU or an invalid intersection: X.226, A.4.1.2 and A.4.3.2. */
export interface ProtocolErrorEvent {
  readonly type: 'protocol error'
  readonly abortReason: number
  readonly eventIdentifier?: number
  /** The event itself ended the session connection: there is nobody to send an ARP to. */
  readonly gone: boolean
  readonly cause: OsiError
}

export type DataListEvent = Encoded<PDataListRequest>
/** One value of one context, in an Sdu; else a list of values. */
export function isOne(e: PDataRequest | DataListEvent): e is PDataRequest {
  return e.presentationContextIdentifier !== undefined
}
export type TypedDataEvent = Encoded<PTypedDataRequest>
export type TokenGiveEvent = Encoded<PTokenGiveRequest>
export type TokenPleaseEvent = Encoded<PTokenPleaseRequest>
export type ReleaseRequestEvent = Encoded<PReleaseRequest>
export type ReleaseResponseEvent = Encoded<PReleaseResponse>

/** From above. */
export type RequestEvent =
  | ConnectRequestEvent
  | ConnectResponseEvent
  | PDataRequest
  | DataListEvent
  | TypedDataEvent
  | TokenGiveEvent
  | TokenPleaseEvent
  | AlterRequestEvent
  | AlterResponseEvent
  | ReleaseRequestEvent
  | ReleaseResponseEvent
  | AbortRequestEvent
  | PPAbortRequest

export type PresentationEvent =
  | RequestEvent
  | CPEvent
  | CPAEvent
  | CPREvent
  | SessionRefusedEvent
  | TDEvent
  | TTDEvent
  | TokenGivenEvent
  | TokenPleasedEvent
  | ACEvent
  | ACAEvent
  | ReleaseIndicationEvent
  | ReleaseConfirmEvent
  | ARUEvent
  | ARPEvent
  | SPAbortIndication
  | ProtocolErrorEvent
