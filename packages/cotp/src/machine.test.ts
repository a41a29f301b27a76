import { DecodeError, DisconnectedError, Sdu, UsageError, unhex } from '@x/core'
import { HandTimers, recordDeliveries } from '@x/core/testing'
import { describeMachine } from '@x/core/testing/suite'
import { describe, expect, test } from 'vitest'
import { CALLED, CALLING, CC_FROM_PEER, CC_OURS, CR_FROM_PEER, CR_OURS, heard, joined, transport } from '../test/harness.js'
import type { TransportOptions } from './options.js'
import type { TransportDelivery, TransportSubmit } from './service.js'
import { states, type TransportState, table } from './states.js'
import { DisconnectReason } from './tpdu.js'

/** One TPDU of each type, as the peer 0002 would send it. */
const TPDUS = {
  CR: CR_FROM_PEER,
  CC: CC_FROM_PEER,
  DR: '06 80 00 01 00 02 80',
  DC: '05 c0 00 01 00 02',
  DT: '02 f0 80 01 02',
  ED: '02 10 80 01',
  AK: '04 60 00 01 05',
  EA: '04 20 00 01 05',
  RJ: '04 50 00 01 05',
  ER: '07 70 00 01 02 c1 01 11',
} as const

describeMachine<TransportState, TransportSubmit, TransportDelivery>({
  name: 'COTP class 0',
  table,
  states,
  inState: state => transport().to(state),
  fromAbove: [
    { type: 'T-CONNECT.request', called: CALLED },
    { type: 'T-CONNECT.response' },
    { type: 'T-DATA.request', userData: Sdu.of(unhex('01')) },
    { type: 'T-DISCONNECT.request' },
  ],
  fromBelow: {
    ...Object.fromEntries(Object.entries(TPDUS).map(([type, octets]) => [type, harness => harness.feed(unhex(octets))])),
    'invalid TPDU': harness => harness.feed(unhex('02 30 80')),
    'N-DISCONNECT.indication': harness => (harness as ReturnType<typeof transport>).network.deliver({ type: 'N-DISCONNECT.indication' }),
  },
  invalidFromBelow: (harness, state, event) => {
    const { take, machine, delivered } = harness as ReturnType<typeof transport>
    expect(machine.state).toBe('CLOSED')
    if (event === 'N-DISCONNECT.indication') {
      expect(delivered).toEqual([])
      expect(take()).toEqual([])
      return
    }
    // 6.22: ER where the peer's reference is known and it is no answer to an ER, then the close.
    expect(delivered.map(heard)).toEqual(['disconnect by local provider, COTP_UNEXPECTED'])
    const answered = state !== 'WFCC' && event !== 'ER'
    const firstTwo = TPDUS[event as keyof typeof TPDUS].slice(0, 5)
    const er = state === 'WFCC' && event === 'CC' ? [] : [`08 70 00 02 02 c1 02 ${firstTwo}`]
    expect(take()).toEqual([...(answered ? er : []), 'close'])
  },
  unencodable: [
    { state: 'CLOSED', primitive: { type: 'T-CONNECT.request', called: { transportSelector: new Uint8Array(120) } } },
    { state: 'WFTRESP', primitive: { type: 'T-CONNECT.response', responding: { transportSelector: new Uint8Array(120) } } },
    { state: 'OPEN', primitive: { type: 'T-DATA.request', userData: new Sdu() } },
  ],
  seeds: Object.values(TPDUS).map(octets => unhex(octets)),
  dialogue: ({ chunk, answer }) => {
    const { left, right } = joined({ ...(chunk === undefined ? {} : { channels: { chunk } }), left: { tpduSize: 128 } })
    const later: (() => void)[] = []
    const trace: string[] = []
    const react = (run: () => void) => (answer === 'inside' ? run() : later.push(run))
    recordDeliveries(right, delivery => {
      trace.push(`right ${heard(delivery)}`)
      if (delivery.type === 'T-CONNECT.indication') react(() => right.submit({ type: 'T-CONNECT.response' }))
      if (delivery.type === 'T-DATA.indication') {
        react(() => right.submit({ type: 'T-DATA.request', userData: Sdu.of(delivery.userData.slice().reverse()) }))
      }
    })
    recordDeliveries(left, delivery => {
      trace.push(`left ${heard(delivery)}`)
      if (delivery.type === 'T-CONNECT.confirm') {
        react(() => left.submit({ type: 'T-DATA.request', userData: Sdu.of(new Uint8Array(300).map((_, i) => i)) }))
      }
      if (delivery.type === 'T-DATA.indication') react(() => left.submit({ type: 'T-DISCONNECT.request' }))
    })
    left.submit({ type: 'T-CONNECT.request', called: CALLED })
    for (let run = later.shift(); run; run = later.shift()) run()
    return { trace, left: left.state, right: right.state }
  },
})

