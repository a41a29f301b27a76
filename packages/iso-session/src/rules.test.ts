import { hex, Sdu, unhex } from '@x/core'
import { FakeProvider, HandTimers, recordDeliveries } from '@x/core/testing'
import type { TransportDelivery, TransportSubmit } from '@x/cotp'
import { describe, expect, test } from 'vitest'
import { SessionMachine } from './machine.js'
import type { SessionOptions, SessionTolerances } from './options.js'
import type { SConnectIndication, SConnectRequest, SConnectResponse, SessionDelivery } from './service.js'
import { FunctionalUnit, type ProviderRefuseReason, Version } from './values.js'

/** A machine between a transport played by the test and a user played by the test. */
function machine(options: Partial<SessionOptions> = {}) {
  const transport = new FakeProvider<TransportSubmit, TransportDelivery>()
  const timers = new HandTimers()
  const session = new SessionMachine(transport, { timers, ...options })
  const delivered = recordDeliveries(session)
  return {
    session,
    timers,
    transport,
    delivered,
    feed: (octets: Uint8Array | string) =>
      transport.deliver({ type: 'T-DATA.indication', userData: typeof octets === 'string' ? unhex(octets) : octets }),
    sent: () => transport.take().map(p => (p.type === 'T-DATA.request' ? hex(p.userData.octets()) : p.type)),
    last: () => delivered.at(-1) as SessionDelivery,
  }
}

/** A machine that was called by this CN. */
function called(cn: Uint8Array | string, options: Partial<SessionOptions> = {}) {
  const m = machine(options)
  const transportSelector = unhex('00 01')
  m.transport.deliver({ type: 'T-CONNECT.indication', called: { transportSelector }, calling: {} })
  m.sent()
  m.feed(cn)
  return m
}

/** A machine that has sent its CN. */
function calling(options: Partial<SessionOptions> = {}, request: Partial<SConnectRequest> = {}) {
  const m = machine(options)
  m.session.submit({ type: 'S-CONNECT.request', ...request })
  m.transport.deliver({ type: 'T-CONNECT.confirm', responding: {} })
  return { ...m, cn: m.sent()[1]! }
}

/** A machine in data transfer. */
function established(options: Partial<SessionOptions> = {}, ac = AC) {
  const m = calling(options)
  m.feed(ac)
  expect(m.session.state).toBe('STA713')
  return m
}

const CN = '0d 0c 05 06 13 01 00 16 01 02 14 02 00 02'
const AC = '0e 0c 05 06 13 01 00 16 01 02 14 02 00 02'
const refused = (reason: number) => `0c 09 11 01 01 16 01 03 32 01 ${reason.toString(16)}`
const aborted = (m: ReturnType<typeof machine>, octets = '19 03 11 01 05') => {
  expect(m.sent()).toEqual([octets])
  expect(m.last()).toMatchObject({ type: 'S-P-ABORT.indication', by: 'local provider' })
  expect(m.session.state).toBe('STA16')
}
/** A CN of version 2 and duplex with `size` octets of user data in `pgi`. */
const withData = (si: number, pgi: number, size: number, head = '05 06 13 01 00 16 01 02 14 02 00 02') => {
  const inner = Uint8Array.from([...unhex(head), pgi, 0xff, size >> 8, size & 255, ...new Uint8Array(size)])
  return Uint8Array.from([si, 0xff, inner.length >> 8, inner.length & 255, ...inner])
}

