import { hex, Sdu, unhex } from '@x/core'
import { FakeProvider, type JoinedOptions, joinedChannels, recordDeliveries } from '@x/core/testing'
import { type NetworkDelivery, type NetworkSubmit, TpktMachine } from '@x/tpkt'
import { TransportMachine } from '../src/machine.js'
import type { TransportOptions } from '../src/options.js'
import type { TransportDelivery } from '../src/service.js'
import type { TransportState } from '../src/states.js'

/** Octets that the tests of the machine exchange; we are 0001, the peer is 0002. Segments of 1024. */
export const CR_FROM_PEER = '11 e0 00 00 00 02 00 c0 01 0a c1 02 00 0a c2 02 00 0b'
export const CR_OURS = '11 e0 00 00 00 01 00 c0 01 0a c1 02 00 0a c2 02 00 0b'
export const CC_FROM_PEER = '11 d0 00 01 00 02 00 c0 01 0a c1 02 00 0a c2 02 00 0b'
export const CC_OURS = '11 d0 00 02 00 01 00 c0 01 0a c1 02 00 0a c2 02 00 0b'
export const CALLING = { transportSelector: unhex('00 0a') }
export const CALLED = { transportSelector: unhex('00 0b') }

/** One machine between two players: `feed` is the peer, `delivered` what our user hears, `sent` what leaves. */
export function transport(options: TransportOptions = {}) {
  const network = new FakeProvider<NetworkSubmit, NetworkDelivery>()
  const machine = new TransportMachine(network, { reference: 1, tpduSize: 1024, ...options })
  const delivered = recordDeliveries(machine)
  const harness = {
    machine,
    delivered,
    network,
    get sent(): readonly NetworkSubmit[] {
      return network.submitted
    },
    /** TPDUs as hex, the close of the network connection as `close`; forgets them. */
    take: () => network.take().map(written),
    feed: (octets: Uint8Array | string) =>
      network.deliver({ type: 'N-DATA.indication', userData: typeof octets === 'string' ? unhex(octets) : octets }),
    send: (octets: Uint8Array | string) =>
      machine.submit({ type: 'T-DATA.request', userData: Sdu.of(typeof octets === 'string' ? unhex(octets) : octets) }),
    /** By legal steps; what was sent and delivered on the way is forgotten. */
    to: (state: TransportState | 'OPEN, we asked') => {
      if (state === 'WFCC' || state === 'OPEN, we asked') machine.submit({ type: 'T-CONNECT.request', called: CALLED, calling: CALLING })
      if (state === 'OPEN, we asked') harness.feed(CC_FROM_PEER)
      if (state === 'WFTRESP' || state === 'OPEN') harness.feed(CR_FROM_PEER)
      if (state === 'OPEN') machine.submit({ type: 'T-CONNECT.response' })
      network.take()
      delivered.length = 0
      return harness
    },
  }
  return harness
}

export function written(primitive: NetworkSubmit): string {
  return primitive.type === 'N-DISCONNECT.request' ? 'close' : hex(primitive.userData.octets())
}

/** Deliveries in short, to compare whole dialogues. */
export function heard(delivery: TransportDelivery): string {
  if (delivery.type === 'T-DATA.indication') return `data ${hex(delivery.userData)}`
  if (delivery.type === 'T-DISCONNECT.indication') {
    return `disconnect by ${delivery.by}${delivery.reason === undefined ? '' : `, reason ${delivery.reason}`}${delivery.cause ? `, ${delivery.cause.code}` : ''}`
  }
  return delivery.type
}

/** Two whole sides, COTP over TPKT, on channels joined in memory. */
export function joined(options: { left?: TransportOptions; right?: TransportOptions; channels?: JoinedOptions } = {}) {
  const { a, b } = joinedChannels(options.channels)
  const left = new TransportMachine(new TpktMachine(a), { reference: 1, ...options.left })
  const right = new TransportMachine(new TpktMachine(b), { reference: 2, ...options.right })
  return { left, right, a, b }
}
