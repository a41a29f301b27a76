import { UsageError, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { AB_PROTOCOL, asked, close, data, down, established, Harness, inState, type Side } from '../test/harness.js'
import { FunctionalUnit, Token } from './values.js'

describe('RS-12: release and its collision, X.225, 7.7.3', () => {
  /** Both asked: STA09 with Vcoll. */
  const collided = (side: Side) => inState('STA03', side).feed('09 00').forget()

  test('RS-12: the initiator answers first, then waits', () => {
    const h = collided('initiator')
    expect([h.state, h.machine.vcoll]).toEqual(['STA09', true])
    expect(h.submit(down.affirm).state).toBe('STA03')
    expect(h.sent).toEqual(['0a 00'])
    h.feed('0a 00')
    expect([h.sent, h.told, h.state]).toEqual([['0a 00', close], ['S-RELEASE.confirm affirmative'], 'STA01'])
  })

  test('RS-12: the responder waits for the DN, then answers', () => {
    const h = collided('responder')
    expect(() => h.submit(down.affirm)).toThrow(UsageError)
    h.feed('0a 00')
    expect([h.told, h.state, h.machine.vdnr]).toEqual([['S-RELEASE.confirm affirmative'], 'STA09', true])
    expect(h.submit(down.affirm).state).toBe('STA16')
    expect(h.sent).toEqual(['0a 00'])
  })

  test.each(['initiator', 'responder'] as const)('RS-12: a request in STA09 is the same collision, once: %s', side => {
    const h = inState('STA09', side).submit(down.release)
    expect([h.state, h.machine.vcoll, h.sent]).toEqual(['STA09', true, ['09 00']])
    expect(() => h.submit(down.release)).toThrow(UsageError)
  })

  test.each(['initiator', 'responder'] as const)('after the collision no data goes either way: %s', side => {
    const h = collided(side)
    expect(() => h.submit(data())).toThrow(UsageError)
    h.feed('01 00 01 00 61')
    expect([h.sent, h.told, h.state]).toEqual([[AB_PROTOCOL], ['S-P-ABORT.indication local provider SESSION_UNEXPECTED'], 'STA16'])
  })

  test.each<[string, () => Harness, string]>([
    ['DN to the initiator before its own answer', () => collided('initiator'), '0a 00'],
    ['a second DN to the responder', () => collided('responder').feed('0a 00').forget(), '0a 00'],
    ['a second FN', () => collided('initiator'), '09 00'],
    ['a second FN behind our DN', () => collided('initiator').submit(down.affirm).forget(), '09 00'],
    ['data behind our DN', () => collided('initiator').submit(down.affirm).forget(), '01 00 01 00 61'],
    ['DN without FN', () => inState('STA713'), '0a 00'],
    ['NF without negotiated release', () => inState('STA03'), '08 00'],
    ['FN-r from the side that did not open the transport', () => inState('STA713', 'initiator'), '09 03 11 01 00'],
  ])('RS-12: %s is a protocol error', (_, reach, octets) => {
    const h = reach().feed(octets)
    expect([h.sent, h.told, h.state]).toEqual([[AB_PROTOCOL], ['S-P-ABORT.indication local provider SESSION_UNEXPECTED'], 'STA16'])
  })

  test('S-10: release carries user data both ways', () => {
    const h = inState('STA713').submit({ ...down.release, userData: unhex('62 00') })
    h.feed('0a 04 c1 02 63 00')
    expect(h.sent).toEqual(['09 04 c1 02 62 00', close])
    expect(h.delivered).toEqual([{ type: 'S-RELEASE.confirm', result: 'affirmative', userData: unhex('63 00') }])
    const asked = inState('STA713')
      .feed('09 04 c1 02 62 00')
      .submit({ ...down.affirm, userData: unhex('63 00') })
    expect(asked.delivered).toEqual([{ type: 'S-RELEASE.indication', userData: unhex('62 00') }])
    expect(asked.sent).toEqual(['0a 04 c1 02 63 00'])
  })
})

describe('S-10: negotiated release', () => {
  const functionalUnits = FunctionalUnit.duplex | FunctionalUnit.negotiatedRelease
  const proposal = (setting: string) => `0d 0f 05 09 13 01 00 16 01 02 1a 01 ${setting} 14 02 00 82`
  const answer = '0e 0f 05 09 13 01 00 16 01 02 1a 01 00 14 02 00 82'
  const holder = () => established('initiator', { options: { functionalUnits }, ac: answer })

  test('the release token starts at the initiator, whose request may be denied', () => {
    const h = holder()
    expect([h.machine.requirements, h.machine.ownedTokens]).toEqual([functionalUnits, Token.release])
    expect(h.submit(down.release).feed('08 04 c1 02 61 00').state).toBe('STA713')
    expect(h.delivered).toEqual([{ type: 'S-RELEASE.confirm', result: 'negative', userData: unhex('61 00') }])
  })

  test.each([
    ['00', false],
    ['40', true],
    ['80', false],
  ])('token setting %s puts the release token with the responder: %s', (setting, owns) => {
    const h = new Harness({ functionalUnits })
    h.below(asked)
    h.feed(proposal(setting)).submit(down.accept)
    expect(h.machine.ownedTokens === Token.release).toBe(owns)
    expect(h.sent.at(-1)).toBe(`0e 0f 05 09 13 01 00 16 01 02 1a 01 ${owns ? '40' : '00'} 14 02 00 82`)
  })

  test('the reserved token setting is refused', () => {
    const h = new Harness({ functionalUnits })
    h.below(asked)
    h.feed(proposal('c0'))
    expect(h.sent.at(-1)).toBe('0c 09 11 01 01 16 01 03 32 01 86')
  })

  test('the side without the token may not ask, and may deny', () => {
    const h = established('responder', { options: { functionalUnits }, cn: proposal('00') })
    expect(() => h.submit(down.release)).toThrow(UsageError)
    h.feed('09 00')
    expect(h.submit({ ...down.deny, userData: unhex('61') }).state).toBe('STA713')
    expect(h.sent).toEqual(['08 03 c1 01 61'])
    expect(h.feed('09 00').submit(down.affirm).state).toBe('STA16')
  })

  test('with a token there is no collision: FN from the side without it is a protocol error', () => {
    expect(holder().feed('09 00').sent).toEqual([AB_PROTOCOL])
    expect(holder().submit(down.release).forget().feed('09 00').sent).toEqual([AB_PROTOCOL])
    const asked = established('responder', { options: { functionalUnits }, cn: proposal('00') }).feed('09 00')
    expect(() => asked.submit(down.release)).toThrow(UsageError)
  })

  test('without the unit a negative response is not allowed, and a machine without it leaves it out of its AC', () => {
    expect(() => inState('STA09').submit(down.deny)).toThrow(UsageError)
    const h = established('responder', { cn: proposal('00') })
    expect(h.machine.requirements).toBe(FunctionalUnit.duplex)
  })
})