describe('versions, X.225, 5.8.5', () => {
  const both = Version.version1 | Version.version2
  test.each([
    ['RS-05: PI 22 absent', '0d 04 14 02 00 02', both, 1],
    ['PGI 5 without PI 22', '0d 09 05 03 13 01 00 14 02 00 02', both, 1],
    ['bit 1', '0d 09 05 03 16 01 01 14 02 00 02', both, 1],
    ['bit 2', '0d 09 05 03 16 01 02 14 02 00 02', both, 2],
    ['both bits', '0d 09 05 03 16 01 03 14 02 00 02', both, 2],
    ['both bits and reserved ones', '0d 09 05 03 16 01 ff 14 02 00 02', both, 2],
    ['both bits', '0d 09 05 03 16 01 03 14 02 00 02', Version.version2, 2],
    ['both bits', '0d 09 05 03 16 01 03 14 02 00 02', Version.version1, 1],
  ])('%s in a CN, ours %3$i: version %4$i, and the AC names it alone', (_, cn, versions, version) => {
    const m = called(cn, { versions })
    expect(m.last()).toMatchObject({ type: 'S-CONNECT.indication', version })
    m.session.submit({ type: 'S-CONNECT.response', result: 'accept' })
    expect(m.sent()).toEqual([`0e 0c 05 06 13 01 00 16 01 0${version} 14 02 00 02`])
    expect(m.session.version).toBe(version)
  })

  test.each([
    ['RS-06: neither bit', '0d 09 05 03 16 01 04 14 02 00 02', both],
    ['RS-06: PI 22 absent, ours is 2', '0d 04 14 02 00 02', Version.version2],
    ['RS-06: bit 2, ours is 1', '0d 09 05 03 16 01 02 14 02 00 02', Version.version1],
  ])('%s: refused with 132', (_, cn, versions) => {
    const m = called(cn, { versions })
    expect(m.sent()).toEqual([`0c 09 11 01 01 16 01 0${versions} 32 01 84`])
    expect(m.session.state).toBe('STA16')
  })

  test.each([
    [Version.version1, '01', AC.replace('16 01 02', '16 01 01'), 1],
    [Version.version2, '02', AC, 2],
    [Version.version2, '02', AC.replace('16 01 02', '16 01 03'), 2],
    [both, '03', AC, 2],
    [both, '03', AC.replace('16 01 02', '16 01 01'), 1],
    [both, '03', '0e 04 14 02 00 02', 1],
  ])('S-08: a CN that proposes %i names %s, and the answer selects', (proposedVersions, bits, ac, version) => {
    const m = calling({ proposedVersions })
    expect(m.cn).toBe(`0d 0c 05 06 13 01 00 16 01 ${bits} 14 02 00 02`)
    m.feed(ac)
    expect(m.last()).toMatchObject({ type: 'S-CONNECT.confirm', result: 'accept', version })
  })

  test.each([
    ['PI 22 absent', '0e 04 14 02 00 02'],
    ['version 1', AC.replace('16 01 02', '16 01 01')],
    ['no version', AC.replace('16 01 02', '16 01 00')],
  ])('RS-06: %s in an AC, though version 2 was proposed: abort', (_, ac) => {
    const m = calling()
    m.feed(ac)
    aborted(m)
    expect(m.last()).toMatchObject({ cause: { code: 'SESSION_VERSION' } })
  })
})

describe('functional units, X.225, 5.8.1', () => {
  test.each([
    ['RS-05: PI 20 absent, so half-duplex', '0d 08 05 06 13 01 00 16 01 02', 134],
    ['half-duplex alone', CN.replace('14 02 00 02', '14 02 00 01'), 134],
    ['neither, so an invalid CN', CN.replace('14 02 00 02', '14 02 04 00'), 133],
  ])('%s: refused with %3$i', (_, cn, reason) => {
    expect(called(cn).sent()).toEqual([refused(reason)])
  })

  test.each(['00 02', '00 03', '0f fa', 'ff ff'])('S-11: a CN with requirements %s is accepted with duplex alone', units => {
    const m = called(CN.replace('14 02 00 02', `14 02 ${units}`))
    expect(m.last()).toMatchObject({ type: 'S-CONNECT.indication', sessionRequirements: Number.parseInt(units.replace(' ', ''), 16) })
    m.session.submit({ type: 'S-CONNECT.response', result: 'accept' })
    expect([m.sent(), m.session.requirements]).toEqual([[AC], FunctionalUnit.duplex])
  })

  test('S-11: what an AC names beyond the CN is not selected', () => {
    const m = calling()
    m.feed(AC.replace('14 02 00 02', '14 02 07 fa'))
    expect(m.last()).toMatchObject({ result: 'accept', sessionRequirements: FunctionalUnit.duplex })
  })

  test.each([
    ['S-11: absent, so half-duplex', '0e 08 05 06 13 01 00 16 01 02'],
    ['half-duplex', AC.replace('14 02 00 02', '14 02 00 01')],
    ['half-duplex and duplex', AC.replace('14 02 00 02', '14 02 00 03')],
  ])('an AC with requirements %s: abort', (_, ac) => {
    const m = calling()
    m.feed(ac)
    aborted(m)
    expect(m.last()).toMatchObject({ cause: { code: 'SESSION_REQUIREMENTS' } })
  })
})

