export { type OnRefused, serveTcp } from './serve.js'
export {
  type ConnectTcpOptions,
  connectTcp,
  ISO_TSAP_PORT,
  type ListenTcpOptions,
  listenTcp,
  socketChannel,
  type TcpListener,
} from './tcp.js'
export {
  type ChannelTransport,
  type ConnectChannelOptions,
  connectChannel,
  type ListenChannelOptions,
  listenChannel,
} from './transport.js'
