import type { By, OsiError, Sdu, ServiceProvider } from '@x/core'

/** The transport service. X.214 as X.224, Table 1 uses it. */
export type TransportSubmit = TConnectRequest | TConnectResponse | TDataRequest | TDisconnectRequest
export type TransportDelivery = TConnectIndication | TConnectConfirm | TDataIndication | TDisconnectIndication
export type TransportService = ServiceProvider<TransportSubmit, TransportDelivery>

/** A transport address without its network part. */
export interface TransportAddress {
  /** TSAP-ID, any octets; absent: none is sent. A length of 0 is a nil selector. */
  readonly transportSelector?: Uint8Array
}

export interface TConnectRequest {
  readonly type: 'T-CONNECT.request'
  readonly called?: TransportAddress
  readonly calling?: TransportAddress
}

export interface TConnectIndication {
  readonly type: 'T-CONNECT.indication'
  readonly called: TransportAddress
  readonly calling: TransportAddress
  /** Not of class 0; RFC 1006 allows it. The session layer ignores it. */
  readonly userData?: Uint8Array
}

export interface TConnectResponse {
  readonly type: 'T-CONNECT.response'
  /** @default the called address of the indication */
  readonly responding?: TransportAddress
}

export interface TConnectConfirm {
  readonly type: 'T-CONNECT.confirm'
  /** Empty when the CC names none. */
  readonly responding: TransportAddress
}

export interface TDataRequest {
  readonly type: 'T-DATA.request'
  /** One TSDU, at least one octet. */
  readonly userData: Sdu
}

export interface TDataIndication {
  readonly type: 'T-DATA.indication'
  /** One whole TSDU: a view, valid for good, or an own buffer when it came in segments. */
  readonly userData: Uint8Array
}

export interface TDisconnectRequest {
  readonly type: 'T-DISCONNECT.request'
}

export interface TDisconnectIndication {
  readonly type: 'T-DISCONNECT.indication'
  /** DR reason, X.224, 13.5.3; absent when no DR said one. */
  readonly reason?: number
  readonly by: By
  /** What a DR said beside its reason. X.224, 13.5.4 a): E0. */
  readonly additionalInformation?: Uint8Array
  /** User data of a DR: not of class 0, but some peers send it. */
  readonly userData?: Uint8Array
  /** What led to it: the peer's ER, a protocol error we found, the loss of the network connection. Absent after an orderly close. */
  readonly cause?: OsiError
}
