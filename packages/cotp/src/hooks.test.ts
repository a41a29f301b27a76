import { hex, Sdu, UsageError, unhex } from '@x/core'
import { joinedChannels, recordDeliveries } from '@x/core/testing'
import { type NetworkDelivery, TpktMachine } from '@x/tpkt'
import { describe, expect, test } from 'vitest'
import { CC_FROM_PEER, CR_FROM_PEER, heard, joined, transport } from '../test/harness.js'
import { TransportMachine } from './machine.js'

/** What `onTpdu` is told, as lines. */
function listening() {
  const seen: string[] = []
  return { seen, onTpdu: (way: 'in' | 'out', octets: Uint8Array) => seen.push(`${way} ${hex(octets)}`) }
}

describe('C-12: raw TPDUs', () => {
  test('every TPDU is seen both ways, in order, each segment by itself, broken ones too', () => {
    const { seen, onTpdu } = listening()
    const { machine, feed } = transport({ onTpdu, tpduSize: 128 })
    feed(CR_FROM_PEER)
    machine.submit({ type: 'T-CONNECT.response' })
    machine.submit({ type: 'T-DATA.request', userData: Sdu.of(new Uint8Array(126)) })
    feed('02 f0 80 aa')
    feed('02 30 80')
    expect(seen).toEqual([
      `in ${CR_FROM_PEER}`,
      'out 11 d0 00 02 00 01 00 c0 01 07 c1 02 00 0a c2 02 00 0b',
      `out 02 f0 00 ${'00 '.repeat(124)}00`,
      'out 02 f0 80 00',
      'in 02 f0 80 aa',
      'in 02 30 80',
      'out 08 70 00 02 02 c1 02 02 30',
    ])
  })

  test('what was seen going out stays as it was, although the layers below write in front of it', () => {
    const seen: Uint8Array[] = []
    const { left, right } = joined({ left: { onTpdu: (_, octets) => seen.push(octets), tpduSize: 128 } })
    right.onDeliver = delivery => {
      if (delivery.type === 'T-CONNECT.indication') right.submit({ type: 'T-CONNECT.response' })
    }
    left.submit({ type: 'T-CONNECT.request' })
    for (let i = 0; i < 50; i++) left.submit({ type: 'T-DATA.request', userData: Sdu.of(new Uint8Array(200).fill(i)) })
    expect(seen.slice(2).map(octets => octets[3])).toEqual(Array.from({ length: 100 }, (_, i) => i >> 1))
  })

  test.each(['CLOSED', 'WFCC', 'WFTRESP', 'OPEN'] as const)('any TPDU, typed or as octets, leaves in %s past the table', state => {
    const { machine, take } = transport().to(state)
    machine.sendTpdu({ type: 'AK', destinationReference: 2, number: 5, credit: 1, parameters: [] })
    machine.sendTpdu(unhex('ff ff ff'))
    expect([machine.state, take()]).toEqual([state, ['04 61 00 02 05', 'ff ff ff']])
  })

  test('not over a network connection that is gone', () => {
    const { machine, network } = transport().to('OPEN')
    network.deliver({ type: 'N-DISCONNECT.indication' })
    expect(() => machine.sendTpdu(unhex('02 f0 80 01'))).toThrow(UsageError)
  })

  test('C-08: connect with any CR at all: sent raw, its answer is seen', () => {
    const { seen, onTpdu } = listening()
    const { machine, feed, take } = transport({ onTpdu })
    machine.sendTpdu(unhex('05 e0 00 00 00 01'))
    expect(take()).toEqual(['05 e0 00 00 00 01'])
    feed('04 70 00 01 00')
    expect(seen).toEqual(['out 05 e0 00 00 00 01', 'in 04 70 00 01 00'])
    expect(machine.state).toBe('CLOSED')
  })
})

describe('C-03: other classes are proposed only when asked to', () => {
  const proposing = () =>
    transport({
      amendCR: request => ({
        ...request,
        class: 4,
        parameters: [...request.parameters, { type: 'alternativeClasses', value: [0] }],
      }),
    })

  test('a peer that chooses class 0 is honoured, and one that insists on class 4 is left, since it is not implemented', () => {
    const honoured = proposing()
    honoured.machine.submit({ type: 'T-CONNECT.request' })
    expect(honoured.take()).toEqual(['0c e0 00 00 00 01 40 c0 01 0a c7 01 00'])
    honoured.feed(CC_FROM_PEER)
    expect(honoured.machine.state).toBe('OPEN')
    const refused = proposing()
    refused.machine.submit({ type: 'T-CONNECT.request' })
    refused.feed('06 d0 00 01 00 02 40')
    expect(refused.delivered.map(heard)).toEqual(['disconnect by local provider, COTP_VALUE'])
  })

  test('by default class 0 is all that is offered', () => {
    const { machine, take } = transport()
    machine.submit({ type: 'T-CONNECT.request' })
    expect(take()).toEqual(['09 e0 00 00 00 01 00 c0 01 0a'])
  })
})

describe('RT-04: longest packet, by phase', () => {
  const open = (options: ConstructorParameters<typeof TransportMachine>[1], maxLength?: number) => {
    const { a, b } = joinedChannels()
    const network = new TpktMachine(b, maxLength === undefined ? {} : { maxLength })
    const machine = new TransportMachine(network, { reference: 2, ...options })
    const delivered = recordDeliveries(machine, delivery => {
      if (delivery.type === 'T-CONNECT.indication') machine.submit({ type: 'T-CONNECT.response' })
    })
    const connect = () => a.write(unhex('03 00 00 0e 09 e0 00 00 00 01 00 c0 01 0a'))
    return { a, network, machine, delivered, connect }
  }

  test('16 KiB before the connection; then what was agreed for a strict side, any for one that takes long DTs', () => {
    for (const [options, later] of [
      [{ strict: true }, 1_024 + 4],
      [{}, 65_535],
    ] as const) {
      const { network, connect } = open(options)
      expect(network.maxLength).toBe(16_384)
      connect()
      expect(network.maxLength).toBe(later)
    }
  })

  test('a connection that is asked for is not open yet: 16 KiB until the CC', () => {
    const { a, b } = joinedChannels()
    const network = new TpktMachine(b)
    const machine = new TransportMachine(network)
    a.write(unhex('03 00 00 0e 09 e0 00 00 00 01 00 c0 01 0a'))
    expect([machine.state, network.maxLength]).toEqual(['WFTRESP', 16_384])
    machine.submit({ type: 'T-CONNECT.response' })
    expect([machine.state, network.maxLength]).toEqual(['OPEN', 65_535])
  })

  test('a limit that the network service came with is never raised', () => {
    const { network, connect } = open({}, 2_000)
    expect(network.maxLength).toBe(2_000)
    connect()
    expect(network.maxLength).toBe(2_000)
  })

  test('a longer packet is closed before its body comes', () => {
    const early = open({})
    early.a.write(unhex('03 00 40 01'))
    expect(early.machine).toMatchObject({ networkOpen: false, fault: { code: 'TPKT_LENGTH' } })
    const late = open({ strict: true })
    late.connect()
    late.a.write(unhex('03 00 04 05'))
    expect(late.delivered.map(heard)).toEqual(['T-CONNECT.indication', 'disconnect by local provider, TPKT_LENGTH'])
  })

  test('a network service without such a limit is left alone', () => {
    const { network } = transport({ strict: true }).to('OPEN')
    expect('maxLength' in network).toBe(false)
    expect(network satisfies { onDeliver: (delivery: NetworkDelivery) => void }).toBeDefined()
  })
})
