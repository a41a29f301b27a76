import type { OsiError, Sdu, ServiceProvider } from '@x/core'

export { ISO_TSAP_PORT as DEFAULT_PORT, ISO_TSAP_TLS_PORT as DEFAULT_TLS_PORT } from '@x/core'

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
