export { ISO_TSAP_PORT, ISO_TSAP_TLS_PORT } from '../ports.js'
export { addressText, hostAndPort, networkAddress } from './address.js'
export { type AdmissionOptions, heapAbove, type RefusalReason, type Refusals } from './admission.js'
export { type ConnectTcpOptions, connectSocket, connectTcp } from './connect.js'
export { type CloseOptions, type ListenTcpOptions, listenSockets, listenTcp, type OnRefused, type TcpListener } from './listener.js'
export { serveTcp } from './serve.js'
export { type SocketOptions, socketChannel } from './socket-channel.js'
export {
  type ChannelTransport,
  type ConnectChannelOptions,
  connectChannel,
  type ListenChannelOptions,
  listenChannel,
} from './transport.js'
