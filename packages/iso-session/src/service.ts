import type { By, OsiError, Sdu, ServiceProvider } from '@x/core'
import type { TransportAddress } from '@x/cotp'
import type { TokenSetting } from './values.js'

/**
 * The session service: kernel with duplex or half-duplex, negotiated release and typed data. X.215 as X.225, 5 to 7 uses it.
 * Functional units are bits of `FunctionalUnit`, tokens bits of `Token`.
 */
export type SessionSubmit =
  | SConnectRequest
  | SConnectResponse
  | SDataRequest
  | STypedDataRequest
  | STokenGiveRequest
  | STokenPleaseRequest
  | SReleaseRequest
  | SReleaseResponse
  | SUAbortRequest
export type SessionDelivery =
  | SConnectIndication
  | SConnectConfirm
  | SDataIndication
  | STypedDataIndication
  | STokenGiveIndication
  | STokenPleaseIndication
  | SReleaseIndication
  | SReleaseConfirm
  | SUAbortIndication
  | SPAbortIndication
export type SessionService = ServiceProvider<SessionSubmit, SessionDelivery>

/** A session address: the selector, and the transport address below it. */
export interface SessionAddress extends TransportAddress {
  /** 0 to 16 octets; absent or empty: none is sent (X.225, 8.2.6). */
  readonly sessionSelector?: Uint8Array
}

/** No effect on the protocol. X.225, 8.3.1.2. */
export interface SessionConnectionIdentifier {
  /** Calling (CN) or called (AC, RF) SS-user reference, up to 64 octets. */
  readonly ssUserReference?: Uint8Array
  /** Up to 64 octets. */
  readonly commonReference?: Uint8Array
  /** Up to 4 octets. */
  readonly additionalReferenceInformation?: Uint8Array
}

export interface SConnectRequest {
  readonly type: 'S-CONNECT.request'
  readonly called?: SessionAddress
  readonly calling?: SessionAddress
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
  /** Functional units as the bits of PI 20. @default duplex alone, 0x0002 */
  readonly sessionRequirements?: number
  /** Where each token starts; `called user's choice` leaves it to the response. X.225, 5.8.2. @default all at the initiator */
  readonly initialTokens?: Partial<TokenSetting>
  /** Up to 512 octets; when version 1 is not proposed 10 240, or the option `maxUserData` if that is more. */
  readonly userData?: Uint8Array
}

export interface SConnectIndication {
  readonly type: 'S-CONNECT.indication'
  readonly called: SessionAddress
  readonly calling: SessionAddress
  readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
  /** What the peer proposed. */
  readonly sessionRequirements: number
  /** The version that an acceptance will use. */
  readonly version: 1 | 2
  /** Where the peer puts the tokens; absent when no unit that both have comes with one. */
  readonly initialTokens?: TokenSetting
  /** Empty when the CN carried none. */
  readonly userData: Uint8Array
}

export type SConnectResponse =
  | {
      readonly type: 'S-CONNECT.response'
      readonly result: 'accept'
      readonly responding?: SessionAddress
      readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
      /** Never both half-duplex and duplex. @default what the CN proposed and this side has; duplex where it may be either */
      readonly sessionRequirements?: number
      /** Where the tokens start that the CN left to the called user. @default at the initiator */
      readonly initialTokens?: Partial<TokenSetting>
      /** Tokens asked for at once: an S-TOKEN-PLEASE.indication behind the confirm. X.225, 7.4.3. */
      readonly pleaseTokens?: number
      readonly userData?: Uint8Array
    }
  | {
      readonly type: 'S-CONNECT.response'
      readonly result: 'reject'
      /** X.225, 8.3.5.10: 0 no reason, 1 congestion, 2 with user data. @default 2 when there is user data, else 0 */
      readonly reason?: 0 | 1 | 2
      readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
      readonly userData?: Uint8Array
    }

