import { hex, Sdu, sameOctets, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AB_PROTOCOL, AB_RESTRICTION, AC, answered, asked, CN, close, data, down, established, Harness, typed } from '../test/harness.js'
import { decodeSpdu, encodeSpdu, formatAt, type Spdu } from './codec.js'
import type { SessionOptions } from './options.js'
import type { SessionSubmit } from './service.js'
import { decodeTsdu } from './tsdu.js'
import { FunctionalUnit } from './values.js'

const octets = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 7) & 0xff)
const hex4 = (size: number) => hex(Uint8Array.of(size >> 8, size & 0xff))
/** CN and AC that name maximum TSDU sizes. */
const cnWith = (fromInitiator: number, fromResponder: number) =>
  `0d 12 05 0c 13 01 00 15 04 ${hex4(fromInitiator)} ${hex4(fromResponder)} 16 01 02 14 02 00 02`
const acWith = (fromInitiator: number, fromResponder: number) =>
  `0e 12 05 0c 13 01 00 15 04 ${hex4(fromInitiator)} ${hex4(fromResponder)} 16 01 02 14 02 00 02`
const dataOf = (size: number): SessionSubmit => ({ type: 'S-DATA.request', userData: Sdu.of(octets(size)) })
const userData = (h: Harness) => (h.last as { readonly userData: Uint8Array }).userData

/** An initiator that sends `send` at most and takes `receive`, with an AC that says the same. */
const initiator = (send: number, receive: number, options: Partial<SessionOptions> = {}) =>
  established('initiator', { options: { tsduMaximumSize: { send, receive }, ...options }, ac: acWith(send, receive) })

describe('S-12, RS-08: the maximum TSDU size, each direction on its own, X.225, 5.8.6', () => {
  test('S-12: a CN proposes, an AC answers, and the smaller holds', () => {
    const h = new Harness({ tsduMaximumSize: { send: 1_000, receive: 200 } }).submit(down.connect).below(answered)
    expect(h.sent[1]).toBe(cnWith(1_000, 200))
    h.feed(acWith(100, 400))
    expect([h.machine.segmentsOut, h.machine.largest, h.machine.largestIn]).toEqual([true, 100, 200])
    const asking = new Harness({ tsduMaximumSize: { send: 300, receive: 500 } }).below(asked).feed(cnWith(1_000, 100)).submit(down.accept)
    expect(asking.sent[1]).toBe(acWith(500, 300))
    expect([asking.machine.segmentsOut, asking.machine.largest, asking.machine.largestIn]).toEqual([true, 100, 500])
  })

  test.each([
    ['neither side names one', undefined, [0, 0], [false, 0, 0]],
    ['only the initiator names one for its own direction', { send: 100 }, [0, 0], [false, 0, 0]],
    ['only the responder names one for what it receives', undefined, [100, 0], [false, 100, 0]],
    ['one direction each, not the same', { send: 100 }, [0, 100], [false, 0, 0]],
    ['the direction of the initiator alone', { send: 100 }, [200, 0], [true, 100, 0]],
    ['the direction of the responder alone', { receive: 100 }, [0, 200], [false, 0, 100]],
  ] as const)('S-12: %s', (_, tsduMaximumSize, [a, b], expected) => {
    const h = established('initiator', { options: tsduMaximumSize ? { tsduMaximumSize } : {}, ac: acWith(a, b) })
    expect([h.machine.segmentsOut, h.machine.largest, h.machine.largestIn]).toEqual(expected)
  })

  test('RS-08: a size that leaves no room is refused with 134, or aborted in an AC', () => {
    const h = new Harness({ tsduMaximumSize: { send: 100, receive: 100 } }).below(asked).feed(cnWith(63, 0))
    expect(h.sent[1]).toBe('0c 09 11 01 01 16 01 03 32 01 86')
    const other = new Harness({ tsduMaximumSize: { send: 100 } }).below(asked).feed(cnWith(0, 63))
    expect(other.sent[1]).toBe('0c 09 11 01 01 16 01 03 32 01 86')
    const asking = new Harness({ tsduMaximumSize: { send: 100 } }).submit(down.connect).below(answered).forget().feed(acWith(63, 0))
    expect([asking.sent, asking.told]).toEqual([[AB_PROTOCOL], ['S-P-ABORT.indication local provider SESSION_TSDU_SIZE']])
  })

  test('RS-08: without sizes of ours PI 21 in a CN is left unanswered, so nothing is segmented', () => {
    const h = new Harness().below(asked).feed(cnWith(128, 0)).submit(down.accept)
    expect(h.sent[1]).toBe(AC)
    expect(h.forget().feed('01 00 01 03 19 01 01 61').sent).toEqual([AB_PROTOCOL])
  })
})

