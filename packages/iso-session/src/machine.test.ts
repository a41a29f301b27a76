import { Sdu, UsageError, unhex } from '@x/core'
import { describeMachine, type MachineHarness } from '@x/core/testing/suite'
import { describe, expect, test } from 'vitest'
import {
  AB_PROTOCOL,
  AC,
  answered,
  asked,
  CN,
  close,
  data,
  disconnected,
  down,
  established,
  type Harness,
  inState,
  type Outcome,
  type Setup,
  type Side,
  spdus,
  typed,
  variants,
} from '../test/harness.js'
import type { SessionDelivery, SessionSubmit } from './service.js'
import { type SessionState, sessionStates, table } from './states.js'
import { FunctionalUnit } from './values.js'

const attached: readonly SessionState[] = ['STA02A', 'STA02B', 'STA03', 'STA08', 'STA09', 'STA713']
const ours = (h: MachineHarness<SessionSubmit, SessionDelivery>) => h as Harness

describeMachine<SessionState, SessionSubmit, SessionDelivery>({
  name: 'session',
  table,
  states: sessionStates,
  inState: state => inState(state),
  fromAbove: [...Object.values(down), data(), typed()],
  fromBelow: {
    ...Object.fromEntries(
      Object.entries(spdus).map(([event, octets]) => [event, (h: MachineHarness<SessionSubmit, SessionDelivery>) => h.feed(unhex(octets))]),
    ),
    'protocol error': h => h.feed(unhex('40 00')),
    'T-CONNECT.indication': h => ours(h).below(asked),
    'T-CONNECT.confirm': h => ours(h).below(answered),
    'T-DISCONNECT.indication': h => ours(h).transport.deliver(disconnected),
    TIM: h => ours(h).timers.advance(60_000),
  },
  invalidFromBelow: (h, state, event) => {
    if (state === 'STA01D' && event in spdus) {
      expect([h.machine.state, h.sent, h.delivered]).toEqual(['STA16', [AB_PROTOCOL], []])
    } else if (attached.includes(state) && event in spdus) {
      expect(h.sent).toEqual(['19 03 11 01 05'])
      expect(ours(h).told).toEqual(['S-P-ABORT.indication local provider SESSION_UNEXPECTED'])
      expect(h.machine.state).toBe('STA16')
    } else {
      expect([h.machine.state, h.sent, h.delivered]).toEqual([state, [], []])
    }
  },
  unencodable: [
    { state: 'STA01', primitive: { type: 'S-CONNECT.request', called: { sessionSelector: new Uint8Array(17) } } },
    { state: 'STA01', primitive: { type: 'S-CONNECT.request', userData: new Uint8Array(10_241) } },
    { state: 'STA01', primitive: { type: 'S-CONNECT.request', sessionRequirements: FunctionalUnit.halfDuplex } },
    { state: 'STA08', primitive: { ...down.accept, responding: { sessionSelector: new Uint8Array(17) } } },
    { state: 'STA08', primitive: { ...down.accept, sessionRequirements: FunctionalUnit.duplex | FunctionalUnit.typedData } },
    { state: 'STA08', primitive: { ...down.reject, reason: 1, userData: new Uint8Array(1) } },
    { state: 'STA713', primitive: { type: 'S-DATA.request', userData: new Sdu() } },
    { state: 'STA713', primitive: { ...down.release, userData: new Uint8Array(65_532) } },
    { state: 'STA713', primitive: { ...down.abort, userData: new Uint8Array(65_532) } },
    { state: 'STA09', primitive: { ...down.affirm, userData: new Uint8Array(65_532) } },
  ],
  seeds: [...Object.values(spdus), ...Object.values(variants)].map(octets => unhex(octets)),
  runs: 200,
})