describe('what goes up and down at connection', () => {
  const sessionSelector = unhex('00 02')
  const transportSelector = unhex('00 01')
  const identifier = { ssUserReference: unhex('ca'), commonReference: unhex('c0'), additionalReferenceInformation: unhex('01') }

  test('S-08, S-09: a request passes the transport its selectors and the CN the others', () => {
    const m = machine()
    m.session.submit({
      type: 'S-CONNECT.request',
      called: { sessionSelector, transportSelector },
      calling: { sessionSelector: unhex('00 03') },
      sessionConnectionIdentifier: identifier,
      userData: unhex('31 80'),
    })
    expect(m.transport.take()).toEqual([{ type: 'T-CONNECT.request', called: { transportSelector }, calling: {} }])
    m.transport.deliver({ type: 'T-CONNECT.confirm', responding: { transportSelector } })
    expect(m.sent()).toEqual([
      '0d 23 01 09 0a 01 ca 0b 01 c0 0c 01 01 05 06 13 01 00 16 01 02 14 02 00 02 33 02 00 03 34 02 00 02 c1 02 31 80',
    ])
    m.feed('0e 1f 01 09 09 01 ce 0b 01 c0 0c 01 01 05 06 13 01 00 16 01 02 14 02 00 02 34 02 00 07 c1 02 31 81')
    expect(m.last()).toEqual({
      type: 'S-CONNECT.confirm',
      result: 'accept',
      responding: { transportSelector, sessionSelector: unhex('00 07') },
      sessionConnectionIdentifier: { ...identifier, ssUserReference: unhex('ce') },
      sessionRequirements: 2,
      version: 2,
      userData: unhex('31 81'),
    })
  })

  test('S-08, S-09: an indication has both addresses, and the AC repeats the selector we were called by', () => {
    const m = called('0d 23 01 09 0a 01 ca 0b 01 c0 0c 01 01 05 06 13 01 00 16 01 02 14 02 00 02 33 02 00 03 34 02 00 02 c1 02 31 80')
    expect(m.last()).toEqual({
      type: 'S-CONNECT.indication',
      called: { transportSelector, sessionSelector },
      calling: { sessionSelector: unhex('00 03') },
      sessionConnectionIdentifier: identifier,
      sessionRequirements: 2,
      version: 2,
      userData: unhex('31 80'),
    })
    m.session.submit({
      type: 'S-CONNECT.response',
      result: 'accept',
      sessionConnectionIdentifier: { ssUserReference: unhex('ce') },
      userData: unhex('31 81'),
    })
    expect(m.sent()).toEqual(['0e 19 01 03 09 01 ce 05 06 13 01 00 16 01 02 14 02 00 02 34 02 00 02 c1 02 31 81'])
  })

  test('the responder may answer with another selector', () => {
    const m = called(CN)
    m.session.submit({ type: 'S-CONNECT.response', result: 'accept', responding: { sessionSelector } })
    expect(m.sent()).toEqual(['0e 10 05 06 13 01 00 16 01 02 14 02 00 02 34 02 00 02'])
  })

  test('S-08: selectors have 0 to 16 octets; an empty one is not sent', () => {
    expect(calling({}, { called: { sessionSelector: new Uint8Array(0) } }).cn).toBe(CN)
    expect(calling({}, { called: { sessionSelector: new Uint8Array(16) } }).cn).toContain('34 10 00')
    expect(() => calling({}, { calling: { sessionSelector: new Uint8Array(17) } })).toThrow(
      expect.objectContaining({ name: 'EncodeError' }),
    )
  })

  test('iec61850bean: calling and called selectors swapped, options and versions as it wants them, go through', () => {
    const m = called('0d 14 05 06 13 01 00 16 01 02 14 02 00 02 34 02 00 01 33 02 00 01')
    m.session.submit({ type: 'S-CONNECT.response', result: 'accept' })
    expect(m.sent()).toEqual(['0e 10 05 06 13 01 00 16 01 02 14 02 00 02 34 02 00 01'])
  })
})

