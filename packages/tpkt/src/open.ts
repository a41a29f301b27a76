import { type Channel, DisconnectedError, type OutcomeError, ReleasedError, type Sdu } from '@x/core'
import { Connection, type ConnectionOptions, DataConnection, type Shape, systemTimers, withCause } from '@x/core/async'
import { TpktMachine, type TpktOptions } from './machine.js'
import type { NetworkDelivery, NetworkSubmit } from './service.js'

/** TPKTs over a channel: `send` the contents of one, iterate those of the peer's. */
export type NetworkConnection = DataConnection<NetworkSubmit, NetworkDelivery, TpktMachine>

/** Over an open channel; there is nothing to wait for. */
export function openNetwork(channel: Channel, options: ConnectionOptions & TpktOptions = {}): NetworkConnection {
  const machine = new TpktMachine(channel, { timers: systemTimers, ...options })
  return new DataConnection(Connection.over(machine, channel, networkShape, options), machine, DATA)
}

const DATA = {
  request: (userData: Sdu): NetworkSubmit => ({ type: 'N-DATA.request', userData }),
  octets: (delivery: NetworkDelivery) => (delivery.type === 'N-DATA.indication' ? delivery.userData : undefined),
}

/** What the async edge must know of the network service: it has no connect and no release of its own. */
export const networkShape: Shape<NetworkSubmit, NetworkDelivery> = {
  layer: 'tpkt',
  isConnectIndication: () => false,
  isConnectConfirm: () => false,
  accepts: () => false,
  endedBy: delivery => (delivery.type === 'N-DISCONNECT.indication' ? disconnected(delivery.cause) : undefined),
  abort: () => ({ type: 'N-DISCONNECT.request' }),
  keep: delivery => (delivery.type === 'N-DATA.indication' ? { ...delivery, userData: delivery.userData.slice() } : delivery),
}

function disconnected(cause: Extract<NetworkDelivery, { type: 'N-DISCONNECT.indication' }>['cause']): OutcomeError {
  if (cause === undefined) return new ReleasedError('tpkt', 'TPKT_CLOSED', 'the peer closed the network connection', { by: 'peer' })
  const by = cause.layer === 'tpkt' ? 'local provider' : 'peer provider'
  return new DisconnectedError('tpkt', 'TPKT_DISCONNECTED', withCause('the network connection was lost', cause), { by, cause })
}
