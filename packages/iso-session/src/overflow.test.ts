import { hex, sameOctets, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { AB_PROTOCOL, AB_RESTRICTION, AC, answered, asked, CN_OVERFLOW, close, down, Harness } from '../test/harness.js'
import { decodeTsdu } from './tsdu.js'

const octets = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 7) & 0xff)
const maxUserData = 200_000
const refused134 = '0c 09 11 01 01 16 01 03 32 01 86'
const calling = (size: number, options = {}) =>
  new Harness({ maxUserData, ...options }).submit({ ...down.connect, userData: octets(size) }).below(answered)
const called = (options = {}) => new Harness({ maxUserData, ...options }).below(asked).forget()

describe('S-13: more user data than a CN holds, X.225, 7.1 to 7.3', () => {
  test.each([10_241, 10_240 + 65_528, 10_240 + 65_529, 200_000])(
    'S-13: %i octets go in a CN and CDOs, and come out as they went in',
    size => {
      const a = calling(size)
      const b = called()
      expect([a.state, hex(a.tsdus[0]!.subarray(16, 23))]).toEqual(['STA02B', '3c 01 01 c2 ff 28 00'])
      b.feed(a.tsdus[0]!)
      expect([b.told, b.state, b.sent]).toEqual([[], 'STA01D', ['10 03 16 01 02']])
      a.forget().feed(b.tsdus[0]!)
      expect(a.state).toBe('STA02A')
      const cdos = a.tsdus.map(tsdu => decodeTsdu(tsdu)[0])
      expect(cdos.map(cdo => cdo.type === 'CDO' && cdo.enclosureItem)).toEqual([...cdos.slice(1).map(() => 0), 2])
      expect(Math.max(...a.tsdus.map(tsdu => tsdu.length))).toBeLessThanOrEqual(65_539)
      b.feed(...a.tsdus)
      expect(b.told).toEqual(['S-CONNECT.indication'])
      expect(sameOctets((b.last as { userData: Uint8Array }).userData, octets(size))).toBe(true)
      a.feed(b.forget().submit(down.accept).tsdus[0]!)
      expect([a.told, a.state, b.state]).toEqual([['S-CONNECT.confirm accept'], 'STA713', 'STA713'])
      expect([a.machine.opening, b.machine.opening, a.machine.ends, b.machine.ends]).toEqual([undefined, undefined, undefined, undefined])
    },
  )

  test('S-13: a maximum TSDU size holds for CDOs too, and OA says what the AC repeats', () => {
    const tsduMaximumSize = { send: 1_000, receive: 2_000 }
    const a = calling(20_000, { tsduMaximumSize })
    const b = called({ tsduMaximumSize: { send: 500, receive: 800 } }).feed(a.tsdus[0]!)
    expect(b.sent).toEqual(['10 09 15 04 03 20 01 f4 16 01 02'])
    a.forget().feed(b.tsdus[0]!)
    expect(Math.max(...a.tsdus.map(tsdu => tsdu.length))).toBeLessThanOrEqual(800)
    b.feed(...a.tsdus).submit(down.accept)
    expect(b.sent[1]).toContain('15 04 03 20 01 f4')
  })

  test('S-13: the answer may be a refusal, before the CDOs or behind them', () => {
    const first = calling(20_000).forget().feed('0c 03 32 01 83')
    expect(first.outcome).toEqual([[close], ['S-CONNECT.confirm reject'], 'STA01'])
    const then = calling(20_000).feed('10 03 16 01 02').forget().feed('0c 05 32 03 02 31 80')
    expect(then.delivered).toMatchObject([{ result: 'reject', reason: 2, userData: unhex('31 80') }])
    expect([first.machine.opening, then.machine.opening]).toEqual([undefined, undefined])
  })

  test('S-13: the policy is asked when the CN comes', () => {
    const h = called({ accept: () => 129 as const }).feed(CN_OVERFLOW)
    expect([h.sent, h.state]).toEqual([['0c 09 11 01 01 16 01 03 32 01 81'], 'STA16'])
  })

  test('RS-07: with maxUserData at its default overflow is refused with 134, and nothing is put together', () => {
    const h = new Harness().below(asked).forget().feed(CN_OVERFLOW)
    expect(h.outcome).toEqual([[refused134], [], 'STA16'])
    expect(() => new Harness().submit({ ...down.connect, userData: octets(10_241) })).toThrow('at most 10240 octets')
  })

  test('RS-07: what is sent beyond maxUserData ends the connection, and nobody is told, for nobody was asked', () => {
    const h = called({ maxUserData: 10_241 }).feed(CN_OVERFLOW, '0f 06 19 01 00 c1 01 62').forget()
    const much = Uint8Array.from([0x0f, 0xff, 0x28, 0x07, 0x19, 1, 2, 0xc1, 0xff, 0x28, 0x00, ...new Uint8Array(10_240)])
    expect(h.feed(much).outcome).toEqual([[AB_RESTRICTION], [], 'STA16'])
    expect(h.timers.pending).toBe(1)
  })

  test.each([
    ['overflow with the bit clear', '0d 0f 05 06 13 01 00 16 01 02 14 02 00 02 3c 01 00', '0c 09 11 01 01 16 01 03 32 01 85'],
    ['overflow beside version 1', '0d 0f 05 06 13 01 00 16 01 03 14 02 00 02 3c 01 01', '0c 09 11 01 01 16 01 03 32 01 85'],
  ])('RS-07: %s makes an invalid CN', (_, cn, rf) => {
    expect(called().feed(cn).sent).toEqual([rf])
  })

  test('RS-11: a CDO that is not the last has user data', () => {
    const h = called().feed(CN_OVERFLOW).forget().feed('0f 03 19 01 00')
    expect(h.outcome).toEqual([[AB_PROTOCOL], [], 'STA16'])
  })

  test.each([
    ['version 1', '10 03 16 01 01'],
    ['versions 1 and 2', '10 03 16 01 03'],
    ['no version', '10 03 16 01 00'],
  ])('RS-06: an OA that names %s is a protocol error', (_, octets) => {
    const h = calling(20_000).forget().feed(octets)
    expect(h.outcome).toEqual([[AB_PROTOCOL], ['S-P-ABORT.indication local provider SESSION_VERSION'], 'STA16'])
  })

  test('RS-08: an OA with a maximum TSDU size of no use is a protocol error', () => {
    const h = calling(20_000, { tsduMaximumSize: { send: 100 } })
      .forget()
      .feed('10 09 15 04 00 20 00 00 16 01 02')
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_TSDU_SIZE'])
  })

  test('RS-13: our user may abort while OA is awaited, and the peer may', () => {
    expect(calling(20_000).forget().submit(down.abort).outcome).toEqual([['19 03 11 01 03'], [], 'STA16'])
    expect(calling(20_000).forget().feed('19 03 11 01 03').outcome).toEqual([[close], ['S-U-ABORT.indication'], 'STA01'])
  })

  test('RS-11: AC without OA is a protocol error', () => {
    expect(calling(20_000).forget().feed(AC).told).toEqual(['S-P-ABORT.indication local provider SESSION_UNEXPECTED'])
  })
})