describe('we ask: X.224, 6.5', () => {
  test('CR, CC, open: what was agreed can be read', () => {
    const { machine, delivered, feed, take } = transport()
    machine.submit({ type: 'T-CONNECT.request', called: CALLED, calling: CALLING })
    expect(machine.state).toBe('WFCC')
    expect(take()).toEqual([CR_OURS])
    feed('12 d0 00 01 00 02 00 c0 01 09 c1 02 00 0a c2 03 0b 0b 0b')
    expect(machine.state).toBe('OPEN')
    expect(delivered).toEqual([{ type: 'T-CONNECT.confirm', responding: { transportSelector: unhex('0b 0b 0b') } }])
    expect(machine).toMatchObject({
      tpduSize: 512,
      receiveSize: 512,
      localReference: 1,
      remoteReference: 2,
      called: CALLED,
      calling: CALLING,
    })
  })

  test('C-06: selectors may be absent, nil, or up to 32 octets long; X.224 has no limit but the CR, so more is an option', () => {
    const sent = (called?: Uint8Array, options: TransportOptions = {}) => {
      const { machine, take } = transport(options)
      machine.submit({ type: 'T-CONNECT.request', ...(called ? { called: { transportSelector: called } } : {}) })
      return take()
    }
    expect(sent()).toEqual(['09 e0 00 00 00 01 00 c0 01 0a'])
    expect(sent(new Uint8Array())).toEqual(['0b e0 00 00 00 01 00 c0 01 0a c2 00'])
    expect(sent(new Uint8Array(32))[0]).toMatch(/^2b e0 00 00 00 01 00 c0 01 0a c2 20/)
    const refusal = { name: 'EncodeError', code: 'COTP_LENGTH' }
    expect(() => sent(new Uint8Array(33))).toThrow(expect.objectContaining({ ...refusal, message: expect.stringContaining('at most 32') }))
    expect(sent(new Uint8Array(116), { maxSelectorLength: 255 })[0]).toMatch(/^7f e0 00 00 00 01 00 c0 01 0a c2 74/)
    expect(() => sent(new Uint8Array(117), { maxSelectorLength: 255 })).toThrow(expect.objectContaining(refusal))
  })

  test('a CC that names no selector has an empty responding address', () => {
    const { delivered, feed } = transport().to('WFCC')
    feed('09 d0 00 01 00 02 00 c0 01 0a')
    expect(delivered).toEqual([{ type: 'T-CONNECT.confirm', responding: {} }])
  })

  test.each([
    ['other references', '09 d0 00 09 00 02 00 c0 01 0a', 'CC: DST-REF: expected 1 at octet 2, found 9'],
    ['expedited data nobody asked for', '0c d0 00 01 00 02 00 c0 01 0a c6 01 01', 'CC: additional options: expected no expedited data'],
    ['F0 that nobody proposed', '09 d0 00 01 00 02 00 f0 01 08', 'CC: expected no preferred maximum TPDU size'],
    [
      'a size that is none',
      '09 d0 00 01 00 02 00 c0 01 10',
      'CC: expected a value of parameter tpduSize that X.224, 13.3.4 allows, found 10',
    ],
  ])('P6 and P5: a CC of class 0 with %s is unacceptable: closed without an ER', (_, octets, message) => {
    const { machine, delivered, feed, take } = transport().to('WFCC')
    feed(octets)
    expect(machine.state).toBe('CLOSED')
    expect(delivered.map(heard)).toEqual(['disconnect by local provider, COTP_NEGOTIATION'])
    expect(machine.fault?.message).toContain(message)
    expect(take()).toEqual(['close'])
  })

  test('RC-03: a CC of another class is a protocol error: ER with the class octet, then the close', () => {
    const { delivered, feed, take } = transport().to('WFCC')
    feed('09 d0 00 01 00 02 40 c0 01 0a')
    expect(delivered.map(heard)).toEqual(['disconnect by local provider, COTP_VALUE'])
    expect(take()).toEqual(['0d 70 00 02 03 c1 07 09 d0 00 01 00 02 40', 'close'])
  })

  test('C-08, C-09: a DR refuses with its reason and whatever it says beside it', () => {
    const { machine, delivered, feed, take } = transport().to('WFCC')
    feed('0a 80 00 01 00 00 03 e0 02 68 69 aa')
    expect(machine.state).toBe('CLOSED')
    expect(delivered).toEqual([
      {
        type: 'T-DISCONNECT.indication',
        reason: DisconnectReason.addressUnknown,
        by: 'peer provider',
        additionalInformation: unhex('68 69'),
        userData: unhex('aa'),
        cause: expect.objectContaining({ name: 'RefusedError', code: 'COTP_REFUSED', reason: DisconnectReason.addressUnknown }),
      },
    ])
    expect(take()).toEqual(['close'])
  })

  test.each([
    [0, 'peer'],
    [1, 'peer provider'],
    [2, 'peer provider'],
    [128, 'peer'],
    [130, 'peer provider'],
    [255, 'peer provider'],
  ])('C-09: DR reason %i is taken as it is; it came from the %s', (reason, by) => {
    const { delivered, feed } = transport().to('WFCC')
    feed(Uint8Array.of(6, 0x80, 0, 1, 0, 0, reason))
    expect(delivered.map(heard)).toEqual([`disconnect by ${by}, reason ${reason}, COTP_REFUSED`])
  })

  test.each([
    [
      '0e 70 00 01 01 c1 08 11 e0 00 00 00 01 00 c0',
      'invalid parameter code (ER cause 1), at octet 7, tpduSize, of 11 e0 00 00 00 01 00 c0; try a smaller tpduSize',
    ],
    [
      '12 70 00 01 03 c1 0c 11 e0 00 00 00 01 00 c0 01 0a c1 02',
      'invalid parameter value (ER cause 3), at octet 11, callingTransportSelector, of 11 e0 00 00 00 01 00 c0 01 0a c1 02',
    ],
    ['0d 70 00 01 03 c1 07 11 e0 00 00 00 01 00', 'invalid parameter value (ER cause 3), at octet 6, class, of 11 e0 00 00 00 01 00'],
    ['04 70 00 00 03', 'invalid parameter value (ER cause 3)'],
    ['04 70 00 00 09', 'cause 9, not defined (ER cause 9)'],
    [`2d 70 00 00 00 c1 27 ${'00 '.repeat(39)}`, `not specified (ER cause 0), at octet 38 of ${'00 '.repeat(31)}00 …`],
  ])('C-08, C-10: an ER in answer to the CR refuses, and says what it is about: %s', (octets, text) => {
    const { machine, delivered, feed, take } = transport().to('WFCC')
    feed(octets)
    expect(delivered.map(heard)).toEqual(['disconnect by peer provider, COTP_REJECTED'])
    expect(machine.fault).toMatchObject({ name: 'RefusedError', offered: { type: 'CR' }, answered: { type: 'ER' } })
    expect(machine.fault?.message).toBe(`refused by the peer provider at transport: it rejected the connection request: ${text}`)
    expect(take()).toEqual(['close'])
  })

  test.each([
    [0, 'not specified (DR reason 0); the called TSAP-ID was 00 0b'],
    [1, 'congestion at TSAP (DR reason 1); it has no room for another connection now: close one, or try again later'],
    [2, 'session entity not attached to TSAP (DR reason 2); check the called TSAP-ID, which was 00 0b'],
    [3, 'address unknown (DR reason 3); check the called TSAP-ID, which was 00 0b'],
    [129, 'remote transport entity congested at connect time (DR reason 129); it has no room'],
    [130, 'negotiation failed: class not supported (DR reason 130); it does not serve class 0'],
    [135, 'reference overflow (DR reason 135); it has no room'],
    [77, 'reason 77, not defined (DR reason 77); the called TSAP-ID was 00 0b'],
  ])('C-09: DR reason %i reads as what happened and what to do', (reason, text) => {
    const { machine, feed } = transport().to('WFCC')
    feed(Uint8Array.of(6, 0x80, 0, 1, 0, 0, reason))
    expect(machine.fault).toMatchObject({ name: 'RefusedError', reason, offered: { type: 'CR' }, answered: { type: 'DR' } })
    expect(machine.fault?.message).toContain(text)
  })

  test('T-DISCONNECT while waiting for the CC closes without a DR', () => {
    const { machine, delivered, take } = transport().to('WFCC')
    machine.submit({ type: 'T-DISCONNECT.request' })
    expect([machine.state, delivered, take()]).toEqual(['CLOSED', [], ['close']])
  })

  test('TS1: when it is set, a peer who answers nothing is left', () => {
    const timers = new HandTimers()
    const { machine, delivered, take } = transport({ timers, ts1: 5_000 }).to('WFCC')
    timers.advance(4_999)
    expect(machine.state).toBe('WFCC')
    timers.advance(1)
    expect(machine.state).toBe('CLOSED')
    expect(delivered.map(heard)).toEqual(['disconnect by local provider, COTP_TS1'])
    expect(take()).toEqual(['close'])
  })

  test.each([
    ['CC', CC_FROM_PEER],
    ['DR', '06 80 00 01 00 00 03'],
    ['ER', '04 70 00 01 00'],
    ['invalid TPDU', '02 30 80'],
  ])('TS1 stops with the answer: %s; no timer is left', (_, octets) => {
    const timers = new HandTimers()
    const { feed } = transport({ timers, ts1: 5_000 }).to('WFCC')
    expect(timers.pending).toBe(1)
    feed(octets)
    expect(timers.pending).toBe(0)
  })

  test('TS1 is off by default, and without timers', () => {
    const timers = new HandTimers()
    transport({ timers }).to('WFCC')
    expect(timers.pending).toBe(0)
    expect(transport({ ts1: 5_000 }).to('WFCC').machine.state).toBe('WFCC')
  })

  test('C-08: a second connect while the first is under way changes nothing, not even what a refusal reports', () => {
    const { machine, feed } = transport().to('WFCC')
    expect(() => machine.submit({ type: 'T-CONNECT.request', called: { transportSelector: unhex('ff') } })).toThrow(UsageError)
    expect(machine.called).toEqual(CALLED)
    feed('06 80 00 01 00 00 03')
    expect(machine.fault?.message).toContain('which was 00 0b')
  })

  test('C-08: a second connect is a usage error, and so is one over a network connection that is gone', () => {
    const { machine, network } = transport().to('OPEN')
    expect(() => machine.submit({ type: 'T-CONNECT.request' })).toThrow(expect.objectContaining({ code: 'STATE', state: 'OPEN' }))
    const cause = new DisconnectedError('network', 'NETWORK_RESET', 'reset', { by: 'peer' })
    network.deliver({ type: 'N-DISCONNECT.indication', cause })
    expect(() => machine.submit({ type: 'T-CONNECT.request' })).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'COTP_NETWORK_CLOSED', cause }),
    )
  })

  test('C-08: `amendCR` sends any CR, and the CC is held against what it proposed', () => {
    const { machine, feed, take } = transport({
      amendCR: request => ({
        ...request,
        sourceReference: 0x1234,
        parameters: [{ type: 'tpduSize', value: 256 }, ...request.parameters.slice(1)],
      }),
    })
    machine.submit({ type: 'T-CONNECT.request' })
    expect(take()).toEqual(['09 e0 00 00 12 34 00 c0 01 08'])
    feed('09 d0 12 34 00 02 00 c0 01 08')
    expect(machine).toMatchObject({ state: 'OPEN', tpduSize: 256, localReference: 0x1234 })
  })
})