/** X.225, Tables A.8, A.9, A.14, A.15, A.16 for one side, written down a second time: each SPDU in each state where it is no error. */
function expectedSpdu(state: SessionState, event: string, side: Side, keeps: boolean): Outcome {
  const byUser = 'S-U-ABORT.indication'
  const finish: Outcome = [[], ['S-RELEASE.indication'], 'STA09']
  const cells: Record<string, Outcome> = {
    'STA01C CN': [[], ['S-CONNECT.indication'], 'STA08'],
    'STA01D CDO': [[], ['S-CONNECT.indication'], 'STA08'],
    'STA01D CDO, not the last': [[], [], 'STA01D'],
    'STA02A AC': [[], ['S-CONNECT.confirm accept'], 'STA713'],
    'STA02A RF': [[close], ['S-CONNECT.confirm reject'], 'STA01'],
    'STA02A RF-r': keeps ? [[], ['S-CONNECT.confirm reject'], 'STA01C'] : [[close], ['S-CONNECT.confirm reject'], 'STA01'],
    'STA02B OA': [['0f 06 19 01 02 c1 01 00'], [], 'STA02A'],
    'STA02B RF': [[close], ['S-CONNECT.confirm reject'], 'STA01'],
    'STA02B RF-r': keeps ? [[], ['S-CONNECT.confirm reject'], 'STA01C'] : [[close], ['S-CONNECT.confirm reject'], 'STA01'],
    'STA713 DT': [[], ['S-DATA.indication'], 'STA713'],
    'STA713 FN': finish,
    'STA03 DT': [[], ['S-DATA.indication'], 'STA03'],
    'STA03 DN': [
      keeps && side === 'initiator' ? [] : [close],
      ['S-RELEASE.confirm affirmative'],
      keeps && side === 'initiator' ? 'STA01C' : 'STA01',
    ],
    'STA03 FN': finish,
    ...(side === 'responder' && { 'STA713 FN-r': finish, 'STA03 FN-r': finish }),
    'STA01A AA': [[], [], 'STA01C'],
    'STA01A AB-r': [[], [], 'STA01C'],
    'STA01A AB': [[close], [], 'STA01'],
    'STA01A CN': [[close], [], 'STA01'],
    ...(keeps && { 'STA01C AB-r': [['1a 00'], [], 'STA01C'], 'STA01D AB-r': [['1a 00'], [], 'STA01C'] }),
  }
  const cell = cells[`${state} ${event}`]
  if (cell) return cell
  if (state === 'STA01' || state === 'STA01A' || state === 'STA01B') return [[], [], state]
  if (state === 'STA01C') return [[close], [], 'STA01']
  if (state === 'STA16') return ['AA', 'AB', 'AB-r', 'CN', 'PR-AB'].includes(event) ? [[close], [], 'STA01'] : [[], [], 'STA16']
  if (state === 'STA01D') {
    const invalid = ['AC', 'CN', 'OA', 'RF', 'RF-r', 'not an SPDU'].includes(event)
    return invalid ? [[AB_PROTOCOL], [], 'STA16'] : [[close], [], 'STA01']
  }
  if (event === 'AB') return [[close], [byUser], 'STA01']
  if (event === 'AB-r') return keeps ? [['1a 00'], [byUser], 'STA01C'] : [[close], [byUser], 'STA01']
  const why = event === 'not an SPDU' ? 'SESSION_SI' : 'SESSION_UNEXPECTED'
  return [[AB_PROTOCOL], [`S-P-ABORT.indication local provider ${why}`], 'STA16']
}

/** TIM runs in STA01A and STA16, and a timer of ours where a transport connection is kept. */
const timersIn = (from: SessionState, to: SessionState, keeps: boolean) =>
  to === 'STA16' || to === 'STA01A' || (to === 'STA01C' && (keeps || from === 'STA01A')) ? 1 : 0

const profiles = { 'the transport released': {}, 'the transport kept': { options: { keepTransport: 1_000 } } } as const satisfies Record<
  string,
  Setup
>
const runs = (['initiator', 'responder'] as const).flatMap(side =>
  sessionStates.flatMap(state =>
    Object.entries(profiles).map(([profile, setup]) => ({
      side,
      state,
      profile,
      setup,
      keeps: setup !== profiles['the transport released'],
    })),
  ),
)

describe('S-09, S-16, RS-01, RS-11, RS-13: every SPDU in every state', () => {
  const cells = runs.flatMap(run => Object.entries({ ...spdus, ...variants }).map(([event, octets]) => ({ ...run, event, octets })))
  test.each(cells)('$event in $state, $side, $profile', ({ event, octets, state, side, setup, keeps }) => {
    const h = inState(state, side, setup)
    const before = h.timers.pending
    h.feed(octets)
    expect(h.outcome).toEqual(expectedSpdu(state, event, side, keeps))
    const runs = h.state === state && event !== 'AB-r' ? before : timersIn(state, h.state, keeps)
    expect(h.timers.pending).toBe(runs)
  })
})