/** What a machine without a session may not have. */
const leftOver = ({ state, timers, machine }: Harness) =>
  state !== 'STA01' || timers.pending > 0 || [machine.assembly, machine.opening].some(kept => kept !== undefined)

describe('RS-16: what opens and never finishes', () => {
  test('RS-16: 10 000 overflows, segments, refusals, aborts and kept connections cut short leave no timer and no octet behind', () => {
    const options = { maxUserData: 20_000, keepTransport: 1_000, tsduMaximumSize: { send: 100, receive: 100 } }
    const h = new Harness(options)
    const left: number[] = []
    const cn = '0d 12 05 0c 13 01 00 15 04 00 64 00 64 16 01 02 14 02 00 02'
    const cuts: readonly (() => void)[] = [
      () => h.feed(CN_OVERFLOW),
      () => h.feed(CN_OVERFLOW, '0f 06 19 01 00 c1 01 62'),
      () => h.feed(cn).submit(down.accept).feed('01 00 01 03 19 01 01 61'),
      () => h.feed(cn).submit(down.accept).feed('09 06 19 01 01 c1 01 61'),
      () => h.feed(cn).submit(down.accept).feed('19 09 11 01 02 19 01 01 c1 01 61'),
      () => h.feed(cn).submit(down.accept).feed('19 03 11 01 02'),
      () => h.feed(cn).submit(down.accept).submit(down.abort),
      () => h.feed(cn).submit(down.reject),
      () => h.feed(cn).submit(down.accept).feed('09 03 11 01 00').submit(down.affirm),
    ]
    for (let i = 0; i < 10_000; i++) {
      h.below(asked)
      cuts[i % cuts.length]!()
      if (i % 2) h.below({ type: 'T-DISCONNECT.indication', by: 'peer' })
      else h.timers.advance(10_000)
      // Without a timer of the protocol it is the transport that ends it.
      if (h.state !== 'STA01') h.below({ type: 'T-DISCONNECT.indication', by: 'peer' })
      if (leftOver(h)) left.push(i)
      h.forget()
    }
    h.below(asked).feed(cn).submit(down.accept)
    expect(h.told).toEqual(['S-CONNECT.indication'])
    const asking = new Harness(options)
    for (let i = 0; i < 10_000; i++) {
      asking.submit({ ...down.connect, userData: octets(i % 2 ? 1 : 10_241) })
      if (i % 3) asking.below(answered)
      if (i % 5 === 0) asking.submit(down.abort)
      if (asking.state !== 'STA01') asking.below({ type: 'T-DISCONNECT.indication', by: 'peer' })
      if (leftOver(asking)) left.push(i)
      asking.forget()
    }
    expect(left).toEqual([])
  })
})
