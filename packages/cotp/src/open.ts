import { type By, type Channel, DisconnectedError, type OutcomeError, ReleasedError, remembered, Sdu, type See, seen } from '@x/core'
import { Connection, type ConnectionOptions, DataConnection, refusalIn, type Shape, systemTimers, withCause } from '@x/core/async'
import { TpktMachine, type TpktOptions } from '@x/tpkt'
import { TransportMachine, type TransportOptions } from './machine.js'
import { describeDisconnectReason } from './reasons.js'
import { formatSelector } from './selector.js'
import type {
  TConnectConfirm,
  TConnectIndication,
  TDisconnectIndication,
  TransportAddress,
  TransportDelivery,
  TransportSubmit,
} from './service.js'

/** One open transport connection: `send` a TSDU, iterate the peer's. */
export class TransportConnection<Opened = TConnectConfirm | TConnectIndication> extends DataConnection<
  TransportSubmit,
  TransportDelivery,
  Opened
> {
  /** The machine below: sizes, references and selectors agreed, what was tolerated, raw TPDUs for test tools. */
  readonly machine: TransportMachine

  constructor(connection: Connection<TransportSubmit, TransportDelivery>, opened: Opened, machine: TransportMachine) {
    super(connection, opened, DATA)
    this.machine = machine
  }

  /** Sends one TSDU; resolves at once, or when the channel has room again. @param octets at least one */
  override send(octets: Uint8Array): Promise<void> {
    // What is cut into segments is copied there, before this returns.
    if (octets.length < this.machine.tpduSize) return super.send(octets)
    return this.connection.send({ type: 'T-DATA.request', userData: Sdu.within(octets, 0, 0, octets.length) })
  }
}

/** Options of the machines below the door. */
export interface TransportStackOptions {
  /** @default packets may take 10 s, with the timers of the platform */
  readonly network?: TpktOptions
  /** @default TSDUs may take 30 s, with the timers of the platform */
  readonly transport?: TransportOptions
  /** Told of what crosses every access point of the stack; see `See` of `@x/core`. @default nobody, at no cost */
  readonly see?: See
}

export interface OpenTransportOptions extends ConnectionOptions, TransportStackOptions {
  readonly called?: TransportAddress
  readonly calling?: TransportAddress
}

/** The options of a side that listens: a peer that sends nothing at all is given up after ten seconds. */
export const asResponder: <O extends TransportStackOptions>(options: O) => O = remembered((options: TransportStackOptions) => ({
  ...options,
  network: { firstOctetTimeout: 10_000, ...options.network },
})) as <O extends TransportStackOptions>(options: O) => O

const NO_OPTIONS = {}
/** Of the options of a layer, so that all who have none of their own share settings, too. */
const timedNetwork = remembered((network: TpktOptions): TpktOptions => ({ timers: systemTimers, ...network }))
const timedTransport = remembered((transport: TransportOptions): TransportOptions => ({ timers: systemTimers, ...transport }))

/** COTP over TPKT over a channel. */
export function transportStack(channel: Channel, options: TransportStackOptions = NO_OPTIONS): TransportMachine {
  const network = new TpktMachine(channel, timedNetwork(options.network ?? NO_OPTIONS))
  const transport = new TransportMachine(seen(network, 'tpkt', options.see), timedTransport(options.transport ?? NO_OPTIONS))
  // A channel that was given objects asks them itself.
  if (channel.reader !== network || options.see) channel.whyClosed = () => network.fault ?? transport.fault
  return transport
}

/** `transportShape.keep` copies what readers get, so that the machine may use its buffers again. */
const forReaders = remembered((options: TransportStackOptions) => ({
  ...options,
  network: { reuseBuffers: true, ...options.network },
  transport: { reuseBuffers: true, ...options.transport },
}))

