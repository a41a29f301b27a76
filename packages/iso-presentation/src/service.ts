import type { By, OsiError, Sdu, ServiceProvider } from '@x/core'
import type { SConnectIndication, SConnectRequest, SessionAddress, SessionConnectionIdentifier } from '@x/iso-session'

/** The presentation service: kernel and context management, in normal mode and X.410-1984 mode. X.216 as X.226, 6 uses it. */
export type PresentationSubmit =
  | PConnectRequest
  | PConnectResponse
  | PDataRequest
  | PDataListRequest
  | PTypedDataRequest
  | PTokenGiveRequest
  | PTokenPleaseRequest
  | PAlterContextRequest
  | PAlterContextResponse
  | PReleaseRequest
  | PReleaseResponse
  | PUAbortRequest
  | PPAbortRequest
export type PresentationDelivery =
  | PConnectIndication
  | PConnectConfirm
  | PDataIndication
  | PTypedDataIndication
  | PTokenGiveIndication
  | PTokenPleaseIndication
  | PAlterContextIndication
  | PAlterContextConfirm
  | PReleaseIndication
  | PReleaseConfirm
  | PUAbortIndication
  | PPAbortIndication
export type PresentationService = ServiceProvider<PresentationSubmit, PresentationDelivery>

/** A presentation address: the selector, and the session address below it. */
export interface PresentationAddress extends SessionAddress {
  /** Any octets, 0 to 16 accepted; absent or empty: none is sent. */
  readonly presentationSelector?: Uint8Array
}

/** One PDV-list: values of one presentation context. X.226, 8.4.2. */
export interface PresentationDataValues {
  /** 0: the default context, which has no identifier on the wire; it serves when no context is defined (X.226, 6.1). */
  readonly presentationContextIdentifier: number
  /** Dotted object identifier; only in a CP whose context was proposed with several. @default the first of those proposed */
  readonly transferSyntaxName?: string
  /** X.226, 8.4.2.5. @default 'single-ASN1-type' */
  readonly encoding?: 'single-ASN1-type' | 'octet-aligned' | 'arbitrary'
  /** The encoded value or values. Delivered: a view. */
  readonly octets: Uint8Array
  /** `arbitrary` only: bits of the last octet that are not used. @default 0 */
  readonly unusedBits?: number
}

/** One item of a presentation context definition or addition list. X.226, 6.2.2.7 and 6.5.2.1. */
export interface PresentationContext {
  /** Odd when the initiator of the connection gives it, even when the responder does; never used before on the connection. */
  readonly presentationContextIdentifier: number
  /** Dotted object identifier. */
  readonly abstractSyntaxName: string
  /** Dotted object identifiers, at least one. */
  readonly transferSyntaxNameList: readonly string[]
}

/** The default context of X.226, 6.2.2.8: one abstract syntax in one transfer syntax, both dotted object identifiers. */
export interface DefaultContextName {
  readonly abstractSyntaxName: string
  readonly transferSyntaxName: string
}

/** X.226, 6.5.3.2. */
export type PresentationContextDeletionResult = 'acceptance' | 'user-rejection'

/** X.226, 8.2. */
export type PresentationMode = 'normal' | 'x410-1984'

/** One item of a presentation context definition result list, in the order of the list it answers. X.226, 6.2.3.5. */
export type PresentationContextResult =
  | { readonly result: 'acceptance'; readonly transferSyntaxName: string }
  | { readonly result: 'user-rejection' }
  /** 0 not specified, 1 abstract syntax, 2 transfer syntaxes, 3 local limit on the DCS. X.226, 8.2. */
  | { readonly result: 'provider-rejection'; readonly providerReason: number }

export interface PConnectRequest {
  readonly type: 'P-CONNECT.request'
  /**
   * X.226, 8.2. In X.410-1984 mode there are no contexts, selectors, default context or functional units, and user data is one
   * value of the default context, 0: the components of the RTSE APDU one after the other. @default 'normal'
   */
  readonly mode?: PresentationMode
  readonly called?: PresentationAddress
  readonly calling?: PresentationAddress
  readonly presentationContextDefinitionList: readonly PresentationContext[]
  readonly defaultContextName?: DefaultContextName
  /** Functional units: 1 context management. @default 0, the kernel alone */
  readonly presentationRequirements?: number
  /** Functional units as the bits of the session's PI 20. @default duplex */
  readonly sessionRequirements?: number
  /** Where each session token starts. @default all here */
  readonly initialTokens?: SConnectRequest['initialTokens']
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
  readonly userData?: readonly PresentationDataValues[]
  /** The same values once more, each list in other transfer syntaxes: CPC values, of which the peer reads what it can.
   *  X.226, 8.2. Only with a context definition list */
  readonly alternativeUserData?: readonly (readonly PresentationDataValues[])[]
}