describe('S-14, RS-10: refusals', () => {
  test.each<ProviderRefuseReason>([129, 130, 131, 132, 133, 134])('S-14: our policy refuses with %i', reason => {
    let asked: SConnectIndication | undefined
    const m = called(`${CN.replace('0d 0c', '0d 10')} 34 02 00 09`, {
      accept: request => {
        asked = request
        return reason
      },
    })
    expect(m.sent()).toEqual([refused(reason)])
    expect(asked).toMatchObject({ type: 'S-CONNECT.indication', called: { sessionSelector: unhex('00 09') } })
    expect([m.delivered, m.session.state, m.timers.pending]).toEqual([[], 'STA16', 1])
  })

  test('RS-10: a selector of 17 octets is an invalid CN: 133', () => {
    const cn = Uint8Array.from([0x0d, 31, ...unhex('05 06 13 01 00 16 01 02 14 02 00 02'), 0x34, 17, ...new Uint8Array(17)])
    expect(called(cn).sent()).toEqual([refused(133)])
  })

  test.each<[string, Partial<Extract<SConnectResponse, { result: 'reject' }>>, string]>([
    ['without a reason', {}, '0c 09 11 01 01 16 01 03 32 01 00'],
    ['for congestion', { reason: 1 }, '0c 09 11 01 01 16 01 03 32 01 01'],
    ['with user data', { userData: unhex('31 80') }, '0c 0f 11 01 01 14 02 00 02 16 01 03 32 03 02 31 80'],
    ['with reason 2 and no data', { reason: 2 }, '0c 0d 11 01 01 14 02 00 02 16 01 03 32 01 02'],
    [
      'with its reference',
      { sessionConnectionIdentifier: { ssUserReference: unhex('ce') } },
      '0c 0e 01 03 09 01 ce 11 01 01 16 01 03 32 01 00',
    ],
  ])('S-14: our user refuses %s', (_, response, octets) => {
    const m = called(CN)
    m.session.submit({ type: 'S-CONNECT.response', result: 'reject', ...response })
    expect(m.sent()).toEqual([octets])
    expect([m.session.state, m.timers.pending]).toEqual(['STA16', 1])
  })

  test.each([
    ['S-14: by its user, without a word', '0c 03 32 01 00', { by: 'peer', reason: 0 }],
    ['S-14: for congestion', '0c 03 32 01 01', { by: 'peer', reason: 1 }],
    [
      'S-14: with user data',
      '0c 0f 11 01 01 14 02 00 02 16 01 02 32 03 02 31 80',
      { by: 'peer', reason: 2, sessionRequirements: 2, versions: 2, userData: unhex('31 80') },
    ],
    ['S-14: by its provider', '0c 09 11 01 01 16 01 01 32 01 84', { by: 'peer provider', reason: 132, versions: 1 }],
    ['with a reserved reason of its provider', '0c 03 32 01 80', { by: 'peer provider', reason: 128 }],
    ['without PI 50', '0c 00', { by: 'peer', reason: 0, withoutReason: true }],
  ])('the peer refuses, %s', (_, rf, expected) => {
    const m = calling({}, { called: { sessionSelector: unhex('01') } })
    m.feed(rf)
    expect(m.last()).toEqual({
      type: 'S-CONNECT.confirm',
      result: 'reject',
      responding: { sessionSelector: unhex('01') },
      offered: { sessionRequirements: FunctionalUnit.duplex, versions: Version.version2 },
      userData: new Uint8Array(0),
      ...expected,
    })
    expect(m.sent()).toEqual(['T-DISCONNECT.request'])
  })
})