describe('S-09: every request and response in every state', () => {
  const expected = (state: SessionState, name: string, side: Side, keeps: boolean): Outcome | undefined => {
    const cells: Record<string, Outcome> = {
      'STA01 connect': [['T-CONNECT.request'], [], 'STA01B'],
      'STA01B abort': [[close], [], 'STA01'],
      'STA08 accept': [[AC], [], 'STA713'],
      'STA08 reject': [[`0c 09 11 01 0${keeps ? 0 : 1} 16 01 03 32 01 00`], [], keeps ? 'STA01C' : 'STA16'],
      'STA713 data': [['01 00 01 00 61'], [], 'STA713'],
      'STA09 data': [['01 00 01 00 61'], [], 'STA09'],
      'STA713 release': [[keeps && side === 'initiator' ? '09 03 11 01 00' : '09 00'], [], 'STA03'],
      'STA09 release': [['09 00'], [], 'STA09'],
      'STA09 affirm': [['0a 00'], [], 'STA16'],
    }
    if (name === 'abort' && attached.includes(state)) return keeps ? [['19 03 11 01 02'], [], 'STA01A'] : [['19 03 11 01 03'], [], 'STA16']
    return cells[`${state} ${name}`]
  }
  const primitives: Record<string, () => SessionSubmit> = {
    data,
    typed,
    ...Object.fromEntries(Object.entries(down).map(([name, primitive]) => [name, () => primitive])),
  }
  test.each(runs.flatMap(run => Object.keys(primitives).map(name => ({ ...run, name }))))('$name in $state, $side, $profile', run => {
    const { name, state, side, setup, keeps } = run
    const h = inState(state, side, setup)
    const running = h.timers.pending
    const cell = expected(state, name, side, keeps)
    if (cell) {
      h.submit(primitives[name]!())
      expect(h.outcome).toEqual(cell)
      expect(h.timers.pending).toBe(timersIn(state, h.state, keeps))
    } else {
      expect(() => h.submit(primitives[name]!())).toThrow(UsageError)
      expect([...h.outcome, h.timers.pending]).toEqual([[], [], state, running])
    }
  })
})

describe('what breaks before there is a session', () => {
  test.each([
    ['a CN with a parameter twice', '0d 08 33 02 00 01 33 02 00 01'],
    ['a CN that proposes neither half-duplex nor duplex', '0d 04 14 02 00 80'],
  ])('RS-04: %s, sound as an SPDU, is refused with 133', (_, octets) => {
    const h = inState('STA01C').feed(octets)
    expect([h.sent, h.told, h.state, h.timers.pending]).toEqual([['0c 09 11 01 01 16 01 03 32 01 85'], [], 'STA16', 1])
  })

  test.each([
    ['RS-02: a CN with LI above the TSDU', '0d 20 14 02 00 02'],
    ['a CN with octets behind it', '0d 04 14 02 00 02 00'],
    ['FF and nothing', '0d ff'],
    ['an empty TSDU', ''],
  ])('%s is answered by the end of the transport', (_, octets) => {
    const h = inState('STA01C').feed(octets)
    expect([h.sent, h.told, h.state, h.timers.pending]).toEqual([[close], [], 'STA01', 0])
  })
})