export interface PConnectIndication {
  readonly type: 'P-CONNECT.indication'
  /** Absent: normal mode. */
  readonly mode?: 'x410-1984'
  readonly called: PresentationAddress
  readonly calling: PresentationAddress
  readonly presentationContextDefinitionList: readonly PresentationContext[]
  /** What this provider makes of each context; the response may refuse more, never accept one refused here. */
  readonly presentationContextDefinitionResultList: readonly PresentationContextResult[]
  /** Named by the peer and supported here; a user without use for it ignores it. */
  readonly defaultContextName?: DefaultContextName
  /** Functional units that the peer wants and this provider has: 1 context management. Absent: the kernel alone. */
  readonly presentationRequirements?: number
  /** What the peer's user wants, as the bits of the session's PI 20. */
  readonly sessionRequirements: number
  readonly initialTokens?: SConnectIndication['initialTokens']
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
  readonly sessionVersion: 1 | 2
  readonly userData: readonly PresentationDataValues[]
}

export type PConnectResponse =
  | {
      readonly type: 'P-CONNECT.response'
      readonly result: 'acceptance'
      readonly responding?: PresentationAddress
      /** @default the list of the indication */
      readonly presentationContextDefinitionResultList?: readonly PresentationContextResult[]
      /** Functional units of the indication that this user wants too. @default 0, the kernel alone */
      readonly presentationRequirements?: number
      /** @default what the session makes of the proposal; with context management (half-)duplex and typed data */
      readonly sessionRequirements?: number
      /** Where the session tokens start that were left to this side, and those that this side asks for at once. */
      readonly initialTokens?: SConnectRequest['initialTokens']
      readonly pleaseTokens?: number
      readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
      readonly userData?: readonly PresentationDataValues[]
    }
  | {
      readonly type: 'P-CONNECT.response'
      readonly result: 'user-rejection'
      readonly responding?: PresentationAddress
      /** @default the list of the indication: contexts it accepts may carry `userData` */
      readonly presentationContextDefinitionResultList?: readonly PresentationContextResult[]
      /** Says that the default context is why. X.226, 6.2.6.2. */
      readonly defaultContextResult?: 'user-rejection'
      readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
      readonly userData?: readonly PresentationDataValues[]
    }

export type PConnectConfirm =
  | {
      readonly type: 'P-CONNECT.confirm'
      readonly result: 'acceptance'
      readonly responding: PresentationAddress
      /** The proposed list and what was answered to each item. */
      readonly presentationContextDefinitionList: readonly PresentationContext[]
      readonly presentationContextDefinitionResultList: readonly PresentationContextResult[]
      /** Functional units in force: 1 context management. Absent: the kernel alone. */
      readonly presentationRequirements?: number
      /** Units that both users require, as the bits of the session's PI 20. */
      readonly sessionRequirements: number
      /** Session tokens that this side holds. */
      readonly ownedTokens?: number
      readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
      readonly sessionVersion: 1 | 2
      readonly userData: readonly PresentationDataValues[]
    }
  | {
      readonly type: 'P-CONNECT.confirm'
      readonly result: 'user-rejection' | 'provider-rejection'
      /** Which layer refused: the session, or presentation. */
      readonly layer: 'session' | 'presentation'
      readonly by: By
      /** Provider-reason of the CPR (X.226, 6.2.4.9), or the session's refuse reason when `layer` is session. */
      readonly providerReason?: number
      readonly responding?: PresentationAddress
      readonly presentationContextDefinitionResultList?: readonly PresentationContextResult[]
      readonly defaultContextResult?: 'acceptance' | 'user-rejection' | 'provider-rejection'
      /** Whom this side had called, and what it had proposed. */
      readonly called?: PresentationAddress
      readonly presentationContextDefinitionList?: readonly PresentationContext[]
      readonly userData: readonly PresentationDataValues[]
      readonly cause?: OsiError
    }

/** The usual case: one value of one context, BER. */
export interface PDataRequest {
  readonly type: 'P-DATA.request'
  readonly presentationContextIdentifier: number
  readonly userData: Sdu
}

/** Any number of values, of several contexts and in any encoding, in one P-DATA. */
export interface PDataListRequest {
  readonly type: 'P-DATA.request'
  readonly presentationContextIdentifier?: undefined
  /** At least one. */
  readonly userData: readonly PresentationDataValues[]
}

export interface PDataIndication {
  readonly type: 'P-DATA.indication'
  readonly userData: readonly PresentationDataValues[]
}

/** Needs the session's functional unit typed data, required by both users. X.226, 6.6.3.2. */
export interface PTypedDataRequest {
  readonly type: 'P-TYPED-DATA.request'
  /** At least one. */
  readonly userData: readonly PresentationDataValues[]
}

