import type { OsiError, Sdu, ServiceProvider } from '@x/core'

/** The TCP port of RFC 1006 and RFC 2126. Any other port conforms too (RFC 2126, 1). */
export const DEFAULT_PORT = 102
/** The TCP port of the same over TLS, as IEC 62351-4 uses it. */
export const DEFAULT_TLS_PORT = 3782

/** The network service as TCP gives it. RFC 1006, 5; RFC 2126, 3.2.3. The connection is open before the machine is made. */
export type NetworkSubmit = NDataRequest | NDisconnectRequest
export type NetworkDelivery = NDataIndication | NDisconnectIndication
export interface NetworkService extends ServiceProvider<NetworkSubmit, NetworkDelivery> {
  /** Longest packet taken from now on, header included, in octets: its user lowers it, and raises it once the peer is known. Absent: no such limit. */
  maxLength?: number
}

/** One NSDU, which is one TPDU. */
export interface NDataRequest {
  readonly type: 'N-DATA.request'
  readonly userData: Sdu
}

/** Close the network connection; what has been submitted before is still sent. */
export interface NDisconnectRequest {
  readonly type: 'N-DISCONNECT.request'
}

export interface NDataIndication {
  readonly type: 'N-DATA.indication'
  /** One TPDU: a view. */
  readonly userData: Uint8Array
}

/** The network connection is gone: the peer closed, it failed, or its octets were no TPKT. */
export interface NDisconnectIndication {
  readonly type: 'N-DISCONNECT.indication'
  /** Absent after an orderly close by the peer. */
  readonly cause?: OsiError
}