describe('S-13, RS-07: user data', () => {
  test.each([
    [1, 'c1 01'],
    [512, 'c1 ff 02 00'],
    [513, 'c2 ff 02 01'],
    [10_240, 'c2 ff 28 00'],
  ])('S-13: %i octets go out in the right group', (size, header) => {
    const { cn } = calling({}, { userData: new Uint8Array(size).fill(0xee) })
    expect(cn).toContain(`14 02 00 02 ${header} ee`)
  })

  test.each<[string, number, () => unknown]>([
    ['a CN that proposes version 1', 512, () => calling({ proposedVersions: 3 }, { userData: new Uint8Array(513) })],
    ['a CN', 10_240, () => calling({}, { userData: new Uint8Array(10_241) })],
    [
      'an AC of version 1',
      512,
      () =>
        called(CN.replace('16 01 02', '16 01 01')).session.submit({
          type: 'S-CONNECT.response',
          result: 'accept',
          userData: new Uint8Array(513),
        }),
    ],
    [
      'an RF of version 1',
      512,
      () =>
        called(CN.replace('16 01 02', '16 01 01')).session.submit({
          type: 'S-CONNECT.response',
          result: 'reject',
          userData: new Uint8Array(513),
        }),
    ],
    [
      'an FN of version 1',
      512,
      () =>
        established({ proposedVersions: 1 }, AC.replace('16 01 02', '16 01 01')).session.submit({
          type: 'S-RELEASE.request',
          userData: new Uint8Array(513),
        }),
    ],
    [
      'an AB of version 1',
      9,
      () =>
        established({ proposedVersions: 1 }, AC.replace('16 01 02', '16 01 01')).session.submit({
          type: 'S-U-ABORT.request',
          userData: new Uint8Array(10),
        }),
    ],
  ])('S-13: more than %2$i octets in %s have no encoding', (_, limit, run) => {
    expect(run).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'SESSION_USER_DATA_SIZE' }))
    expect(run).toThrow(`expected at most ${limit} octets`)
  })

  test('S-13: before an AC has come, the limits are those of the highest version proposed', () => {
    const abort = (proposedVersions: number) => () =>
      calling({ proposedVersions }).session.submit({ type: 'S-U-ABORT.request', userData: new Uint8Array(10) })
    expect(abort(Version.version1)).toThrow(expect.objectContaining({ code: 'SESSION_USER_DATA_SIZE' }))
    expect(abort(Version.version1 | Version.version2)).not.toThrow()
  })

  test('maxUserData may be none at all', () => {
    expect(called(CN, { maxUserData: 0 }).last()).toMatchObject({ type: 'S-CONNECT.indication' })
    expect(called(withData(13, 193, 1), { maxUserData: 0 }).sent()).toEqual([refused(134)])
  })

  test('S-13: at the limits of version 1 all go out', () => {
    const m = established({ proposedVersions: 1 }, AC.replace('16 01 02', '16 01 01'))
    m.session.submit({ type: 'S-RELEASE.request', userData: new Uint8Array(512) })
    m.session.submit({ type: 'S-U-ABORT.request', userData: new Uint8Array(9) })
    expect(m.sent().map(octets => octets.slice(0, 23))).toEqual(['09 ff 02 04 c1 ff 02 00', '19 0e 11 01 03 c1 09 00'])
  })

  test.each([
    ['512 octets in group 193', withData(13, 193, 512), undefined],
    ['RS-07: 513 octets in group 193', withData(13, 193, 513), 134],
    ['10 240 octets in group 194', withData(13, 194, 10_240), undefined],
    ['RS-07: 10 241 octets in group 194', withData(13, 194, 10_241), 134],
    ['RS-07: overflow announced', withData(13, 194, 10_240, '05 06 13 01 00 16 01 02 14 02 00 02 3c 01 01'), 134],
    ['RS-07: both groups', '0d 12 05 06 13 01 00 16 01 02 14 02 00 02 c1 01 31 c2 01 31', 133],
    ['RS-07: group 194 beside version 1', withData(13, 194, 600, '05 06 13 01 00 16 01 03 14 02 00 02'), 133],
    ['overflow beside version 1', '0d 0f 05 06 13 01 00 16 01 03 14 02 00 02 3c 01 01', 133],
  ])('%s in a CN', (_, cn, reason) => {
    const m = called(cn)
    if (reason) expect(m.sent()).toEqual([refused(reason)])
    else expect((m.last() as SConnectIndication).userData).toHaveLength(cn.length - 20)
  })

  test('maxUserData: what we take, to the octet', () => {
    const size = (si: number, n: number) => withData(si, 193, n)
    const released = (n: number) => withData(9, 193, n, '')
    expect(called(size(13, 100), { maxUserData: 100 }).last()).toMatchObject({ type: 'S-CONNECT.indication' })
    expect(called(size(13, 101), { maxUserData: 100 }).sent()).toEqual([refused(134)])
    const answered = calling({ maxUserData: 100 })
    answered.feed(size(14, 101))
    aborted(answered, '19 03 11 01 11')
    const finished = established()
    finished.feed(released(10_240))
    expect(finished.last()).toMatchObject({ type: 'S-RELEASE.indication' })
    const flooded = established()
    flooded.feed(released(10_241))
    aborted(flooded, '19 03 11 01 11')
    expect(flooded.last()).toMatchObject({ cause: { code: 'SESSION_USER_DATA_SIZE' } })
  })

  test('RS-14: no user data is user data of no octets', () => {
    const m = called(CN)
    expect(m.last()).toMatchObject({ userData: new Uint8Array(0) })
    const opened = calling()
    opened.feed(AC)
    expect(opened.last()).toMatchObject({ userData: new Uint8Array(0) })
    opened.feed('09 00')
    expect(opened.last()).toEqual({ type: 'S-RELEASE.indication', userData: new Uint8Array(0) })
    opened.feed('19 03 11 01 03')
    expect(opened.last()).toEqual({ type: 'S-U-ABORT.indication', userData: new Uint8Array(0) })
  })
})

describe('maximum TSDU size and segments, where none are agreed to', () => {
  const proposing = CN.replace('0d 0c 05 06 13 01 00', '0d 12 05 0c 13 01 00 15 04 10 00 04 00')

  test('RS-08, S-12: PI 21 in a CN is left unanswered, and no TSDU above it is sent', () => {
    const m = called(proposing)
    m.session.submit({ type: 'S-CONNECT.response', result: 'accept' })
    expect(m.sent()).toEqual([AC])
    const send = (size: number) => m.session.submit({ type: 'S-DATA.request', userData: Sdu.of(new Uint8Array(size)) })
    send(1_020)
    expect(() => send(1_021)).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'SESSION_USER_DATA_SIZE' }))
    expect(m.session.state).toBe('STA713')
  })

  test('S-12: PI 21 in an AC that was not asked for binds us too', () => {
    const m = established({}, AC.replace('0e 0c 05 06 13 01 00', '0e 12 05 0c 13 01 00 15 04 00 40 04 00'))
    expect(() => m.session.submit({ type: 'S-DATA.request', userData: Sdu.of(new Uint8Array(61)) })).toThrow('at most 60 octets')
  })

  test.each([
    ['RS-08: the first segment of an SSDU', '01 00 01 03 19 01 01 61', '19 03 11 01 05'],
    ['RS-08: a middle segment', '01 00 01 03 19 01 00 61', '19 03 11 01 05'],
    ['RS-08: the last segment', '01 00 01 03 19 01 02 61', '19 03 11 01 05'],
    ['RS-08: a last segment of release data without a first', '09 06 19 01 02 c1 01 61', '19 03 11 01 05'],
    ['RS-08: release data marked as whole, which only DT and TD have', '09 06 19 01 03 c1 01 61', '19 03 11 01 05'],
  ])('%s: abort, never a part of it delivered', (_, octets, ab) => {
    const m = established()
    m.feed(octets)
    aborted(m, ab)
    expect(m.delivered.map(d => d.type)).toEqual(['S-CONNECT.confirm', 'S-P-ABORT.indication'])
  })

  test('RS-15: an enclosure item in an SPDU of version 1 is a protocol error', () => {
    const m = established({ proposedVersions: 1 }, AC.replace('16 01 02', '16 01 01'))
    m.feed('09 03 19 01 02')
    aborted(m)
  })

  test('RS-15: an AB or RF of version 1 with an enclosure item is what it is, without the part of its user data', () => {
    const refused = calling({ proposedVersions: 1 })
    refused.feed('0c 08 19 01 01 32 03 02 31 80')
    expect(refused.last()).toMatchObject({ result: 'reject', reason: 2, userData: new Uint8Array(0) })
    const m = established({ proposedVersions: 1 }, AC.replace('16 01 02', '16 01 01'))
    m.feed('19 09 11 01 03 19 01 01 c1 01 a0')
    expect(m.last()).toEqual({ type: 'S-U-ABORT.indication', userData: new Uint8Array(0) })
  })
})