export interface PTypedDataIndication {
  readonly type: 'P-TYPED-DATA.indication'
  readonly userData: readonly PresentationDataValues[]
}

/** X.226, 6.7: the session's tokens, with user data of ours. */
export interface PTokenGiveRequest {
  readonly type: 'P-TOKEN-GIVE.request'
  /** Bits of the session's `Token`. */
  readonly tokens: number
  readonly userData?: readonly PresentationDataValues[]
}

export interface PTokenGiveIndication {
  readonly type: 'P-TOKEN-GIVE.indication'
  readonly tokens: number
  readonly userData: readonly PresentationDataValues[]
}

export interface PTokenPleaseRequest {
  readonly type: 'P-TOKEN-PLEASE.request'
  /** Bits of the session's `Token`. */
  readonly tokens: number
  readonly userData?: readonly PresentationDataValues[]
}

export interface PTokenPleaseIndication {
  readonly type: 'P-TOKEN-PLEASE.indication'
  readonly tokens: number
  readonly userData: readonly PresentationDataValues[]
}

/** X.226, 6.5: changes the DCS of an open connection. Needs context management, and one request at a time from each side. */
export interface PAlterContextRequest {
  readonly type: 'P-ALTER-CONTEXT.request'
  /** See `proposeContexts` for identifiers. @default none */
  readonly presentationContextAdditionList?: readonly PresentationContext[]
  /** Identifiers of the DCS. @default none */
  readonly presentationContextDeletionList?: readonly number[]
  /** Of the DCS as it is; contexts that are to be deleted may be used for the last time. */
  readonly userData?: readonly PresentationDataValues[]
}

export interface PAlterContextIndication {
  readonly type: 'P-ALTER-CONTEXT.indication'
  readonly presentationContextAdditionList: readonly PresentationContext[]
  /** What this provider makes of each; the response may refuse more, never accept one refused here. */
  readonly presentationContextAdditionResultList: readonly PresentationContextResult[]
  readonly presentationContextDeletionList: readonly number[]
  readonly userData: readonly PresentationDataValues[]
}

export interface PAlterContextResponse {
  readonly type: 'P-ALTER-CONTEXT.response'
  /** @default the list of the indication */
  readonly presentationContextAdditionResultList?: readonly PresentationContextResult[]
  /** @default every deletion is accepted */
  readonly presentationContextDeletionResultList?: readonly PresentationContextDeletionResult[]
  /** Of the DCS that results. */
  readonly userData?: readonly PresentationDataValues[]
}

export interface PAlterContextConfirm {
  readonly type: 'P-ALTER-CONTEXT.confirm'
  /** What was asked, and what was answered to each. */
  readonly presentationContextAdditionList: readonly PresentationContext[]
  readonly presentationContextAdditionResultList: readonly PresentationContextResult[]
  readonly presentationContextDeletionList: readonly number[]
  readonly presentationContextDeletionResultList: readonly PresentationContextDeletionResult[]
  readonly userData: readonly PresentationDataValues[]
}

export interface PReleaseRequest {
  readonly type: 'P-RELEASE.request'
  readonly userData?: readonly PresentationDataValues[]
}

export interface PReleaseIndication {
  readonly type: 'P-RELEASE.indication'
  readonly userData: readonly PresentationDataValues[]
}

export interface PReleaseResponse {
  readonly type: 'P-RELEASE.response'
  readonly result: 'affirmative' | 'negative'
  readonly userData?: readonly PresentationDataValues[]
}

export interface PReleaseConfirm {
  readonly type: 'P-RELEASE.confirm'
  readonly result: 'affirmative' | 'negative'
  readonly userData: readonly PresentationDataValues[]
}

export interface PUAbortRequest {
  readonly type: 'P-U-ABORT.request'
  readonly userData?: readonly PresentationDataValues[]
}

/** How the user of this layer reports octets that are no valid value of their abstract syntax. X.226, 6.4.4.3: ARP and the end. */
export interface PPAbortRequest {
  readonly type: 'P-P-ABORT.request'
  /** Abort-reason. @default 6, invalid-ppdu-parameter-value */
  readonly abortReason?: number
  /** Event-identifier. @default 7, td-PPDU */
  readonly eventIdentifier?: number
}

export interface PUAbortIndication {
  readonly type: 'P-U-ABORT.indication'
  readonly userData: readonly PresentationDataValues[]
}

export interface PPAbortIndication {
  readonly type: 'P-P-ABORT.indication'
  readonly by: By
  /** X.226, 6.4.3.1; absent when the session ended it. */
  readonly abortReason?: number
  readonly eventIdentifier?: number
  readonly cause?: OsiError
}
