export {
  type Channel,
  type ChannelEdge,
  type ChannelKeeper,
  type ChannelReader,
  type ChannelSecurity,
  type NetworkAddress,
  type PeerCertificate,
  readFrom,
} from './channel.js'
export {
  AbortedError,
  type By,
  DecodeError,
  type DecodeErrorOptions,
  DisconnectedError,
  EncodeError,
  type EncodeErrorOptions,
  type Layer,
  OsiError,
  type OsiErrorOptions,
  OutcomeError,
  type OutcomeErrorOptions,
  RefusedError,
  RejectedError,
  ReleasedError,
  ServiceError,
  TimeoutError,
  UsageError,
} from './errors.js'
export { Explainer, renderTable, type Span } from './explain.js'
export { Machine } from './machine.js'
export { NumberMap } from './number-map.js'
export { hex, OctetReader, Sdu, sameOctets, unhex } from './octets.js'
export { owned } from './owned.js'
export { ISO_TSAP_PORT, ISO_TSAP_TLS_PORT } from './ports.js'
export { remembered } from './remembered.js'
export {
  AccessPoint,
  hearFrom,
  type Primitive,
  type See,
  type SeenAt,
  type ServiceProvider,
  type ServiceUser,
  seen,
  tap,
  unheard,
} from './service.js'
export { shared } from './shared.js'
export { type AnyRow, type Cell, type Row, rowsFor, StateTable } from './state-table.js'
export type { Timers } from './timers.js'