/** Connects over an open channel. @throws RefusedError with the DR reason, TimeoutError, DisconnectedError, the signal's reason */
export async function openTransport(
  channel: Channel,
  options: OpenTransportOptions = NO_OPTIONS,
): Promise<TransportConnection<TConnectConfirm>> {
  const machine = transportStack(channel, forReaders(options))
  const { connection, confirm } = await Connection.open(
    machine,
    channel,
    transportShape,
    {
      type: 'T-CONNECT.request',
      ...(options.called === undefined ? {} : { called: options.called }),
      ...(options.calling === undefined ? {} : { calling: options.calling }),
    },
    { progress: () => progressOf(machine), ...options },
  )
  return new TransportConnection(connection, confirm as TConnectConfirm, machine)
}

/**
 * Waits for a peer to connect over a channel that has arrived.
 * @param decide the response; a T-DISCONNECT.request refuses. Which reason a refusal carries is decided by `transport.accept`. @default accepts
 */
export async function acceptTransport(
  channel: Channel,
  options: ConnectionOptions & TransportStackOptions = NO_OPTIONS,
  decide: (indication: TConnectIndication) => TransportSubmit | Promise<TransportSubmit> = () => ({ type: 'T-CONNECT.response' }),
): Promise<TransportConnection<TConnectIndication>> {
  const machine = transportStack(channel, forReaders(asResponder(options)))
  const { connection, indication } = await Connection.accept(
    machine,
    channel,
    transportShape,
    delivery => decide(delivery as TConnectIndication),
    { progress: () => progressOf(machine), ...options },
  )
  return new TransportConnection(connection, indication as TConnectIndication, machine)
}

/** Where an opening stands, for people. */
function progressOf({ state, called }: TransportMachine): string {
  if (state === 'WFCC') {
    return `the peer took the network connection, and did not answer the connection request to TSAP-ID ${formatSelector(called.transportSelector)}`
  }
  return state === 'WFTRESP' ? 'the user has not answered the connection request' : 'no connection request came'
}

const DATA = {
  request: (userData: Sdu): TransportSubmit => ({
    type: 'T-DATA.request',
    userData,
  }),
  octets: (delivery: TransportDelivery) => (delivery.type === 'T-DATA.indication' ? delivery.userData : undefined),
}

/** What the async edge must know of the transport service. Class 0 has no orderly release: closing is disconnecting. */
export const transportShape: Shape<TransportSubmit, TransportDelivery> = {
  layer: 'cotp',
  isConnectIndication: delivery => delivery.type === 'T-CONNECT.indication',
  isConnectConfirm: delivery => delivery.type === 'T-CONNECT.confirm',
  accepts: response => response.type === 'T-CONNECT.response',
  endedBy: (delivery, opening) => (delivery.type === 'T-DISCONNECT.indication' ? disconnected(delivery, opening) : undefined),
  abort: () => ({ type: 'T-DISCONNECT.request' }),
  keep: delivery => (delivery.type === 'T-DATA.indication' ? { ...delivery, userData: delivery.userData.slice() } : delivery),
}

/** How a T-DISCONNECT.indication reads as an error. @param opening the connection was not open yet, so a DR or ER refuses it */
export function disconnected({ reason, by, cause }: TDisconnectIndication, opening: boolean): OutcomeError {
  const options: { by: By; reason?: number; cause?: unknown } = {
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
  }
  if (opening) {
    const text =
      cause === undefined
        ? reason !== undefined
          ? `the ${by} gave up the connection it asked for: ${describeDisconnectReason(reason)} (DR reason ${reason})`
          : `the ${by} closed the network connection instead of answering the connection request: some peers do so when they do not know the TSAP-ID, or have no room`
        : `no transport connection: ${cause.message}`
    return refusalIn(cause) ?? new DisconnectedError('cotp', 'COTP_NOT_CONNECTED', text, options)
  }
  if (cause === undefined) {
    const why = reason === undefined ? '' : `: ${describeDisconnectReason(reason)} (DR reason ${reason})`
    return new ReleasedError('cotp', 'COTP_CLOSED', `the ${by} closed the transport connection${why}`, options)
  }
  return new DisconnectedError('cotp', 'COTP_DISCONNECTED', withCause('the transport connection was lost', cause), options)
}