describe('transport events and the timer in every state', () => {
  const P_ABORT = 'S-P-ABORT.indication peer COTP_DISCONNECTED'
  test.each(sessionStates)('the transport is lost in %s', state => {
    const h = inState(state)
    h.transport.deliver(disconnected)
    const hears = state === 'STA01B' || attached.includes(state)
    expect([h.sent, h.told, h.state, h.timers.pending]).toEqual([[], hears ? [P_ABORT] : [], 'STA01', 0])
  })

  test.each(sessionStates)('a long silence in %s', state => {
    const h = inState(state)
    h.timers.advance(60_000)
    expect([h.sent, h.state]).toEqual(state === 'STA16' || state === 'STA01A' ? [[close], 'STA01'] : [[], state])
    expect(h.told).toEqual([])
  })

  test.each(sessionStates)('T-CONNECT.indication in %s', state => {
    const h = inState(state)
    h.below(asked)
    expect([h.sent, h.told, h.state]).toEqual(state === 'STA01' ? [['T-CONNECT.response'], [], 'STA01C'] : [[], [], state])
  })

  test.each(sessionStates)('T-CONNECT.confirm in %s', state => {
    const h = inState(state)
    h.below(answered)
    expect([h.sent, h.told, h.state]).toEqual(state === 'STA01B' ? [[CN], [], 'STA02A'] : [[], [], state])
  })

  test('S-16: TIM is 5 s unless said otherwise, and what ends the wait stops it', () => {
    const h = inState('STA16')
    h.timers.advance(4_999)
    expect(h.state).toBe('STA16')
    h.timers.advance(1)
    expect([h.state, h.sent]).toEqual(['STA01', [close]])
    const quick = inState('STA16', 'initiator', { options: { tim: 10 } })
    quick.timers.advance(10)
    expect(quick.state).toBe('STA01')
  })

  test('a transport closed in order instead of DN is a provider abort; disconnectInsteadOfDN takes it for the DN', () => {
    const setup = { options: { tolerate: { disconnectInsteadOfDN: true } } }
    const h = inState('STA03', 'initiator', setup).below(disconnected)
    expect(h.outcome).toEqual([[], ['S-RELEASE.confirm affirmative'], 'STA01'])
    const cause = new UsageError('cotp', 'COTP_LENGTH', '')
    const lost = inState('STA03', 'initiator', setup).below({ type: 'T-DISCONNECT.indication', by: 'peer', cause })
    expect(lost.told).toEqual(['S-P-ABORT.indication peer COTP_LENGTH'])
    expect(inState('STA03').below(disconnected).told).toEqual(['S-P-ABORT.indication peer COTP_DISCONNECTED'])
  })

  test('S-14: a refusal without a kept transport waits for the other side to close', () => {
    const h = inState('STA01C', 'responder', { options: { accept: () => 131 } }).feed(CN)
    expect([...h.outcome, h.timers.pending]).toEqual([['0c 09 11 01 01 16 01 03 32 01 83'], [], 'STA16', 1])
  })

  test('a refused transport is a provider abort that keeps the reason and the cause of the transport', () => {
    const h = inState('STA01B')
    h.transport.deliver({ type: 'T-DISCONNECT.indication', by: 'peer provider', reason: 2 })
    expect(h.delivered[0]).toMatchObject({ by: 'peer provider', cause: { layer: 'cotp', code: 'COTP_DISCONNECTED', reason: 2 } })
    const cause = new UsageError('cotp', 'COTP_LENGTH', 'as found below')
    const broken = inState('STA713')
    broken.transport.deliver({ type: 'T-DISCONNECT.indication', by: 'local provider', cause })
    expect(broken.delivered).toEqual([{ type: 'S-P-ABORT.indication', by: 'local provider', cause }])
  })
})