describe('S-12: data in segments, X.225, 7.11', () => {
  test('S-12: an SSDU that fits says that it is whole, one that does not goes in parts of what fits', () => {
    const h = initiator(64, 0)
    h.submit(dataOf(57)).submit(dataOf(58)).submit(dataOf(115))
    expect(h.tsdus.map(tsdu => [tsdu.length, hex(tsdu.subarray(0, 7))])).toEqual([
      [64, '01 00 01 03 19 01 03'],
      [64, '01 00 01 03 19 01 01'],
      [8, '01 00 01 03 19 01 02'],
      [64, '01 00 01 03 19 01 01'],
      [64, '01 00 01 03 19 01 00'],
      [8, '01 00 01 03 19 01 02'],
    ])
  })

  test('S-12: typed data too', () => {
    const functionalUnits = FunctionalUnit.duplex | FunctionalUnit.typedData
    const ac = acWith(64, 64).replace('14 02 00 02', '14 02 04 02')
    const h = established('initiator', { options: { functionalUnits, tsduMaximumSize: { send: 64, receive: 64 } }, ac })
    h.submit(typed()).submit({ type: 'S-TYPED-DATA.request', userData: Sdu.of(octets(60)) })
    expect(h.tsdus.map(tsdu => [tsdu.length, hex(tsdu.subarray(0, 5))])).toEqual([
      [6, '21 03 19 01 03'],
      [64, '21 03 19 01 01'],
      [6, '21 03 19 01 02'],
    ])
    h.feed('21 03 19 01 01 61', '21 03 19 01 00 62', '21 03 19 01 02 63')
    expect(h.delivered).toEqual([{ type: 'S-TYPED-DATA.indication', userData: unhex('61 62 63') }])
  })

  test('S-12: what comes in segments goes up once, whole; the last may be empty; others may follow', () => {
    const h = initiator(0, 64).feed('01 00 01 03 19 01 01 61', '01 00 01 03 19 01 00 62 63', '01 00', '01 00 01 03 19 01 02')
    expect(h.delivered).toEqual([{ type: 'S-DATA.indication', userData: unhex('61 62 63') }])
    h.feed('01 00 01 03 19 01 03 64', '01 00 01 03 19 01 01 65', '01 00 01 03 19 01 02 66')
    expect(h.delivered.slice(1)).toEqual([
      { type: 'S-DATA.indication', userData: unhex('64') },
      { type: 'S-DATA.indication', userData: unhex('65 66') },
    ])
    expect(h.machine.assembly).toBeUndefined()
  })

  test('S-12: only one direction may be segmented, and the other is as plain as ever', () => {
    const h = initiator(64, 0)
    expect(h.feed('01 00 01 00 61').told).toEqual(['S-DATA.indication'])
    const other = initiator(0, 64).submit(data())
    expect(other.sent).toEqual(['01 00 01 00 61'])
  })

  test('S-12: data without an enclosure item is whole, as rusty-cosp sends it when it is short, unless unenclosedData is off', () => {
    expect(initiator(0, 64).feed('01 00 01 00 61').told).toEqual(['S-DATA.indication'])
    const strict = initiator(0, 64, { tolerate: { unenclosedData: false } }).feed('01 00 01 00 61')
    expect(strict.told).toEqual(['S-P-ABORT.indication local provider SESSION_SEGMENT'])
  })

  test.each<[string, readonly string[]]>([
    ['a middle segment first', ['01 00 01 03 19 01 00 61']],
    ['the last segment first', ['01 00 01 03 19 01 02 61']],
    ['a first segment twice', ['01 00 01 03 19 01 01 61', '01 00 01 03 19 01 01 62']],
    ['a whole SSDU between segments', ['01 00 01 03 19 01 01 61', '01 00 01 03 19 01 03 62']],
    ['one without an enclosure item between segments', ['01 00 01 03 19 01 01 61', '01 00 01 00 62']],
    ['typed data between segments', ['01 00 01 03 19 01 01 61', '21 03 19 01 03 61']],
    ['FN between segments', ['01 00 01 03 19 01 01 61', '09 00']],
  ])('RS-08: %s is a protocol error, and no part of it is delivered', (_, tsdus) => {
    const h = initiator(64, 64).feed(...tsdus)
    expect(h.outcome).toEqual([[AB_PROTOCOL], ['S-P-ABORT.indication local provider SESSION_SEGMENT'], 'STA16'])
    expect(h.machine.assembly).toBeUndefined()
  })

  test('RS-08: a TSDU above what was agreed is a protocol error', () => {
    const h = initiator(0, 64).feed(`01 00 01 03 19 01 03${' 61'.repeat(58)}`)
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_TSDU_SIZE'])
  })

  test('RS-09: a token that is given stands in front of the last segment only', () => {
    const functionalUnits = FunctionalUnit.halfDuplex
    const cn = '0d 12 05 0c 13 01 00 15 04 00 40 00 40 16 01 02 14 02 00 01'
    const other = () => established('responder', { options: { functionalUnits, tsduMaximumSize: { send: 64, receive: 64 } }, cn })
    const h = other().feed('01 00 01 03 19 01 01 61', '01 03 10 01 01 01 03 19 01 02 62')
    expect(h.told).toEqual(['S-DATA.indication', 'S-TOKEN-GIVE.indication 1'])
    expect(other().feed('01 03 10 01 01 01 03 19 01 01 61').told).toEqual(['S-P-ABORT.indication local provider SESSION_CONCATENATION'])
  })

  test('S-12, RS-16: no more than maxSsduSize is put together', () => {
    const part = '01 00 01 03 19 01 00 62'
    const h = initiator(0, 64, { maxSsduSize: 3 }).feed('01 00 01 03 19 01 01 61', part, part)
    expect(h.told).toEqual([])
    h.feed(part)
    expect(h.outcome).toEqual([[AB_RESTRICTION], ['S-P-ABORT.indication local provider SESSION_USER_DATA_SIZE'], 'STA16'])
    expect(initiator(0, 64, { maxSsduSize: 0.5 + 2 }).feed('01 00 01 03 19 01 01 61 62 63').sent).toEqual([AB_RESTRICTION])
  })

  test('RS-08: an abort or the end of the transport throws away what has come', () => {
    const aborted = initiator(0, 64).feed('01 00 01 03 19 01 01 61', '19 03 11 01 03')
    expect(aborted.outcome).toEqual([[close], ['S-U-ABORT.indication'], 'STA01'])
    const lost = initiator(0, 64).feed('01 00 01 03 19 01 01 61').below({ type: 'T-DISCONNECT.indication', by: 'peer' })
    expect([lost.state, aborted.machine.assembly, lost.machine.assembly]).toEqual(['STA01', undefined, undefined])
    const ours = initiator(0, 64).feed('01 00 01 03 19 01 01 61').submit(down.abort).feed('01 00 01 03 19 01 02 62')
    expect([ours.told, ours.state, ours.machine.assembly]).toEqual([[], 'STA16', undefined])
  })

  test('S-12: segments of data go on coming behind our FN, and the whole of it goes up', () => {
    const h = initiator(64, 64).feed('01 00 01 03 19 01 01 61').submit(down.release).feed('01 00 01 03 19 01 02 62')
    expect([h.state, hex(userData(h))]).toEqual(['STA03', '61 62'])
  })

  test('RS-08: a first segment where data may not come is refused at once', () => {
    const h = initiator(64, 64).feed('09 00').forget().feed('01 00 01 03 19 01 01 61')
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_UNEXPECTED'])
  })
})

