import { unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { CR_FROM_PEER, heard, transport } from '../test/harness.js'
import type { Leniency, TransportOptions } from './options.js'
import type { TransportState } from './states.js'

/** What a peer sends against the letter: where, what, and the ER cause of a side that does not take it. */
interface Deviation {
  readonly leniency: Leniency
  readonly what: string
  readonly state: TransportState
  readonly octets: string
  readonly cause: number
  /** Octets of the TPDU that the ER shows. */
  readonly bad: number
}

const DEVIATIONS: readonly Deviation[] = [
  { leniency: 'creditBits', what: 'a CR with a credit', state: 'CLOSED', octets: '06 e1 00 00 00 02 00', cause: 3, bad: 2 },
  { leniency: 'creditBits', what: 'a CC with a credit', state: 'WFCC', octets: '06 d1 00 01 00 02 00', cause: 3, bad: 2 },
  { leniency: 'zeroReference', what: 'a CR with SRC-REF 0', state: 'CLOSED', octets: '06 e0 00 00 00 00 00', cause: 3, bad: 6 },
  { leniency: 'zeroReference', what: 'a CC with SRC-REF 0', state: 'WFCC', octets: '06 d0 00 01 00 00 00', cause: 3, bad: 6 },
  {
    leniency: 'alternativeClasses',
    what: 'class 0 with alternatives',
    state: 'CLOSED',
    octets: '09 e0 00 00 00 02 00 c7 01 20',
    cause: 3,
    bad: 10,
  },
  { leniency: 'optionBits', what: 'a CC with options in class 0', state: 'WFCC', octets: '06 d0 00 01 00 02 01', cause: 3, bad: 7 },
  { leniency: 'connectData', what: 'RC-13: a CR with user data', state: 'CLOSED', octets: '06 e0 00 00 00 02 00 aa bb', cause: 0, bad: 7 },
  { leniency: 'connectData', what: 'RC-13: a CC with user data', state: 'WFCC', octets: '06 d0 00 01 00 02 00 aa bb', cause: 0, bad: 7 },
  { leniency: 'dataNumber', what: 'RC-09: a DT with a number', state: 'OPEN', octets: '02 f0 85 01', cause: 3, bad: 3 },
  { leniency: 'dataNumber', what: 'RC-09: a DT with a credit', state: 'OPEN', octets: '02 f1 80 01', cause: 3, bad: 2 },
  {
    leniency: 'oversizedData',
    what: 'RC-10: a DT of 129 octets for 128',
    state: 'OPEN',
    octets: `02 f0 80 ${'00 '.repeat(126)}`,
    cause: 0,
    bad: 3,
  },
  { leniency: 'emptyData', what: 'RC-08: a lone DT without user data', state: 'OPEN', octets: '02 f0 80', cause: 0, bad: 3 },
]

describe('RC-08, RC-09, RC-10, RC-13: each leniency: taken and counted by default, refused with an ER when it is off, and by strict', () => {
  const small = { tpduSize: 128 } as const
  test.each(DEVIATIONS)('$leniency: $what', ({ leniency, state, octets, cause, bad }) => {
    const lenient = transport(small).to(state)
    lenient.feed(octets)
    expect(lenient.machine.state).toBe({ CLOSED: 'WFTRESP', WFCC: 'OPEN', OPEN: 'OPEN', WFTRESP: '' }[state])
    expect(lenient.machine.tolerated).toEqual({ [leniency]: 1 })

    const options: TransportOptions[] = [
      { ...small, [leniency]: false },
      { ...small, strict: true },
    ]
    for (const refusing of options) {
      const { machine, feed, take, delivered } = transport(refusing).to(state)
      feed(octets)
      expect(machine.state).toBe('CLOSED')
      expect(delivered.map(delivery => delivery.type)).toEqual(state === 'CLOSED' ? [] : ['T-DISCONNECT.indication'])
      const reference = octets.startsWith('06 e0 00 00 00 00') || octets.startsWith('06 d0 00 01 00 00') ? '00 00' : '00 02'
      const shown = octets.slice(0, 3 * bad - 1)
      const length = (6 + bad).toString(16).padStart(2, '0')
      expect(take()).toEqual([`${length} 70 ${reference} 0${cause} c1 ${bad.toString(16).padStart(2, '0')} ${shown}`, 'close'])
      expect(machine.tolerated).toEqual({})
    }
    // What is set itself stands against strict.
    const exception = transport({ ...small, strict: true, [leniency]: true }).to(state)
    exception.feed(octets)
    expect(exception.machine.state).not.toBe('CLOSED')
  })

  test('RC-13: user data of a CR is handed up, up to 32 octets, and is regular in other classes', () => {
    const { delivered, feed } = transport()
    feed('06 e0 00 00 00 02 00 aa bb')
    expect(delivered).toEqual([{ type: 'T-CONNECT.indication', called: {}, calling: {}, userData: unhex('aa bb') }])
    const atLimit = transport()
    atLimit.feed(`06 e0 00 00 00 02 00 ${'00 '.repeat(32)}`)
    expect(atLimit.machine.state).toBe('WFTRESP')
    const above = transport()
    above.feed(`06 e0 00 00 00 02 00 ${'00 '.repeat(33)}`)
    expect(above.machine.fault?.message).toBe('CR: user data: expected at most 32 octets, found 33')
    const class1 = transport({ strict: true })
    class1.feed('06 e0 00 00 00 02 10 aa')
    expect(class1.machine.state).toBe('WFTRESP')
  })

  test('an agreed size is not exceeded by anything: 128 octets are taken by the strictest', () => {
    const { delivered, feed } = transport({ tpduSize: 128, strict: true }).to('OPEN')
    feed(`02 f0 80 ${'00 '.repeat(125)}`)
    expect(delivered).toHaveLength(1)
  })

  test('a cut of "size" octets of data per DT, three too many, is put together all the same', () => {
    const { delivered, feed } = transport({ tpduSize: 128 }).to('OPEN')
    feed(`02 f0 00 ${'01 '.repeat(128)}`)
    feed(`02 f0 80 ${'02 '.repeat(4)}`)
    expect(delivered.map(heard)).toEqual([`data ${'01 '.repeat(128)}02 02 02 02`])
  })
})

describe('what no leniency takes', () => {
  test.each([
    ['RC-03: a CR with DST-REF', '06 e0 00 05 00 02 00', 3, 4],
    ['RC-03: a CR with DST-REF in its high octet', '06 e0 05 00 00 02 00', 3, 3],
    ['a CR of class 5', '06 e0 00 00 00 02 50', 3, 7],
    ['alternative classes that do not exist', '09 e0 00 00 00 02 00 c7 01 50', 3, 10],
    ['alternative classes that Table 3 does not have', '09 e0 00 00 00 02 10 c7 01 20', 3, 10],
    ['RC-01: a CR with LI 5', '05 e0 00 00 00 02 00', 0, 1],
    ['RC-01: a CR with LI 255', 'ff e0 00 00 00 02 00', 0, 1],
    ['RC-04: a parameter over the header', '08 e0 00 00 00 02 00 c0 05', 3, 9],
  ])('%s: ER, then the close, and the user hears nothing', (_, octets, cause, bad) => {
    const { machine, delivered, feed, take } = transport()
    feed(octets)
    const length = (6 + bad).toString(16).padStart(2, '0')
    expect(take()).toEqual([`${length} 70 00 02 0${cause} c1 0${bad.toString(16)} ${octets.slice(0, 3 * bad - 1)}`, 'close'])
    expect([machine.state, delivered]).toEqual(['CLOSED', []])
    expect(machine.fault).toMatchObject({ layer: 'cotp', offset: bad - 1 })
  })

  test('RC-13: a CR above 128 octets', () => {
    const cr = (padding: number) => {
      const octets = new Uint8Array(9 + padding)
      octets.set([8 + padding, 0xe0, 0, 0, 0, 2, 0, 0x9f, padding])
      return octets
    }
    const atLimit = transport()
    atLimit.feed(cr(119))
    expect(atLimit.machine.state).toBe('WFTRESP')
    const above = transport()
    above.feed(cr(120))
    expect(above.take()).toEqual(['07 70 00 02 00 c1 01 80', 'close'])
    expect(above.machine.fault?.message).toBe('CR: expected at most 128 octets, found 129')
  })

  test('the ER to a CR keeps to 128 octets: no room for the bad octet, no ER', () => {
    const { take, feed } = transport()
    // A parameter that runs over the header, 122 octets behind its beginning.
    const octets = new Uint8Array(124)
    octets.set([123, 0xe0, 0, 0, 0, 2, 0, 0x9f, 112])
    octets.set([0x9e, 5], 121)
    feed(octets)
    expect(take()).toEqual(['close'])
  })

  test.each([
    ['RC-04: an unknown parameter', '0d d0 00 01 00 02 00 c0 01 0a 9f 02 00 00', 1, 11],
    ['a parameter of other classes', '0c d0 00 01 00 02 00 c0 01 0a c5 01 01', 1, 11],
    ['an invalid parameter of other classes', '0a d0 00 01 00 02 00 87 02 00 01', 1, 8],
    ['additional options of two octets', '0a d0 00 01 00 02 00 c6 02 00 00', 3, 9],
  ])('%s in a CC: ER %i with the octets up to it', (_, octets, cause, bad) => {
    const { feed, take } = transport().to('WFCC')
    feed(octets)
    const hex2 = (value: number) => value.toString(16).padStart(2, '0')
    expect(take()).toEqual([`${hex2(6 + bad)} 70 00 02 0${cause} c1 ${hex2(bad)} ${octets.slice(0, 3 * bad - 1)}`, 'close'])
  })

  test('in a CR, what a CC must not have is ignored: unknown codes, parameters of other classes, option bits', () => {
    const { machine, feed } = transport({ strict: true, tpduSize: 1024 })
    feed('17 e0 00 00 00 02 03 9f 01 00 c3 02 00 00 c4 01 05 c5 01 01 87 02 00 01')
    expect([machine.state, machine.tolerated]).toEqual(['WFTRESP', {}])
  })

  test('RC-02: a DT with DST-REF is not of class 0', () => {
    const { feed, take } = transport().to('OPEN')
    feed('04 f0 00 02 80 aa')
    expect(take()).toEqual(['07 70 00 02 00 c1 01 04', 'close'])
  })

  test('RC-08: at most 8 DTs without user data in a row, with or without EOT', () => {
    for (const octets of ['02 f0 00', '02 f0 80']) {
      const { machine, delivered, feed, take } = transport().to('OPEN')
      for (let i = 0; i < 8; i++) feed(octets)
      expect([machine.state, delivered]).toEqual(['OPEN', []])
      feed('02 f0 80 aa')
      expect(delivered.map(heard)).toEqual(['data aa'])
      for (let i = 0; i < 9; i++) feed(octets)
      expect(take()).toEqual([`09 70 00 02 00 c1 03 ${octets}`, 'close'])
      expect(machine.fault?.code).toBe('COTP_EMPTY_DT')
      expect(machine.tolerated).toEqual({ emptyData: 16 })
    }
  })

  test('RC-08: a TSDU at the limit is taken, one octet more is answered with an ER, in one DT or in several', () => {
    const options = { maxTsduSize: 10 }
    const atLimit = transport(options).to('OPEN')
    atLimit.feed('02 f0 00 00 00 00 00 00')
    atLimit.feed('02 f0 80 00 00 00 00 00')
    atLimit.feed(`02 f0 80 ${'00 '.repeat(10)}`)
    expect(atLimit.delivered).toHaveLength(2)
    for (const rest of ['02 f0 80 00 00 00 00 00 00', '02 f0 00 00 00 00 00 00 00']) {
      const above = transport(options).to('OPEN')
      above.feed('02 f0 00 00 00 00 00 00')
      above.feed(rest)
      expect(above.take()).toEqual([`09 70 00 02 00 c1 03 ${rest.slice(0, 8)}`, 'close'])
      expect(above.machine.fault?.code).toBe('COTP_TSDU_SIZE')
    }
    const alone = transport(options).to('OPEN')
    alone.feed(`02 f0 80 ${'00 '.repeat(11)}`)
    expect(alone.machine.fault?.code).toBe('COTP_TSDU_SIZE')
  })

  test('RC-08: before both sides have sent a TSDU, as before an association, less is taken than later', () => {
    const options = { earlyTsduSize: 16_384, maxTsduSize: 100_000 }
    const dts = (octets: number) => [
      ...Array.from({ length: octets / 1_000 }, () => `02 f0 00 ${'00 '.repeat(1_000)}`),
      `02 f0 80 ${'00 '.repeat(octets % 1_000)}`,
    ]
    for (const state of ['OPEN', 'OPEN, we asked'] as const) {
      const tooMuch = transport(options).to(state)
      for (const dt of dts(17_000)) tooMuch.feed(dt)
      expect(tooMuch.machine.fault?.message).toBe('DT: TSDU: expected at most 16384 octets, found more')

      const { delivered, feed, send, machine } = transport(options).to(state)
      if (state === 'OPEN, we asked') send('01')
      for (const dt of dts(16_000)) feed(dt)
      if (state === 'OPEN') send('01')
      for (const dt of dts(100_000)) feed(dt)
      expect(delivered).toHaveLength(2)
      for (const dt of dts(101_000)) feed(dt)
      expect(machine.fault?.message).toBe('DT: TSDU: expected at most 100000 octets, found more')
    }
    // Sending alone, or hearing alone, does not end the first phase.
    const silent = transport(options).to('OPEN')
    for (const dt of [...dts(16_000), ...dts(17_000)]) silent.feed(dt)
    expect(silent.machine.state).toBe('CLOSED')
  })

  test('RC-08: EOT never set: what is held never passes the limit', () => {
    const { machine, feed, delivered } = transport({ maxTsduSize: 4096 }).to('OPEN')
    for (let i = 0; i < 100; i++) feed(`02 f0 00 ${'00 '.repeat(100)}`)
    expect([machine.state, delivered.map(heard)]).toEqual(['CLOSED', ['disconnect by local provider, COTP_TSDU_SIZE']])
  })

  test('F-09: a foreign TPDU between two DTs, and an end that never comes', () => {
    const foreign = transport().to('OPEN')
    foreign.feed('02 f0 00 aa')
    foreign.feed('04 60 00 01 05')
    expect(foreign.delivered.map(heard)).toEqual(['disconnect by local provider, COTP_CODE'])
    const cut = transport().to('OPEN')
    cut.feed('02 f0 00 aa')
    cut.network.deliver({ type: 'N-DISCONNECT.indication' })
    expect(cut.delivered.map(heard)).toEqual(['disconnect by peer, COTP_UNFINISHED_TSDU'])
    expect(cut.machine.fault?.message).toBe('the network connection ended inside a TSDU, after 1 octets of it')
  })

  test('RC-12: selectors of 0 to 32 octets are seen as they are, longer ones are refused with DR 3, and absent ones are no fault', () => {
    for (let length = 0; length <= 114; length++) {
      const octets = new Uint8Array(14 + length)
      octets.set([13 + length, 0xe0, 0, 0, 0, 2, 0, 0xc0, 1, 10, 0xc1, 0, 0xc2, length])
      for (const maxSelectorLength of [32, 255]) {
        const { machine, feed, take } = transport({ maxSelectorLength })
        feed(octets)
        if (length <= maxSelectorLength) {
          expect(machine.called.transportSelector).toHaveLength(length)
          expect(machine.calling.transportSelector).toHaveLength(0)
        } else {
          expect([machine.state, take()]).toEqual(['CLOSED', ['06 80 00 02 00 00 03', 'close']])
        }
      }
    }
    const { machine, feed } = transport()
    feed('06 e0 00 00 00 02 00')
    expect([machine.called, machine.calling]).toEqual([{}, {}])
  })

  test('selectors kept are copies: they do not hold the chunk they came in', () => {
    const { machine, feed } = transport()
    const chunk = unhex(CR_FROM_PEER)
    feed(chunk)
    chunk.fill(0)
    expect(machine.called.transportSelector).toEqual(unhex('00 0b'))
  })
})