describe('S-16: a transport connection kept for another session, X.225, 6.2', () => {
  const kept = { options: { keepTransport: 1_000, maxUserData: 20_000 } }
  /** Behind a release: in STA01C, as the side that may ask again, or may not. */
  const idle = (side: Side) => {
    const h = established(side, kept)
    if (side === 'initiator') h.submit(down.release).feed('0a 00')
    else h.feed('09 03 11 01 00').submit(down.affirm)
    expect(h.state).toBe('STA01C')
    return h.forget()
  }

  test('S-16: the side that opened it asks for the next session at once', () => {
    const h = idle('initiator').submit(down.connect)
    expect([...h.outcome, h.timers.pending]).toEqual([[CN], [], 'STA02A', 0])
    h.feed(AC)
    expect(h.told).toEqual(['S-CONNECT.confirm accept'])
  })

  test('S-16, S-13: the next session may need an overflow', () => {
    const h = idle('initiator').submit({ ...down.connect, userData: new Uint8Array(10_241) })
    expect([h.state, h.timers.pending]).toEqual(['STA02B', 0])
  })

  test('S-16: the other side answers the next CN, and may not send one', () => {
    const h = idle('responder')
    expect(() => h.submit(down.connect)).toThrow(UsageError)
    h.feed(CN).submit(down.accept)
    expect([...h.outcome, h.timers.pending]).toEqual([[AC], ['S-CONNECT.indication'], 'STA713', 0])
  })

  test.each<[string, string]>([
    ['a CN', CN],
    ['an AA', '1a 00'],
    ['what is no SPDU', '40 00'],
    ['a broken CN', '0d 08 33 02 00 01 33 02 00 01'],
  ])('S-16: %s that comes to the side that may ask ends the transport connection', (_, octets) => {
    const h = idle('initiator').feed(octets)
    expect([...h.outcome, h.timers.pending]).toEqual([[close], [], 'STA01', 0])
  })

  test.each(['initiator', 'responder'] as const)('S-16, RS-16: it is kept no longer than keepTransport: %s', side => {
    const h = idle(side)
    h.timers.advance(999)
    expect(h.state).toBe('STA01C')
    h.timers.advance(1)
    expect([...h.outcome, h.timers.pending]).toEqual([[close], [], 'STA01', 0])
  })

  test('S-16: a refusal keeps it too, for a time', () => {
    const h = inState('STA01C', 'responder', { options: { ...kept.options, accept: () => 129 } }).feed(CN)
    expect([...h.outcome, h.timers.pending]).toEqual([['0c 09 11 01 00 16 01 03 32 01 81'], [], 'STA01C', 1])
    h.timers.advance(1_000)
    expect(h.state).toBe('STA01')
  })

  test('S-16: who does not keep it declines by the way it answers: DN to FN-r and then waits, T-DISCONNECT to AB-r', () => {
    const released = established('responder').feed('09 03 11 01 00').submit(down.affirm)
    expect([released.sent, released.state]).toEqual([['0a 00'], 'STA16'])
    const aborted = established('responder').feed('19 03 11 01 02')
    expect([aborted.sent, aborted.state]).toEqual([[close], 'STA01'])
  })

  test('S-16, RS-12: after a collision it is never kept', () => {
    const h = established('initiator', kept).submit(down.release).feed('09 00').submit(down.affirm).forget().feed('0a 00')
    expect([h.sent, h.state]).toEqual([[close], 'STA01'])
    const other = established('responder', kept).submit(down.release).feed('09 03 11 01 00').feed('0a 00').submit(down.affirm)
    expect([other.told.at(-1), other.state]).toEqual(['S-RELEASE.confirm affirmative', 'STA16'])
  })
})

