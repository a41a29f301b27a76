import type { By, OsiError, ServiceProvider } from '@x/core'
import type {
  DefaultContextName,
  PConnectRequest,
  PDataIndication,
  PDataRequest,
  PresentationAddress,
  PresentationContext,
  PresentationContextResult,
  PresentationDataValues,
} from '@x/iso-presentation'

/** The association service, with the data of the presentation service passing through. X.217 as X.227, 7 uses it. */
export type AssociationSubmit = AAssociateRequest | AAssociateResponse | AReleaseRequest | AReleaseResponse | AAbortRequest | PDataRequest
export type AssociationDelivery =
  | AAssociateIndication
  | AAssociateConfirm
  | AReleaseIndication
  | AReleaseConfirm
  | AAbortIndication
  | APAbortIndication
  | PDataIndication
export type AssociationService = ServiceProvider<AssociationSubmit, AssociationDelivery>

/** Passes through ACSE and presentation. X.225, 8.3.1. */
export type SessionConnectionIdentifier = NonNullable<PConnectRequest['sessionConnectionIdentifier']>

/** One RDN: a set of attribute type (dotted object identifier) and value (BER octets). X.501. */
export type RelativeDistinguishedName = readonly { readonly type: string; readonly value: Uint8Array }[]
/** Form 2, the usual one: a dotted object identifier. Form 1: a directory name. X.227, 9. */
export type ApTitle = string | readonly RelativeDistinguishedName[]
/** Form 2: an integer. Form 1: a relative distinguished name. */
export type AeQualifier = number | RelativeDistinguishedName

/** The names of an application entity; each part is optional. */
export interface ApplicationEntity {
  readonly apTitle?: ApTitle
  readonly aeQualifier?: AeQualifier
  readonly apInvocationIdentifier?: number
  readonly aeInvocationIdentifier?: number
}

/** One EXTERNAL of user information. X.690, 8.18; X.680, 37. */
export interface AssociationInformation extends Omit<PresentationDataValues, 'presentationContextIdentifier' | 'transferSyntaxName'> {
  /** Dotted object identifier of the transfer syntax, while contexts are being negotiated. */
  readonly directReference?: string
  /** The presentation context identifier. */
  readonly indirectReference?: number
  /** A text that ACSE gives no meaning. */
  readonly dataValueDescriptor?: string
}

/** X.227, 9: what a mechanism proves itself with. */
export type AuthenticationValue =
  | { readonly type: 'charstring'; readonly value: string }
  | { readonly type: 'bitstring'; readonly value: { readonly octets: Uint8Array; readonly size: number } }
  | { readonly type: 'external'; readonly value: AssociationInformation }
  | { readonly type: 'other'; readonly value: { readonly mechanismName: string; readonly value: Uint8Array } }

/** The authentication functional unit, one direction. X.227, 8 of the standards notes. */
export interface Authentication {
  /** Dotted object identifier; absent: agreed beforehand. */
  readonly mechanismName?: string
  readonly authenticationValue?: AuthenticationValue
}

export interface AAssociateRequest {
  readonly type: 'A-ASSOCIATE.request'
  /** Dotted object identifier. */
  readonly applicationContextName: string
  /** Asks for the application context negotiation functional unit. */
  readonly applicationContextNameList?: readonly string[]
  readonly calling?: ApplicationEntity
  readonly called?: ApplicationEntity
  /** Asks for the authentication functional unit. */
  readonly authentication?: Authentication
  readonly implementationInformation?: string
  readonly userInformation?: readonly AssociationInformation[]
  readonly calledPresentationAddress?: PresentationAddress
  readonly callingPresentationAddress?: PresentationAddress
  /** Must hold a context for ACSE, 2.2.1.0.1. */
  readonly presentationContextDefinitionList: readonly PresentationContext[]
  readonly defaultContextName?: DefaultContextName
  /** Goes through to presentation. */
  readonly presentationRequirements?: number
  /** Goes through to session: its functional units, as the bits of PI 20. @default duplex */
  readonly sessionRequirements?: number
  /** Goes through to session. */
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
}

export interface AAssociateIndication {
  readonly type: 'A-ASSOCIATE.indication'
  readonly applicationContextName: string
  readonly applicationContextNameList?: readonly string[]
  readonly calling: ApplicationEntity
  readonly called: ApplicationEntity
  /** Present when the peer asked for the authentication functional unit. */
  readonly authentication?: Authentication
  readonly implementationInformation?: string
  readonly userInformation: readonly AssociationInformation[]
  readonly calledPresentationAddress: PresentationAddress
  readonly callingPresentationAddress: PresentationAddress
  readonly presentationContextDefinitionList: readonly PresentationContext[]
  readonly presentationContextDefinitionResultList: readonly PresentationContextResult[]
  readonly defaultContextName?: DefaultContextName
  /** Functional units of session that the peer wants, as the bits of PI 20. */
  readonly sessionRequirements?: number
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
}

