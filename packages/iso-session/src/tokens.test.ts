import { EncodeError, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { AB_PROTOCOL, answered, asked, close, down, established, Harness } from '../test/harness.js'
import type { SConnectConfirm, SConnectIndication } from './service.js'
import { FunctionalUnit, Token, type TokenPlace } from './values.js'

const { duplex, halfDuplex, negotiatedRelease, typedData } = FunctionalUnit
const units = halfDuplex | negotiatedRelease
const both = Token.data | Token.release
/** CN and AC of version 2 with half-duplex and negotiated release. */
const cnWith = (setting: string, requirements = '00 81') => `0d 0f 05 09 13 01 00 16 01 02 1a 01 ${setting} 14 02 ${requirements}`
const acWith = (setting: string, requirements = '00 81') => `0e 0f 05 09 13 01 00 16 01 02 1a 01 ${setting} 14 02 ${requirements}`
const asking = (initialTokens?: Partial<Record<'data' | 'release', TokenPlace>>, options = {}) =>
  new Harness({ functionalUnits: units, ...options })
    .submit({ ...down.connect, sessionRequirements: units, ...(initialTokens && { initialTokens }) })
    .below(answered)
const called = (cn: string, options = {}) => new Harness({ functionalUnits: units, ...options }).below(asked).feed(cn)

describe('S-06, S-11: where the tokens start, X.225, 5.8.2', () => {
  test.each<[string, Partial<Record<'data' | 'release', TokenPlace>> | undefined, string | undefined]>([
    ['nothing said', undefined, undefined],
    ['data at the responder', { data: 'responder' }, '01'],
    ['release at the responder', { release: 'responder', data: 'initiator' }, '40'],
    ['both left to the called user', { release: "called user's choice", data: "called user's choice" }, '82'],
  ])('S-06: a CN: %s', (_, initialTokens, octet) => {
    const cn = asking(initialTokens).sent[1]!
    expect(cn).toBe(octet === undefined ? '0d 0c 05 06 13 01 00 16 01 02 14 02 00 81' : cnWith(octet))
  })

  test.each([
    ['00', '00', both],
    ['00', '41', both],
    ['01', '01', Token.release],
    ['40', '40', Token.data],
    ['41', '41', 0],
    ['02', '00', both],
    ['02', '01', Token.release],
    ['82', '41', 0],
    ['82', '40', Token.data],
  ])('S-11: CN %s, AC %s: the initiator holds %i', (proposed, answer, owned) => {
    const places: readonly TokenPlace[] = ['initiator', 'responder', "called user's choice"]
    const setting = Number.parseInt(proposed, 16)
    const h = asking({ data: places[setting & 3]!, release: places[setting >> 6]! }).feed(acWith(answer))
    expect((h.last as Extract<SConnectConfirm, { result: 'accept' }>).ownedTokens).toBe(owned)
    expect(h.machine.ownedTokens).toBe(owned)
  })

  test('S-11: an AC that moves what the CN has placed is taken as the CN has it, unless otherTokenSetting is off', () => {
    const strict = asking(undefined, { tolerate: { otherTokenSetting: false } })
      .forget()
      .feed(acWith('01'))
    expect([strict.sent, strict.told]).toEqual([[AB_PROTOCOL], ['S-P-ABORT.indication local provider SESSION_TOKENS']])
    expect(asking(undefined, { tolerate: { otherTokenSetting: false } }).feed(acWith('00')).told).toEqual(['S-CONNECT.confirm accept'])
  })

  test.each(['02', '03', '80'])('S-11: an AC that leaves open what was its to decide is a protocol error: %s', setting => {
    const h = asking({ data: "called user's choice", release: "called user's choice" }).forget().feed(acWith(setting))
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_TOKENS'])
  })

  test('S-11: the responder hears where the tokens are to start, repeats that, and decides what is left to it', () => {
    const h = called(cnWith('42'))
    expect((h.last as SConnectIndication).initialTokens).toMatchObject({ release: 'responder', data: "called user's choice" })
    h.submit({ ...down.accept, initialTokens: { data: 'responder' } })
    expect([h.sent[1], h.machine.ownedTokens]).toEqual([acWith('41'), both])
    const plain = called(cnWith('42')).submit(down.accept)
    expect([plain.sent[1], plain.machine.ownedTokens]).toEqual([acWith('40'), Token.release])
  })

  test.each<[string, string, Partial<Record<'data' | 'release', TokenPlace>>]>([
    ['moves a token that the CN has placed', '00', { data: 'responder' }],
    ['leaves a token open', '02', { data: "called user's choice" }],
    ['puts a token in a reserved place', '02', { data: 'reserved' }],
  ])('S-11: a response that %s has no encoding', (_, setting, initialTokens) => {
    const h = called(cnWith(setting))
    expect(() => h.submit({ ...down.accept, initialTokens })).toThrow(
      expect.objectContaining({ name: 'EncodeError', code: 'SESSION_TOKENS' }),
    )
    expect(h.state).toBe('STA08')
  })

  test('S-11: a request that puts a token in a reserved place has no encoding', () => {
    expect(() => asking({ data: 'reserved' })).toThrow(EncodeError)
  })

  test('RS-05: a reserved place in a CN is refused with 134 where the token would be there, and means nothing where not', () => {
    expect(called(cnWith('03')).sent[1]).toBe('0c 09 11 01 01 16 01 03 32 01 86')
    expect(called(cnWith('0c')).told).toEqual(['S-CONNECT.indication'])
    expect(called(cnWith('03', '00 82'), { functionalUnits: duplex }).told).toEqual(['S-CONNECT.indication'])
  })

  test('S-11: without a unit that has tokens none are told of', () => {
    const h = new Harness().below(asked).feed(cnWith('00', '00 82'))
    expect('initialTokens' in h.last).toBe(false)
    expect('ownedTokens' in established('initiator').feed('01 00').machine).toBe(true)
    const asked713 = new Harness().submit(down.connect).below(answered).feed('0e 0c 05 06 13 01 00 16 01 02 14 02 00 02')
    expect('ownedTokens' in asked713.last).toBe(false)
  })
})

describe('S-11: half-duplex or duplex, X.225, 5.8.1', () => {
  const every = { functionalUnits: duplex | halfDuplex | typedData }

  test.each([
    ['half-duplex alone', '00 01', halfDuplex],
    ['duplex alone', '00 02', duplex],
    ['both', '00 03', duplex],
    ['both and typed data', '04 03', duplex | typedData],
  ])('S-11: a CN with %s is accepted with what both have, duplex where it may be either', (_, requirements, selected) => {
    const h = new Harness(every).below(asked).feed(`0d 0c 05 06 13 01 00 16 01 02 14 02 ${requirements}`).submit(down.accept)
    expect(h.machine.requirements).toBe(selected)
  })

  test('S-11: the user may choose half-duplex of both, and never both of them', () => {
    const h = new Harness(every).below(asked).feed('0d 0c 05 06 13 01 00 16 01 02 14 02 00 03')
    expect(() => h.submit({ ...down.accept, sessionRequirements: duplex | halfDuplex })).toThrow('not both')
    h.submit({ ...down.accept, sessionRequirements: halfDuplex })
    expect([h.machine.requirements, h.sent[1]]).toEqual([halfDuplex, acWith('00', '00 01')])
  })

  test('S-11, RS-05: a half-duplex machine takes a CN without PI 20, which means half-duplex', () => {
    const h = new Harness({ functionalUnits: halfDuplex }).below(asked).feed('0d 08 05 06 13 01 00 16 01 02').submit(down.accept)
    expect(h.machine.requirements).toBe(halfDuplex)
    expect(new Harness({ functionalUnits: halfDuplex }).submit(down.connect).below(answered).sent[1]).toContain('14 02 00 01')
  })

  const offering = () =>
    new Harness(every)
      .submit({ ...down.connect, sessionRequirements: duplex | halfDuplex })
      .below(answered)
      .forget()

  test('S-11: who proposes both is answered with one', () => {
    expect(offering().feed('0e 0c 05 06 13 01 00 16 01 02 14 02 00 01').machine.requirements).toBe(halfDuplex)
    expect(offering().feed('0e 0c 05 06 13 01 00 16 01 02 14 02 00 02').machine.requirements).toBe(duplex)
  })

  test.each(['00 03', '00 00'])('S-11: an AC with %s, where both were proposed, settles nothing: abort', requirements => {
    const h = offering().feed(`0e 0c 05 06 13 01 00 16 01 02 14 02 ${requirements}`)
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_REQUIREMENTS'])
  })
})

describe('S-09: tokens on the way', () => {
  test('S-09: tokens asked for in the AC are an indication of their own behind the confirm, X.225, 7.4.3', () => {
    const h = called(cnWith('00')).submit({ ...down.accept, pleaseTokens: Token.data })
    expect(h.sent[1]).toBe('0e 12 05 09 13 01 00 16 01 02 1a 01 00 10 01 01 14 02 00 81')
    const to = asking().feed(h.tsdus[0]!)
    expect(to.told).toEqual(['S-CONNECT.confirm accept', 'S-TOKEN-PLEASE.indication 1'])
  })

  test('S-09: of what an AC asks for, tokens that are not there are ignored', () => {
    const some = asking().feed('0e 12 05 09 13 01 00 16 01 02 1a 01 00 10 01 55 14 02 00 81')
    expect(some.told.at(-1)).toBe(`S-TOKEN-PLEASE.indication ${both}`)
    const none = asking().feed('0e 12 05 09 13 01 00 16 01 02 1a 01 00 10 01 14 14 02 00 81')
    expect(none.told).toEqual(['S-CONNECT.confirm accept'])
  })

  test('S-09: a user who aborts inside the confirm hears nothing more of the AC', () => {
    const h = asking()
    h.machine.onDeliver = primitive => {
      h.delivered.push(primitive)
      if (primitive.type === 'S-CONNECT.confirm') h.machine.submit(down.abort)
    }
    h.forget().feed('0e 12 05 09 13 01 00 16 01 02 1a 01 00 10 01 01 14 02 00 81')
    expect(h.outcome).toEqual([['19 03 11 01 03'], ['S-CONNECT.confirm accept'], 'STA16'])
  })

  test.each([
    ['GT with a token item of no token', '01 03 10 01 00'],
    ['PT with reserved bits alone', '02 03 10 01 aa'],
    ['GT with user data in segments and no token item', '01 06 19 01 01 c1 01 61'],
  ])('RS-09: %s is a protocol error', (_, octets) => {
    const h = asking().feed(acWith('00')).forget().feed(octets)
    expect(h.told).toEqual(['S-P-ABORT.indication local provider SESSION_TOKENS'])
  })

  test('S-12: GT and PT with user data in segments happen once, with the last of them', () => {
    const cn = '0d 12 05 0c 13 01 00 15 04 00 40 00 40 16 01 02 14 02 00 01'
    const options = { functionalUnits: halfDuplex, tsduMaximumSize: { send: 64, receive: 64 } }
    const b = new Harness(options).below(asked).feed(cn).submit(down.accept)
    const a = new Harness(options).submit(down.connect).below(answered).feed(b.tsdus[0]!)
    a.forget().submit({ ...down.give, userData: new Uint8Array(100).fill(7) })
    expect(a.sent).toHaveLength(2)
    b.forget().feed(a.tsdus[0]!)
    expect([b.told, b.machine.ownedTokens]).toEqual([[], 0])
    b.feed(a.tsdus[1]!)
    expect(b.delivered).toEqual([{ type: 'S-TOKEN-GIVE.indication', tokens: 1, userData: new Uint8Array(100).fill(7) }])
    a.forget().submit({ ...down.please, userData: new Uint8Array(100).fill(8) })
    b.feed(...a.tsdus)
    expect(b.told.at(-1)).toBe('S-TOKEN-PLEASE.indication 1')
  })

  test('S-09: reserved bits of a token item are ignored', () => {
    const h = asking().feed(acWith('00')).forget().feed('02 03 10 01 ab')
    expect(h.told).toEqual(['S-TOKEN-PLEASE.indication 1'])
  })

  test('S-13: GT has user data in version 2 only, PT 512 octets in version 1', () => {
    const v1 = (type: 'give' | 'please', size: number) => () =>
      established('initiator', {
        options: { functionalUnits: halfDuplex, proposedVersions: 1 },
        ac: '0e 0c 05 06 13 01 00 16 01 01 14 02 00 01',
      }).submit({ ...down[type], userData: new Uint8Array(size) })
    expect(v1('give', 1)).toThrow('at most 0 octets')
    expect(v1('please', 513)).toThrow('at most 512 octets')
    expect(v1('please', 512)().tsdus[0]).toHaveLength(4 + 3 + 4 + 512)
    const v2 = asking()
      .feed(acWith('00'))
      .forget()
      .submit({ ...down.give, tokens: both, userData: unhex('61') })
    expect(v2.sent).toEqual(['01 06 10 01 41 c1 01 61'])
  })

  test.each([0, 2, 0x100, -1])('S-09: tokens %i have no encoding', tokens => {
    const h = asking().feed(acWith('00'))
    for (const primitive of [down.give, down.please]) {
      expect(() => h.submit({ ...primitive, tokens })).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'SESSION_TOKENS' }))
    }
    expect(() => called(cnWith('00')).submit({ ...down.accept, pleaseTokens: tokens })).toThrow(EncodeError)
  })

  test('S-09: with half-duplex a whole dialogue: the token goes over, and comes back for the release', () => {
    const a = new Harness({ functionalUnits: halfDuplex }).submit(down.connect).below(answered)
    const b = new Harness({ functionalUnits: halfDuplex }).below(asked).feed(a.tsdus[0]!).submit(down.accept)
    a.feed(b.tsdus[0]!)
    const say = (from: Harness, to: Harness, ...primitives: Parameters<Harness['submit']>[0][]) => {
      from.forget()
      for (const primitive of primitives) from.submit(primitive)
      to.feed(...from.tsdus)
    }
    say(a, b, down.give)
    say(b, a, { ...down.please, tokens: Token.data })
    say(b, a, { ...down.give, tokens: Token.data })
    say(a, b, down.release)
    say(b, a, down.affirm)
    expect([a.sent.at(-1), a.told.at(-1), b.state]).toEqual([close, 'S-RELEASE.confirm affirmative', 'STA16'])
  })
})