describe('S-09: half-duplex, negotiated release and typed data, X.225, Tables A.9, A.14, A.15', () => {
  const functionalUnits = FunctionalUnit.halfDuplex | FunctionalUnit.negotiatedRelease | FunctionalUnit.typedData
  const setup = (place: '00' | '01' | '40' | '41'): Setup => ({
    options: { functionalUnits },
    cn: `0d 0f 05 09 13 01 00 16 01 02 1a 01 ${place} 14 02 04 81`,
    ac: '0e 0f 05 09 13 01 00 16 01 02 1a 01 00 14 02 04 81',
  })
  /** The initiator holds both tokens, the responder none. */
  const holder = () => established('initiator', setup('00'))
  const other = () => established('responder', setup('00'))
  const protocolError: Outcome = [[AB_PROTOCOL], ['S-P-ABORT.indication local provider SESSION_UNEXPECTED'], 'STA16']

  test('S-09: who holds the data token sends, the other receives', () => {
    expect(holder().submit(data()).sent).toEqual(['01 00 01 00 61'])
    expect(other().feed('01 00 01 00 61').told).toEqual(['S-DATA.indication'])
    expect(() => other().submit(data())).toThrow(
      'S-DATA.request is not allowed in state STA713: the tokens are data, release, and this side holds none',
    )
    expect(holder().feed('01 00 01 00 61').outcome).toEqual(protocolError)
  })

  test('S-09: a token given moves with the SPDU, and data behind it on the way', () => {
    const h = holder().submit(down.give)
    expect([h.sent, h.machine.ownedTokens]).toEqual([['01 03 10 01 01'], 0x40])
    expect(() => h.submit(data())).toThrow(UsageError)
    expect(() => h.submit(down.give)).toThrow(UsageError)
    expect(h.feed('01 00 01 00 61').told).toEqual(['S-DATA.indication'])
    const given = other().feed('01 03 10 01 01')
    expect([given.told, given.machine.ownedTokens]).toEqual([['S-TOKEN-GIVE.indication 1'], 1])
    expect(given.submit(data()).sent).toEqual(['01 00 01 00 61'])
    // 6.3.7.1: data is taken before the token that stands in front of it
    const both = other().feed('01 03 10 01 01 01 00 61')
    expect(both.told).toEqual(['S-DATA.indication', 'S-TOKEN-GIVE.indication 1'])
  })

  test.each<[string, () => Harness, string]>([
    ['a token the sender does not hold', holder, '01 03 10 01 01'],
    ['a token that is not there', other, '01 03 10 01 04'],
    ['a token that is not there, besides one that is', other, '01 03 10 01 05'],
  ])('RS-09: GT of %s is a protocol error', (_, reach, octets) => {
    expect(reach().feed(octets).outcome).toEqual(protocolError)
  })

  test('S-09: tokens are asked for by whom it may concern, also of whom does not hold them (7.17.3)', () => {
    expect(other().submit({ ...down.please, userData: unhex('62') }).sent).toEqual(['02 06 10 01 01 c1 01 62'])
    expect(holder().submit(down.please).sent).toEqual(['02 03 10 01 01'])
    const h = holder().feed('02 06 10 01 41 c1 01 62')
    expect(h.delivered).toEqual([{ type: 'S-TOKEN-PLEASE.indication', tokens: 0x41, userData: unhex('62') }])
    expect(holder().feed('02 03 10 01 04').outcome).toEqual(protocolError)
    expect(() => holder().submit({ ...down.please, tokens: 4 })).toThrow(UsageError)
  })

  test('S-09: who was asked for release may still ask for tokens, and who asked hears it', () => {
    expect(other().feed('09 00').submit(down.please).sent).toEqual(['02 03 10 01 01'])
    const h = holder().submit(down.release).forget().feed('02 03 10 01 01')
    expect(h.outcome).toEqual([[], ['S-TOKEN-PLEASE.indication 1'], 'STA03'])
  })

  test('S-09: only who holds all tokens asks for release; only who holds none is asked', () => {
    expect(holder().submit(down.release).sent).toEqual(['09 00'])
    expect(() => holder().submit(down.give).submit(down.release)).toThrow('and this side holds release')
    expect(holder().feed('09 00').outcome).toEqual(protocolError)
    const one = other().feed('01 03 10 01 01').forget().feed('09 00')
    expect(one.outcome).toEqual(protocolError)
  })

  test('S-09: in half-duplex nobody who was asked for release sends data, not even who has the token', () => {
    expect(() => other().feed('09 00').submit(data())).toThrow(UsageError)
  })

  test('S-09: typed data needs no token, and goes until the release is answered', () => {
    for (const h of [holder(), other()]) {
      expect(h.submit(typed()).feed('21 00 62').sent).toEqual(['21 00 61'])
      expect(h.delivered).toEqual([{ type: 'S-TYPED-DATA.indication', userData: unhex('62') }])
    }
    const asked = other().feed('09 00').submit(typed())
    expect(asked.sent).toEqual(['21 00 61'])
    const asking = holder().submit(down.release).forget().feed('21 00 62')
    expect(asking.outcome).toEqual([[], ['S-TYPED-DATA.indication'], 'STA03'])
  })

  test('S-09, RS-01: without the unit typed data is refused by the procedure of A.4.1.2', () => {
    const h = established('initiator').feed('21 00 61')
    expect(h.outcome).toEqual(protocolError)
    expect(() => established('initiator').submit(typed())).toThrow(UsageError)
  })

  test('S-10: a negative answer needs negotiated release, and both go on', () => {
    expect(other().feed('09 00').submit(down.deny).outcome).toEqual([['08 00'], ['S-RELEASE.indication'], 'STA713'])
    expect(holder().submit(down.release).forget().feed('08 00').outcome).toEqual([[], ['S-RELEASE.confirm negative'], 'STA713'])
  })

  test('RS-12: typed data of duplex stops with the collision', () => {
    const units = {
      options: { functionalUnits: FunctionalUnit.duplex | FunctionalUnit.typedData },
      ac: AC.replace('14 02 00 02', '14 02 04 02'),
    }
    const h = established('initiator', units).submit(down.release).feed('09 00')
    expect(() => h.submit(typed())).toThrow(UsageError)
    expect(h.forget().feed('21 00 61').outcome).toEqual(protocolError)
    const ahead = established('initiator', units).submit(down.release).forget().feed('21 00 61')
    expect(ahead.told).toEqual(['S-TYPED-DATA.indication'])
  })
})