export interface AAssociateResponse {
  readonly type: 'A-ASSOCIATE.response'
  /** X.227, 9: accepted, rejected-permanent, rejected-transient. */
  readonly result: 'accepted' | 'rejected-permanent' | 'rejected-transient'
  /** Rejected only: in whose name. X.227, 7.1.5.8.1 has the user's alone; for users who keep house for the provider, such as a server that is full.
   *  @default 'acse-service-user' */
  readonly resultSource?: 'acse-service-user' | 'acse-service-provider'
  /** Associate-source-diagnostic of that source. @default 0, null */
  readonly diagnostic?: number
  /** @default the one of the indication */
  readonly applicationContextName?: string
  /** Rejected only, with the negotiation functional unit: what this side supports. */
  readonly applicationContextNameList?: readonly string[]
  readonly responding?: ApplicationEntity
  readonly authentication?: Authentication
  readonly implementationInformation?: string
  readonly userInformation?: readonly AssociationInformation[]
  readonly respondingPresentationAddress?: PresentationAddress
  /** @default that of the indication */
  readonly presentationContextDefinitionResultList?: readonly PresentationContextResult[]
  /** Rejected only: says that the default context is why. X.226, 6.2.6.2. */
  readonly defaultContextResult?: 'user-rejection'
  /** Accepted only; goes through to session. */
  readonly sessionRequirements?: number
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
}

export interface AAssociateConfirm {
  readonly type: 'A-ASSOCIATE.confirm'
  readonly result: 'accepted' | 'rejected-permanent' | 'rejected-transient'
  readonly resultSource: 'acse-service-user' | 'acse-service-provider' | 'presentation-service-provider'
  /** Associate-source-diagnostic of that source; absent when null or when no AARE came. */
  readonly diagnostic?: number
  readonly applicationContextName: string
  readonly applicationContextNameList?: readonly string[]
  readonly responding: ApplicationEntity
  readonly authentication?: Authentication
  readonly implementationInformation?: string
  readonly userInformation: readonly AssociationInformation[]
  readonly respondingPresentationAddress: PresentationAddress
  readonly presentationContextDefinitionList: readonly PresentationContext[]
  readonly presentationContextDefinitionResultList: readonly PresentationContextResult[]
  readonly defaultContextResult?: 'acceptance' | 'user-rejection' | 'provider-rejection'
  /** Functional units of session in force; absent when rejected. */
  readonly sessionRequirements?: number
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
  /** Why, when presentation or a layer below refused. */
  readonly cause?: OsiError
}

export interface AReleaseRequest {
  readonly type: 'A-RELEASE.request'
  /** 0 normal, 1 urgent, 30 user-defined. @default absent on the wire */
  readonly reason?: number
  readonly userInformation?: readonly AssociationInformation[]
}

export interface AReleaseIndication {
  readonly type: 'A-RELEASE.indication'
  readonly reason?: number
  readonly userInformation: readonly AssociationInformation[]
}

export interface AReleaseResponse {
  readonly type: 'A-RELEASE.response'
  readonly result: 'affirmative' | 'negative'
  /** 0 normal, 1 not-finished, 30 user-defined. */
  readonly reason?: number
  readonly userInformation?: readonly AssociationInformation[]
}

export interface AReleaseConfirm {
  readonly type: 'A-RELEASE.confirm'
  readonly result: 'affirmative' | 'negative'
  readonly reason?: number
  readonly userInformation: readonly AssociationInformation[]
}

export interface AAbortRequest {
  readonly type: 'A-ABORT.request'
  /** ABRT-diagnostic; sent only when the authentication functional unit is in force. */
  readonly diagnostic?: number
  readonly userInformation?: readonly AssociationInformation[]
}

export interface AAbortIndication {
  readonly type: 'A-ABORT.indication'
  readonly abortSource: 'acse-service-user' | 'acse-service-provider'
  readonly by: By
  readonly diagnostic?: number
  readonly userInformation: readonly AssociationInformation[]
  /** The protocol error, when our own ACPM found it. */
  readonly cause?: OsiError
}

export interface APAbortIndication {
  readonly type: 'A-P-ABORT.indication'
  readonly by: By
  /** X.226, 6.4.3.1; absent when a layer below presentation ended it. */
  readonly abortReason?: number
  readonly eventIdentifier?: number
  readonly cause?: OsiError
}