describe('RS-09: concatenation', () => {
  test('a lone GT or PT without a token item is no event, in any state', () => {
    for (const m of [established(), calling(), called(CN)]) {
      const before = [m.session.state, m.delivered.length]
      m.sent()
      m.feed('01 00')
      m.feed('02 00')
      expect([m.session.state, m.delivered.length, m.sent()]).toEqual([...before, []])
    }
  })

  test('RS-09: data with a token given is delivered, then the token is a protocol error', () => {
    const m = established()
    m.feed('01 03 10 01 01 01 00 61')
    expect(m.delivered[1]).toEqual({ type: 'S-DATA.indication', userData: unhex('61') })
    aborted(m)
  })

  test.each(['02 00 01 00 61', '01 00 31 00 01 00 61', '31 00', '09 00 09 00'])('RS-09: %s is aborted', octets => {
    const m = established()
    m.feed(octets)
    aborted(m)
    expect(m.delivered).toHaveLength(2)
  })

  test('S-07: extendedConcatenation is told to the peer, and what comes is taken in the order of 6.3.7.1', () => {
    const m = calling({ extendedConcatenation: true })
    expect(m.cn).toBe(CN.replace('13 01 00', '13 01 01'))
    m.feed(AC)
    m.feed('01 00 32 00 01 00 61')
    expect(m.delivered[1]).toEqual({ type: 'S-DATA.indication', userData: unhex('61') })
    aborted(m)
    expect(m.last()).toMatchObject({ cause: { code: 'SESSION_UNEXPECTED', message: 'MIA is not allowed in state STA713' } })
    const answering = called(CN, { extendedConcatenation: true })
    answering.session.submit({ type: 'S-CONNECT.response', result: 'accept' })
    expect(answering.sent()).toEqual([AC.replace('13 01 00', '13 01 01')])
    const plain = established()
    plain.feed('01 00 32 00 01 00 61')
    expect(plain.last()).toMatchObject({ cause: { code: 'SESSION_CONCATENATION' } })
  })

  test('what follows in a TSDU whose first part ended the session is not looked at', () => {
    const m = established()
    m.session.onDeliver = d => {
      if (d.type === 'S-DATA.indication') m.session.submit({ type: 'S-U-ABORT.request' })
    }
    m.feed('01 03 10 01 01 01 00 61')
    expect([m.sent(), m.session.state]).toEqual([['19 03 11 01 03'], 'STA16'])
  })
})