describe('the peer asks: X.224, 6.5 and 6.6', () => {
  test('CR, indication, response, CC', () => {
    const { machine, delivered, feed, take } = transport()
    feed(CR_FROM_PEER)
    expect(machine.state).toBe('WFTRESP')
    expect(delivered).toEqual([{ type: 'T-CONNECT.indication', called: CALLED, calling: CALLING }])
    expect(take()).toEqual([])
    machine.submit({ type: 'T-CONNECT.response' })
    expect(machine.state).toBe('OPEN')
    expect(take()).toEqual([CC_OURS])
    expect(machine).toMatchObject({ tpduSize: 1024, localReference: 1, remoteReference: 2, responding: CALLED })
  })

  test('the CC returns selectors only where the CR had them, another responding address when told, none when told so', () => {
    const answers = (options: Parameters<typeof transport>[0], cr: string, responding?: { transportSelector?: Uint8Array }) => {
      const { machine, feed, take } = transport(options)
      feed(cr)
      machine.submit({ type: 'T-CONNECT.response', ...(responding ? { responding } : {}) })
      return take()[0]
    }
    expect(answers({}, '09 e0 00 00 00 02 00 c0 01 0a')).toBe('09 d0 00 02 00 01 00 c0 01 0a')
    expect(answers({}, CR_FROM_PEER, { transportSelector: unhex('ff') })).toBe('10 d0 00 02 00 01 00 c0 01 0a c1 02 00 0a c2 01 ff')
    expect(answers({}, CR_FROM_PEER, {})).toBe('0d d0 00 02 00 01 00 c0 01 0a c1 02 00 0a')
    expect(answers({ echoSelectors: false }, CR_FROM_PEER)).toBe('09 d0 00 02 00 01 00 c0 01 0a')
    // A nil selector comes back as a nil selector.
    expect(answers({}, '0b e0 00 00 00 02 00 c0 01 0a c2 00')).toBe('0b d0 00 02 00 01 00 c0 01 0a c2 00')
  })

  test.each([1, 2, 3])('RC-12: `accept` sees the selectors and refuses with DR reason %i', reason => {
    const asked: unknown[] = []
    const { machine, delivered, feed, take } = transport({
      accept: request => {
        asked.push(request)
        return reason
      },
    })
    feed(CR_FROM_PEER)
    expect(asked).toEqual([{ called: CALLED, calling: CALLING }])
    expect([machine.state, delivered]).toEqual(['CLOSED', []])
    expect(take()).toEqual([`06 80 00 02 00 00 0${reason}`, 'close'])
  })

  test('a user who refuses sends DR reason 0', () => {
    const { machine, delivered, take } = transport().to('WFTRESP')
    machine.submit({ type: 'T-DISCONNECT.request' })
    expect([machine.state, delivered, take()]).toEqual(['CLOSED', [], ['06 80 00 02 00 00 00', 'close']])
  })

  test('with timers, the peer of a refused connection may close first, or ask again on the same network connection', () => {
    const timers = new HandTimers()
    let refusals = 1
    const { machine, delivered, feed, take } = transport({
      timers,
      accept: () => (refusals-- > 0 ? DisconnectReason.addressUnknown : 'accept'),
    })
    feed(CR_FROM_PEER)
    expect(take()).toEqual(['06 80 00 02 00 00 03'])
    expect(timers.pending).toBe(1)
    feed(CR_FROM_PEER)
    expect(delivered.map(heard)).toEqual(['T-CONNECT.indication'])
    expect(timers.pending).toBe(0)
    machine.submit({ type: 'T-DISCONNECT.request' })
    expect(take()).toEqual(['06 80 00 02 00 00 00'])
    timers.advance(999)
    expect(take()).toEqual([])
    timers.advance(1)
    expect([machine.state, take(), timers.pending]).toEqual(['CLOSED', ['close'], 0])
  })

  test('the refusal timer stops when the peer closes', () => {
    const timers = new HandTimers()
    const { network, take } = transport({ timers, accept: () => 1 }).to('WFTRESP')
    expect(timers.pending).toBe(1)
    network.deliver({ type: 'N-DISCONNECT.indication' })
    expect([timers.pending, take()]).toEqual([0, []])
  })

  test('P9: the duplicate of a CR of class 4 is ignored; any other CR is a protocol error (RC-06)', () => {
    for (const state of ['WFTRESP', 'OPEN'] as const) {
      const { machine, delivered, feed, take } = transport().to(state)
      feed('0c e0 00 00 00 02 40 c0 01 0a c7 01 00')
      expect([machine.state, delivered, take()]).toEqual([state, [], []])
      feed(CR_FROM_PEER)
      expect(delivered.map(heard)).toEqual(['disconnect by local provider, COTP_UNEXPECTED'])
      expect(take()).toEqual(['08 70 00 02 02 c1 02 11 e0', 'close'])
    }
  })

  test('a DR while our user thinks ends it', () => {
    const { machine, delivered, feed, take } = transport().to('WFTRESP')
    feed('06 80 00 00 00 02 80')
    expect([machine.state, delivered.map(heard), take()]).toEqual(['CLOSED', ['disconnect by peer, reason 128'], ['close']])
  })
})

