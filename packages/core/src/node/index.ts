export { type OnRefused, serveTcp } from './serve.js'
export { socketChannel } from './socket-channel.js'
export {
  type ConnectTcpOptions,
  connectSocket,
  connectTcp,
  ISO_TSAP_PORT,
  type ListenTcpOptions,
  listenSockets,
  listenTcp,
  type TcpListener,
} from './tcp.js'
export {
  type ChannelTransport,
  type ConnectChannelOptions,
  connectChannel,
  type ListenChannelOptions,
  listenChannel,
} from './transport.js'