describe('RS-13: aborts', () => {
  test.each([
    ['by the user', '19 03 11 01 03', 'S-U-ABORT.indication', {}],
    ['by the user of libiec61850', '19 07 11 01 0b c1 02 a0 80', 'S-U-ABORT.indication', { userData: unhex('a0 80') }],
    ['by the provider', '19 03 11 01 05', 'S-P-ABORT.indication', { by: 'peer provider', transportDisconnect: 5 }],
    ['by the provider, with reflect', '19 0a 11 01 05 31 05 01 02 03 04 05', 'S-P-ABORT.indication', { transportDisconnect: 5 }],
    ['for a restriction', '19 03 11 01 11', 'S-P-ABORT.indication', { transportDisconnect: 0x11 }],
    ['S-16: with the transport kept', '19 03 11 01 04', 'S-P-ABORT.indication', { transportDisconnect: 4 }],
  ])('RS-13: %s, indicated once, and the transport closed', (_, octets, type, more) => {
    const m = established()
    m.feed(octets)
    m.feed(octets)
    expect(m.delivered).toHaveLength(2)
    expect(m.last()).toMatchObject({ type, ...more })
    expect([m.sent(), m.session.state]).toEqual([['T-DISCONNECT.request'], 'STA01'])
  })

  test("RS-13: AB without PI 17 is the user's when it has user data, the provider's when not", () => {
    const user = established()
    user.feed('19 03 c1 01 a0')
    expect(user.last()).toEqual({ type: 'S-U-ABORT.indication', userData: unhex('a0') })
    const provider = established()
    provider.feed('19 00')
    expect(provider.last()).toEqual({ type: 'S-P-ABORT.indication', by: 'peer provider' })
  })

  test('S-16: AA ends the wait after our abort, whatever it is worth', () => {
    const m = established()
    m.session.submit({ type: 'S-U-ABORT.request', userData: unhex('a0 80') })
    expect(m.sent()).toEqual(['19 07 11 01 03 c1 02 a0 80'])
    m.feed('1a 00')
    expect([m.sent(), m.session.state, m.timers.pending]).toEqual([['T-DISCONNECT.request'], 'STA01', 0])
  })

  test('reflect gives the first nine octets back, only with a protocol error', () => {
    const m = established({ reflect: true })
    m.feed('0a 0a c1 08 01 02 03 04 05 06 07 08')
    expect(m.sent()).toEqual(['19 0e 11 01 05 31 09 0a 0a c1 08 01 02 03 04 05'])
    const restricted = established({ reflect: true, maxUserData: 1 })
    restricted.feed('09 04 c1 02 61 62')
    expect(restricted.sent()).toEqual(['19 03 11 01 11'])
  })
})

describe('tolerances: each has a name, and strict turns all off that are not named', () => {
  const cases: readonly [
    name: keyof SessionTolerances,
    octets: string,
    lenient: string,
    onByDefault: boolean,
    reach: 'calling' | 'established',
  ][] = [
    ['echoedRequirements', AC.replace('14 02 00 02', '14 02 00 00'), 'S-CONNECT.confirm', true, 'calling'],
    ['anyParameterOrder', '0e 0c 05 06 16 01 02 13 01 00 14 02 00 02', 'S-CONNECT.confirm', true, 'calling'],
    ['longLengthIndicators', '0e ff 00 0c 05 06 13 01 00 16 01 02 14 02 00 02', 'S-CONNECT.confirm', true, 'calling'],
    ['misplacedParameters', '0e 0f 05 06 13 01 00 16 01 02 11 01 01 14 02 00 02', 'S-CONNECT.confirm', true, 'calling'],
    ['emptyData', '01 00 01 00', 'S-DATA.indication', true, 'established'],
    ['enclosedWholeData', '01 00 01 03 19 01 03 61', 'S-DATA.indication', true, 'established'],
    ['dataWithoutGiveTokens', '01 00 61 02 30 00', 'S-DATA.indication', false, 'established'],
    ['abortWithoutTransportDisconnect', '19 03 c1 01 a0', 'S-U-ABORT.indication', true, 'established'],
  ]
  test.each(cases)('%s', (name, octets, lenient, onByDefault, reach) => {
    const told = (options: Partial<SessionOptions>) => {
      const m = reach === 'calling' ? calling(options) : established(options)
      m.feed(octets)
      return m.last().type
    }
    expect(told({ tolerate: { [name]: true } })).toBe(lenient)
    expect(told({ tolerate: { [name]: false } })).toBe('S-P-ABORT.indication')
    expect(told({})).toBe(onByDefault ? lenient : 'S-P-ABORT.indication')
    expect(told({ strict: true })).toBe('S-P-ABORT.indication')
    expect(told({ strict: true, tolerate: { [name]: true } })).toBe(told({ tolerate: { [name]: true } }))
  })

  test('S-11: requirements of 0000 in an AC are a yes to what we proposed', () => {
    const m = established({}, AC.replace('14 02 00 02', '14 02 00 00'))
    expect(m.session.requirements).toBe(FunctionalUnit.duplex)
  })

  test('RS-14: DT without information is an SSDU of no octets', () => {
    const m = established()
    m.feed('01 00 01 00')
    expect(m.last()).toEqual({ type: 'S-DATA.indication', userData: new Uint8Array(0) })
  })
})