describe('S-12, S-13: user data of the other SPDUs in segments, X.225, 7.37, version 2', () => {
  const open = (side: 'initiator' | 'responder', size = 64) =>
    side === 'initiator'
      ? initiator(size, size, { maxUserData: 500_000 })
      : established('responder', {
          options: { tsduMaximumSize: { send: size, receive: size }, maxUserData: 500_000 },
          cn: cnWith(size, size),
        })

  /** Each SPDU with user data: who sends it, what its user says, and what the other user hears. */
  const cases: Record<string, { sender: () => Harness; receiver: () => Harness; say: SessionSubmit }> = {
    FN: { sender: () => open('initiator'), receiver: () => open('responder'), say: down.release },
    DN: {
      sender: () => open('responder').feed('09 00'),
      receiver: () => open('initiator').submit(down.release),
      say: down.affirm,
    },
    AB: { sender: () => open('initiator'), receiver: () => open('responder'), say: down.abort },
    AC: {
      sender: () => new Harness({ tsduMaximumSize: { send: 64, receive: 64 } }).below(asked).feed(cnWith(64, 64)),
      receiver: () => new Harness({ tsduMaximumSize: { send: 64, receive: 64 } }).submit(down.connect).below(answered),
      say: down.accept,
    },
  }

  test.each(Object.keys(cases))('S-12: %s goes in segments no larger than agreed, and comes out as it went in', type => {
    for (const size of [1, 40, 60, 64, 65, 200, 1_000]) {
      const { sender, receiver, say } = cases[type]!
      const from = sender().forget()
      const to = receiver().forget()
      from.submit({ ...say, userData: octets(size) } as SessionSubmit)
      expect(Math.max(...from.tsdus.map(tsdu => tsdu.length))).toBeLessThanOrEqual(64)
      const parts = from.tsdus.map(tsdu => decodeTsdu(tsdu)[0] as Spdu & { enclosureItem?: number })
      expect(parts.map(part => part.type)).toEqual(parts.map(() => type))
      const items = parts.map(part => part.enclosureItem)
      expect(items).toEqual(parts.length === 1 ? [undefined] : [1, ...parts.slice(2).map(() => 0), 2])
      to.feed(...from.tsdus)
      expect(hex(userData(to))).toBe(hex(octets(size)))
      expect(to.delivered).toHaveLength(1)
    }
  })

  test('S-14: RF in segments: those behind the first have no reason in front', () => {
    const h = new Harness({ maxUserData: 100_000 })
      .below(asked)
      .feed(CN)
      .forget()
      .submit({ ...down.reject, userData: octets(70_000) })
    const [first, second] = h.tsdus.map(tsdu => decodeSpdu(tsdu, 0, formatAt(12, 'first')!).spdu) as Extract<Spdu, { type: 'RF' }>[]
    expect(first).toMatchObject({ transportDisconnect: 1, enclosureItem: 1, reasonCode: { code: 2 } })
    expect([second!.enclosureItem, second!.transportDisconnect, second!.versionNumber]).toEqual([2, undefined, undefined])
    expect(second!.reasonCode!.code).toBe(octets(70_000)[first!.reasonCode!.userData!.length])
    const to = new Harness({ maxUserData: 100_000 })
      .submit(down.connect)
      .below(answered)
      .feed(...h.tsdus)
    expect(to.last).toMatchObject({ result: 'reject', reason: 2 })
    expect(sameOctets(userData(to), octets(70_000))).toBe(true)
  })

  test('S-13: without a maximum TSDU size one SPDU holds what LI can count, and more goes in segments', () => {
    const say = (size: number) =>
      established('initiator', { options: { maxUserData: 200_000 } }).submit({ ...down.release, userData: octets(size) })
    expect(say(65_531).tsdus.map(tsdu => tsdu.length)).toEqual([65_539])
    expect(say(65_532).tsdus.map(tsdu => tsdu.length)).toEqual([65_539, 11])
    const from = say(200_000)
    const to = established('responder', { options: { maxUserData: 200_000 } }).feed(...from.tsdus)
    expect(sameOctets(userData(to), octets(200_000))).toBe(true)
    expect(() => say(200_001)).toThrow('expected at most 200000 octets of user data')
  })

  test('S-13, S-16: AB behind its first segment has no transport disconnect, also for a strict machine', () => {
    const from = established('initiator', { options: { maxUserData: 100_000 } }).submit({ ...down.abort, userData: octets(70_000) })
    expect(from.tsdus.map(tsdu => hex(tsdu.subarray(4, 10)))).toEqual(['11 01 03 19 01 01', '19 01 02 c1 ff 11'])
    const to = established('responder', { options: { maxUserData: 100_000, strict: true } }).feed(...from.tsdus)
    expect(to.told).toEqual(['S-U-ABORT.indication'])
    expect(sameOctets(userData(to), octets(70_000))).toBe(true)
    expect(() => encodeSpdu({ type: 'AB', enclosureItem: 1 })).toThrow('expected a value, found none')
  })

  test('S-13, RS-07: more than maxUserData in segments ends the session, and nothing of it goes up', () => {
    const h = established('responder', { options: { maxUserData: 2 } }).feed('09 06 19 01 01 c1 01 61', '09 07 19 01 02 c1 02 62 63')
    expect(h.outcome).toEqual([[AB_RESTRICTION], ['S-P-ABORT.indication local provider SESSION_USER_DATA_SIZE'], 'STA16'])
  })

  test.each([
    ['data between two segments of FN', ['09 06 19 01 01 c1 01 61', '01 00 01 00 61']],
    ['another FN between them', ['09 06 19 01 01 c1 01 61', '09 00']],
    ['a middle segment of FN first', ['09 06 19 01 00 c1 01 61']],
    ['DN behind the first segment of AB', ['19 09 11 01 03 19 01 01 c1 01 61', '0a 00']],
  ])('RS-08: %s is a protocol error', (_, tsdus) => {
    const h = established('responder').feed(...tsdus)
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_SEGMENT'])
  })

  test('RS-15: version 1 has no segments', () => {
    const v1 = { options: { proposedVersions: 1 }, ac: AC.replace('16 01 02', '16 01 01') }
    const h = established('initiator', v1).feed('09 06 19 01 01 c1 01 61')
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_SEGMENT'])
    expect(() => established('initiator', v1).submit({ ...down.release, userData: octets(513) })).toThrow('at most 512 octets')
  })

  test('RS-08: parameters that leave no room for user data have no encoding', () => {
    const options = { tsduMaximumSize: { send: 64, receive: 64 } }
    const h = new Harness(options).below(asked).feed(cnWith(64, 64))
    const response = { ...down.accept, sessionConnectionIdentifier: { ssUserReference: octets(60) }, userData: octets(1) }
    expect(() => h.submit(response)).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'SESSION_TSDU_SIZE' }))
    expect(h.state).toBe('STA08')
  })
})