describe('the end: X.224, 6.7.1.4, 6.8 and 6.22', () => {
  test.each(['WFCC', 'WFTRESP', 'OPEN'] as const)('the network connection goes in %s: in order, or with its cause', state => {
    const orderly = transport().to(state)
    orderly.network.deliver({ type: 'N-DISCONNECT.indication' })
    expect(orderly.delivered).toEqual([{ type: 'T-DISCONNECT.indication', by: 'peer' }])
    expect(orderly.take()).toEqual([])
    const lost = transport().to(state)
    const cause = new DecodeError('tpkt', 'TPKT_VERSION', 'no TPKT')
    lost.network.deliver({ type: 'N-DISCONNECT.indication', cause })
    expect(lost.delivered).toEqual([{ type: 'T-DISCONNECT.indication', by: 'local provider', cause }])
    expect(lost.machine.fault).toBe(cause)
  })

  test('the cause names whose doing it was', () => {
    const by = (cause: ConstructorParameters<typeof DecodeError>[1]) => {
      const { network, delivered } = transport().to('OPEN')
      network.deliver({ type: 'N-DISCONNECT.indication', cause: new DecodeError('tpkt', cause, '') })
      return (delivered[0] as { by: string }).by
    }
    expect(by('TPKT_TRUNCATED')).toBe('peer')
    expect(by('TPKT_LENGTH')).toBe('local provider')
    const { network, delivered } = transport().to('OPEN')
    network.deliver({ type: 'N-DISCONNECT.indication', cause: new DisconnectedError('network', 'TIMEOUT', '', { by: 'local provider' }) })
    expect(delivered.map(heard)).toEqual(['disconnect by local provider, TIMEOUT'])
  })

  test('T-DISCONNECT in OPEN is the close of the network connection: no DR in class 0', () => {
    const { machine, delivered, feed, take } = transport().to('OPEN')
    machine.submit({ type: 'T-DISCONNECT.request' })
    expect([machine.state, delivered, take()]).toEqual(['CLOSED', [], ['close']])
    feed(TPDUS.DT)
    expect([delivered, take()]).toEqual([[], []])
    expect(() => machine.submit({ type: 'T-DISCONNECT.request' })).toThrow(UsageError)
  })

  test.each(['OPEN', 'OPEN, we asked'] as const)('RC-11: DR and ER in %s end it with what they say, and are never answered', state => {
    const goodbye = transport().to(state)
    goodbye.feed(TPDUS.DR)
    expect([goodbye.machine.state, goodbye.delivered.map(heard), goodbye.take()]).toEqual([
      'CLOSED',
      ['disconnect by peer, reason 128'],
      ['close'],
    ])
    const error = transport().to(state)
    error.feed(TPDUS.ER)
    expect([error.machine.state, error.delivered.map(heard), error.take()]).toEqual([
      'CLOSED',
      ['disconnect by peer provider, COTP_REJECTED'],
      ['close'],
    ])
  })

  test.each(['DC', 'AK', 'EA', 'ED', 'RJ'] as const)('RC-02: %s is not of class 0: ER 2 and the close, in every state but CLOSED', type => {
    for (const state of ['WFCC', 'WFTRESP', 'OPEN'] as const) {
      const { machine, delivered, feed, take } = transport().to(state)
      feed(TPDUS[type])
      expect([machine.state, delivered.map(heard)]).toEqual(['CLOSED', ['disconnect by local provider, COTP_CODE']])
      expect(machine.fault?.message).toBe(`TPDU code: expected a TPDU of class 0 at octet 1, found ${type}`)
      expect(take()).toEqual([...(state === 'WFCC' ? [] : [`08 70 00 02 02 c1 02 ${TPDUS[type].slice(0, 5)}`]), 'close'])
    }
  })

  test('`sendER: false` closes without a word', () => {
    const { feed, take } = transport({ sendER: false }).to('OPEN')
    feed(TPDUS.AK)
    expect(take()).toEqual(['close'])
  })
})