export type SConnectConfirm =
  | {
      readonly type: 'S-CONNECT.confirm'
      readonly result: 'accept'
      readonly responding: SessionAddress
      readonly sessionConnectionIdentifier?: SessionConnectionIdentifier
      /** The functional units selected. */
      readonly sessionRequirements: number
      /** Tokens this side holds; absent when the units selected come with none. */
      readonly ownedTokens?: number
      readonly version: 1 | 2
      readonly userData: Uint8Array
    }
  | {
      readonly type: 'S-CONNECT.confirm'
      readonly result: 'reject'
      /** `peer`: the called SS-user (reasons 0 to 2); `peer provider`: its SPM (128 and above). */
      readonly by: By
      /** X.225, 8.3.5.10. */
      readonly reason: number
      /** The RF named no reason: `reason` is 0 then, which is not what it said. */
      readonly withoutReason?: true
      readonly responding: SessionAddress
      /** Functional units and versions (the bits of PI 20 and 22) that the RF says would do. */
      readonly sessionRequirements?: number
      readonly versions?: number
      /** What our CN proposed, in the same bits. */
      readonly offered?: { readonly sessionRequirements: number; readonly versions: number }
      readonly userData: Uint8Array
    }

export interface SDataRequest {
  readonly type: 'S-DATA.request'
  /** One SSDU, at least one octet. */
  readonly userData: Sdu
}

export interface SDataIndication {
  readonly type: 'S-DATA.indication'
  /** One whole SSDU: a view, valid for good. */
  readonly userData: Uint8Array
}

/** Typed data: not bound to the data token. Needs the typed data functional unit. */
export interface STypedDataRequest {
  readonly type: 'S-TYPED-DATA.request'
  /** One SSDU, at least one octet. */
  readonly userData: Sdu
}

export interface STypedDataIndication {
  readonly type: 'S-TYPED-DATA.indication'
  /** One whole SSDU: a view, valid for good. */
  readonly userData: Uint8Array
}

/** Gives tokens that this side holds. */
export interface STokenGiveRequest {
  readonly type: 'S-TOKEN-GIVE.request'
  /** At least one bit of `Token`. */
  readonly tokens: number
  /** Only in version 2. X.225, 8.3.16.5. */
  readonly userData?: Uint8Array
}

export interface STokenGiveIndication {
  readonly type: 'S-TOKEN-GIVE.indication'
  readonly tokens: number
  readonly userData: Uint8Array
}

/** Asks for tokens. Moves none: the peer answers with S-TOKEN-GIVE, or not. */
export interface STokenPleaseRequest {
  readonly type: 'S-TOKEN-PLEASE.request'
  /** At least one bit of `Token`. */
  readonly tokens: number
  /** Up to 512 octets in version 1. */
  readonly userData?: Uint8Array
}

export interface STokenPleaseIndication {
  readonly type: 'S-TOKEN-PLEASE.indication'
  readonly tokens: number
  readonly userData: Uint8Array
}

export interface SReleaseRequest {
  readonly type: 'S-RELEASE.request'
  readonly userData?: Uint8Array
}

export interface SReleaseIndication {
  readonly type: 'S-RELEASE.indication'
  readonly userData: Uint8Array
}

export interface SReleaseResponse {
  readonly type: 'S-RELEASE.response'
  /** `negative` only with the negotiated release functional unit. */
  readonly result: 'affirmative' | 'negative'
  readonly userData?: Uint8Array
}

export interface SReleaseConfirm {
  readonly type: 'S-RELEASE.confirm'
  readonly result: 'affirmative' | 'negative'
  readonly userData: Uint8Array
}

export interface SUAbortRequest {
  readonly type: 'S-U-ABORT.request'
  readonly userData?: Uint8Array
}

export interface SUAbortIndication {
  readonly type: 'S-U-ABORT.indication'
  readonly userData: Uint8Array
}

/** The session ended by a provider: the peer's, ours, or the transport. */
export interface SPAbortIndication {
  readonly type: 'S-P-ABORT.indication'
  readonly by: By
  /** PI 17 of the AB received, X.225, 8.3.9.3; absent when no AB came. */
  readonly transportDisconnect?: number
  /** What the AB gave back of what it objects to: of the peer's own choice, up to 9 octets. X.225, 8.3.9.5. */
  readonly reflectParameterValues?: Uint8Array
  /** The protocol error we found, or why the transport is gone. */
  readonly cause?: OsiError
}