describe('S-12: whatever is sent is what arrives', () => {
  test('S-12, RS-08: any SSDUs, any sizes in each direction', () => {
    const sizes = fc.constantFrom(0, 64, 65, 100, 1_000, 65_535)
    const says = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 3_000 })), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(sizes, sizes, sizes, sizes, says, (aSend, aReceive, bSend, bReceive, ssdus) => {
        const a = new Harness({ tsduMaximumSize: { send: aSend, receive: aReceive } }).submit(down.connect).below(answered)
        const b = new Harness({ tsduMaximumSize: { send: bSend, receive: bReceive } }).below(asked).feed(a.tsdus[0]!).submit(down.accept)
        a.feed(b.tsdus[0]!)
        for (const [fromA, size] of ssdus) {
          const [from, to, limit] = fromA
            ? [a, b, aSend && bReceive && Math.min(aSend, bReceive)]
            : [b, a, bSend && aReceive && Math.min(bSend, aReceive)]
          from.forget()
          to.forget()
          const largest = from.machine.largest
          if (limit === 0 && largest > 0 && size + 4 > largest) {
            expect(() => from.submit(dataOf(size))).toThrow('octets of user data')
            continue
          }
          from.submit(dataOf(size))
          if (limit > 0) for (const tsdu of from.tsdus) expect(tsdu.length).toBeLessThanOrEqual(limit)
          to.feed(...from.tsdus)
          expect(to.told).toEqual(['S-DATA.indication'])
          expect(sameOctets(userData(to), octets(size))).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})