describe('TPDUs without a connection: X.224, 6.9.1.4', () => {
  test('RC-07: DT and whatever class 0 does not have are discarded; the text wins over "close"', () => {
    for (const type of ['DT', 'DC', 'AK', 'EA', 'ED', 'RJ', 'ER'] as const) {
      const { machine, delivered, feed, take } = transport()
      feed(TPDUS[type])
      expect([machine.state, delivered, take()]).toEqual(['CLOSED', [], []])
    }
  })

  test('RC-06: a CC nobody waits for gets a DR with both its references', () => {
    const { feed, take } = transport()
    feed('09 d0 00 05 00 06 00 c0 01 0a')
    expect(take()).toEqual(['06 80 00 06 00 05 00'])
  })

  test('a DR nobody waits for closes the network connection', () => {
    const { delivered, feed, take } = transport()
    feed(TPDUS.DR)
    expect([delivered, take()]).toEqual([[], ['close']])
  })

  test('octets that cannot be decoded close, without an answer unless they are a CR', () => {
    const stray = transport()
    stray.feed('02 30 80')
    expect([stray.delivered, stray.take(), stray.machine.fault?.code]).toEqual([[], ['close'], 'COTP_CODE'])
    const request = transport()
    request.feed('09 e0 00 00 00 02 00 c0 02 0a')
    expect([request.delivered, request.take()]).toEqual([[], ['0f 70 00 02 03 c1 09 09 e0 00 00 00 02 00 c0 02', 'close']])
  })

  test('RT-01: the cause of a loss that nobody is told of can be read', () => {
    const { delivered, network, machine } = transport()
    const cause = new DecodeError('tpkt', 'TPKT_VERSION', 'no TPKT')
    network.deliver({ type: 'N-DISCONNECT.indication', cause })
    expect([delivered, machine.fault]).toEqual([[], cause])
  })

  test('nothing is handled after the close', () => {
    const { machine, delivered, feed, take, network } = transport()
    network.deliver({ type: 'N-DISCONNECT.indication' })
    feed(CR_FROM_PEER)
    expect([machine.state, delivered, take(), machine.networkOpen]).toEqual(['CLOSED', [], [], false])
  })
})