describe('options', () => {
  test.each<[string, Partial<SessionOptions>]>([
    ['functionalUnits', { functionalUnits: FunctionalUnit.typedData }],
    ['functionalUnits', { functionalUnits: FunctionalUnit.duplex | FunctionalUnit.exceptions }],
    ['tsduMaximumSize', { tsduMaximumSize: { send: 63 } }],
    ['tsduMaximumSize', { tsduMaximumSize: { receive: 65_536 } }],
    ['maxSsduSize', { maxSsduSize: 0 }],
    ['keepTransport', { keepTransport: -1 }],
    ['versions', { versions: 0 }],
    ['versions', { versions: 4 }],
    ['proposedVersions', { versions: 2, proposedVersions: 1 }],
    ['proposedVersions', { proposedVersions: 0 }],
    ['maxUserData', { maxUserData: -1 }],
    ['maxUserData', { maxUserData: 16_777_217 }],
    ['tim', { tim: 0 }],
    ['tim', { tim: Number.NaN }],
  ])('%s out of range is a usage error: %o', (name, options) => {
    expect(() => machine(options)).toThrow(
      expect.objectContaining({ name: 'UsageError', code: 'SESSION_OPTION', message: expect.stringContaining(name) }),
    )
  })

  test('tim may be a fraction of a millisecond', () => {
    expect(() => machine({ tim: 0.5 })).not.toThrow()
  })

  test('before an AC no unit is selected and no collision seen, also after an earlier session', () => {
    const m = established()
    m.session.submit({ type: 'S-RELEASE.request' })
    m.feed('09 00')
    expect(m.session.vcoll).toBe(true)
    m.transport.deliver({ type: 'T-DISCONNECT.indication', by: 'peer' })
    m.session.submit({ type: 'S-CONNECT.request' })
    m.transport.deliver({ type: 'T-CONNECT.confirm', responding: {} })
    expect(m.session.requirements).toBe(0)
    m.feed(AC)
    expect([m.session.vcoll, m.session.vdnr, m.session.requirements]).toEqual([false, false, FunctionalUnit.duplex])
    expect([machine().session.vcoll, machine().session.vdnr]).toEqual([false, false])
  })

  test('the version proposed follows from the versions we have', () => {
    expect(calling({ versions: 1 }).cn).toContain('16 01 01')
    expect(calling({ versions: 2 }).cn).toContain('16 01 02')
    expect(calling({ versions: 3 }).cn).toContain('16 01 02')
  })
})

describe('RS-16: nothing is kept of what never finishes', () => {
  test('RS-16: one machine, 10 000 sessions refused, aborted, lost or timed out, leaves no timer and works', () => {
    const m = machine()
    for (let i = 0; i < 10_000; i++) {
      m.transport.deliver({ type: 'T-CONNECT.indication', called: {}, calling: {} })
      if (i % 5 > 0) m.feed(i % 5 === 4 ? CN.replace('16 01 02', '16 01 00') : CN)
      if (i % 5 === 2) m.session.submit({ type: 'S-U-ABORT.request' })
      if (i % 5 === 3) m.feed('19 03 11 01 03')
      if (i % 5 === 4) m.timers.advance(5_000)
      else m.transport.deliver({ type: 'T-DISCONNECT.indication', by: 'peer' })
      expect(m.session.state).toBe('STA01')
    }
    expect(m.timers.pending).toBe(0)
    m.sent()
    m.transport.deliver({ type: 'T-CONNECT.indication', called: {}, calling: {} })
    m.feed(CN)
    m.session.submit({ type: 'S-CONNECT.response', result: 'accept' })
    expect(m.sent()).toEqual(['T-CONNECT.response', AC])
  })

  test('a machine that has been the responder may be the initiator next, with nothing left over', () => {
    const m = called(CN.replace('0d 0c 05 06 13 01 00', '0d 12 05 0c 13 01 00 15 04 10 00 00 40'))
    m.session.submit({ type: 'S-CONNECT.response', result: 'accept' })
    m.transport.deliver({ type: 'T-DISCONNECT.indication', by: 'peer' })
    m.session.submit({ type: 'S-CONNECT.request' })
    m.transport.deliver({ type: 'T-CONNECT.confirm', responding: {} })
    m.feed(AC)
    expect(m.last()).toMatchObject({ type: 'S-CONNECT.confirm', responding: {} })
    m.session.submit({ type: 'S-DATA.request', userData: Sdu.of(new Uint8Array(200)) })
    expect([m.session.vtca, m.session.state]).toEqual([false, 'STA713'])
  })
})

describe('data', () => {
  test('S-09: down, four octets go in front of the unit handed over; up, the SSDU is a view of the TSDU', () => {
    const m = established()
    const userData = Sdu.of(unhex('61 00'))
    m.session.submit({ type: 'S-DATA.request', userData })
    expect(m.transport.take()).toEqual([{ type: 'T-DATA.request', userData }])
    expect(hex(userData.octets())).toBe('01 00 01 00 61 00')
    const tsdu = unhex('01 00 01 00 61 00')
    m.feed(tsdu)
    const found = m.last() as { userData: Uint8Array }
    expect([found.userData.buffer, found.userData.byteOffset, found.userData.length]).toEqual([tsdu.buffer, 4, 2])
  })
})