test('the constructor refuses options that make no sense', () => {
  for (const options of [
    { tpduSize: 1000 },
    { tpduSize: 64 },
    { tpduSize: 16_384 },
    { tpduSize: 8192, strict: true },
    { preferredTpduSize: 100 },
    { preferredTpduSize: 65_536 },
    { maxTsduSize: 0 },
    { earlyTsduSize: 0 },
    { maxSelectorLength: -1 },
    { reference: 0 },
    { reference: 65_536 },
  ]) {
    expect(() => transport(options)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'COTP_OPTION' }))
  }
})

describe('F-02, F-09: a TSDU that does not come to its end', () => {
  test('is given up after thirty seconds, however many segments come meanwhile', () => {
    const timers = new HandTimers()
    const { machine, delivered, feed, take } = transport({ timers }).to('OPEN')
    for (let i = 0; i < 29; i++) {
      feed('02 f0 00 01')
      timers.advance(1_000)
    }
    expect(delivered).toEqual([])
    timers.advance(1_000)
    expect(delivered.map(heard)).toEqual(['disconnect by local provider, COTP_TSDU_TIMEOUT'])
    expect(machine.state).toBe('CLOSED')
    expect(take()).toEqual(['close'])
    expect(timers.pending).toBe(0)
  })

  test('one that ends in time leaves no timer', () => {
    const timers = new HandTimers()
    const { delivered, feed } = transport({ timers }).to('OPEN')
    feed('02 f0 00 01')
    feed('02 f0 80 02')
    expect(delivered.map(heard)).toEqual(['data 01 02'])
    expect(timers.pending).toBe(0)
  })
})
