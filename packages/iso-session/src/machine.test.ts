import { hex, Sdu, UsageError, unhex } from '@x/core'
import { FakeProvider, HandTimers, recordDeliveries } from '@x/core/testing'
import { describeMachine, type MachineHarness } from '@x/core/testing/suite'
import type { TransportDelivery, TransportSubmit } from '@x/cotp'
import { describe, expect, test } from 'vitest'
import { SessionMachine } from './machine.js'
import type { SessionOptions } from './options.js'
import type { SessionDelivery, SessionSubmit } from './service.js'
import { type SessionState, sessionStates, table } from './states.js'
import { FunctionalUnit } from './values.js'

/** A machine with both its neighbours and its timers played by the test. */
class Harness implements MachineHarness<SessionSubmit, SessionDelivery> {
  readonly transport = new FakeProvider<TransportSubmit, TransportDelivery>()
  readonly timers = new HandTimers()
  readonly machine: SessionMachine
  readonly delivered: SessionDelivery[]

  constructor(options: Partial<SessionOptions> = {}) {
    this.machine = new SessionMachine(this.transport, { timers: this.timers, ...options })
    this.delivered = recordDeliveries(this.machine)
  }

  get state() {
    return this.machine.state
  }

  /** What went down, TSDUs as hex, other primitives by name. */
  get sent(): string[] {
    return this.transport.submitted.map(p => (p.type === 'T-DATA.request' ? hex(p.userData.octets()) : p.type))
  }

  /** What went up: the name of the primitive, and what tells it from others of the name. */
  get told(): string[] {
    return this.delivered.map(d => {
      if (d.type === 'S-P-ABORT.indication') return `${d.type} ${d.by} ${d.cause?.code ?? d.transportDisconnect}`
      if ('result' in d) return `${d.type} ${d.result}`
      return d.type
    })
  }

  feed(octets: Uint8Array | string): this {
    const userData = typeof octets === 'string' ? unhex(octets) : octets
    this.transport.deliver({ type: 'T-DATA.indication', userData })
    return this
  }

  submit(primitive: SessionSubmit): this {
    this.machine.submit(primitive)
    return this
  }

  forget(): this {
    this.transport.take()
    this.delivered.length = 0
    return this
  }
}

const CN = '0d 0c 05 06 13 01 00 16 01 02 14 02 00 02'
const AC = '0e 0c 05 06 13 01 00 16 01 02 14 02 00 02'
const RF = '0c 09 11 01 01 16 01 02 32 01 81'
const noSelector = { called: {}, calling: {} }

const down = {
  connect: { type: 'S-CONNECT.request' },
  accept: { type: 'S-CONNECT.response', result: 'accept' },
  reject: { type: 'S-CONNECT.response', result: 'reject' },
  release: { type: 'S-RELEASE.request' },
  affirm: { type: 'S-RELEASE.response', result: 'affirmative' },
  deny: { type: 'S-RELEASE.response', result: 'negative' },
  abort: { type: 'S-U-ABORT.request' },
} as const satisfies Record<string, SessionSubmit>
const data = (): SessionSubmit => ({ type: 'S-DATA.request', userData: Sdu.of(unhex('61')) })
const disconnected: TransportDelivery = { type: 'T-DISCONNECT.indication', by: 'peer' }

type Side = 'initiator' | 'responder'

/** Brings a machine into data transfer. */
function established(side: Side, options: Partial<SessionOptions> = {}, cn = CN, ac = AC): Harness {
  const h = new Harness(options)
  if (side === 'initiator') {
    const units = options.functionalUnits
    h.submit({ ...down.connect, ...(units !== undefined && { sessionRequirements: units }) })
    h.transport.deliver({ type: 'T-CONNECT.confirm', responding: {} })
    h.feed(ac)
  } else {
    h.transport.deliver({ type: 'T-CONNECT.indication', ...noSelector })
    h.feed(cn).submit(down.accept)
  }
  expect(h.state).toBe('STA713')
  return h.forget()
}

function inState(state: SessionState, side: Side = 'initiator', options: Partial<SessionOptions> = {}): Harness {
  const fresh = () => new Harness(options)
  const asked = () => {
    const h = fresh()
    h.transport.deliver({ type: 'T-CONNECT.indication', ...noSelector })
    return h
  }
  const reach: Record<SessionState, () => Harness> = {
    STA01: fresh,
    STA01B: () => fresh().submit(down.connect),
    STA01C: asked,
    STA02A: () => {
      const h = fresh().submit(down.connect)
      h.transport.deliver({ type: 'T-CONNECT.confirm', responding: {} })
      return h
    },
    STA08: () => asked().feed(CN),
    STA713: () => established(side, options),
    STA03: () => established(side, options).submit(down.release),
    STA09: () => established(side, options).feed('09 00'),
    STA16: () => established(side, options).submit(down.abort),
  }
  const h = reach[state]().forget()
  expect(h.state).toBe(state)
  return h
}

/** One TSDU for each SPDU a decoder can give, under its event; `-r`: the transport kept. */
const spdus: Record<string, string> = {
  ER: '02 00 00 03 31 01 aa',
  GT: '01 03 10 01 01',
  DT: '01 00 01 00 61',
  PT: '02 03 10 01 01',
  EX: '05 00 61',
  PR: '07 03 18 01 02',
  NF: '08 00',
  FN: '09 03 11 01 01',
  DN: '0a 00',
  RF,
  CN,
  AC,
  CDO: '0f 03 19 01 02',
  OA: '10 03 16 01 02',
  GTC: '15 00',
  GTA: '16 00',
  AB: '19 03 11 01 03',
  AI: '01 00 19 00',
  AA: '1a 00',
  AIA: '02 00 1a 00',
  AR: '02 00 1d 00',
  TD: '21 00 61',
  RA: '02 00 22 00',
  MAP: '01 00 29 00',
  MAA: '02 00 2a 00',
  AS: '01 00 2d 00',
  ED: '02 00 30 03 32 01 00',
  MIP: '01 00 31 00',
  MIA: '02 00 32 00',
  RS: '01 00 35 00',
  AD: '01 00 39 00',
  ADA: '02 00 3a 00',
  CD: '01 00 3d 00',
  CDA: '02 00 3e 00',
}
const variants: Record<string, string> = {
  'FN-r': '09 03 11 01 00',
  'RF-r': '0c 06 11 01 00 32 01 00',
  'AB-r': '19 03 11 01 02',
  'PR-AB': '07 03 18 01 04',
  'not an SPDU': '40 00',
}
const attached: readonly SessionState[] = ['STA02A', 'STA03', 'STA08', 'STA09', 'STA713']
const ours = (h: MachineHarness<SessionSubmit, SessionDelivery>) => h as Harness

describeMachine<SessionState, SessionSubmit, SessionDelivery>({
  name: 'session',
  table,
  states: sessionStates,
  inState: state => inState(state),
  fromAbove: [...Object.values(down), data()],
  fromBelow: {
    ...Object.fromEntries(
      Object.entries(spdus).map(([event, octets]) => [event, (h: MachineHarness<SessionSubmit, SessionDelivery>) => h.feed(unhex(octets))]),
    ),
    'protocol error': h => h.feed(unhex('40 00')),
    'T-CONNECT.indication': h => ours(h).transport.deliver({ type: 'T-CONNECT.indication', ...noSelector }),
    'T-CONNECT.confirm': h => ours(h).transport.deliver({ type: 'T-CONNECT.confirm', responding: {} }),
    'T-DISCONNECT.indication': h => ours(h).transport.deliver(disconnected),
    TIM: h => ours(h).timers.advance(60_000),
  },
  invalidFromBelow: (h, state, event) => {
    if (attached.includes(state) && event in spdus) {
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

/** What a cell does: what goes down; what goes up; next state. */
type Outcome = readonly [sent: readonly string[], told: readonly string[], to: SessionState]
const close = 'T-DISCONNECT.request'
const AB_PROTOCOL = '19 03 11 01 05'

/** X.225, Tables A.8, A.9, A.15, A.16 for one side, written down a second time: each SPDU in each state where it is no error. */
function expectedSpdu(state: SessionState, event: string, side: Side): Outcome {
  const cells: Record<string, Outcome> = {
    'STA01C CN': [[], ['S-CONNECT.indication'], 'STA08'],
    'STA02A AC': [[], ['S-CONNECT.confirm accept'], 'STA713'],
    'STA02A RF': [[close], ['S-CONNECT.confirm reject'], 'STA01'],
    'STA02A RF-r': [[close], ['S-CONNECT.confirm reject'], 'STA01'],
    'STA713 DT': [[], ['S-DATA.indication'], 'STA713'],
    'STA713 FN': [[], ['S-RELEASE.indication'], 'STA09'],
    'STA03 DT': [[], ['S-DATA.indication'], 'STA03'],
    'STA03 DN': [[close], ['S-RELEASE.confirm affirmative'], 'STA01'],
    'STA03 FN': [[], ['S-RELEASE.indication'], 'STA09'],
    ...(side === 'responder' && {
      'STA713 FN-r': [[], ['S-RELEASE.indication'], 'STA09'],
      'STA03 FN-r': [[], ['S-RELEASE.indication'], 'STA09'],
    }),
  }
  const cell = cells[`${state} ${event}`]
  if (cell) return cell
  if (state === 'STA01' || state === 'STA01B') return [[], [], state]
  if (state === 'STA01C') return [[close], [], 'STA01']
  if (state === 'STA16') return ['AA', 'AB', 'AB-r', 'CN', 'PR-AB'].includes(event) ? [[close], [], 'STA01'] : [[], [], 'STA16']
  if (event === 'AB') return [[close], ['S-U-ABORT.indication'], 'STA01']
  if (event === 'AB-r') return [[close], ['S-U-ABORT.indication'], 'STA01']
  const why = event === 'not an SPDU' ? 'SESSION_SI' : 'SESSION_UNEXPECTED'
  return [[AB_PROTOCOL], [`S-P-ABORT.indication local provider ${why}`], 'STA16']
}

describe('S-09, RS-01, RS-11: every SPDU in every state', () => {
  const sides: readonly Side[] = ['initiator', 'responder']
  const cells = sides.flatMap(side =>
    sessionStates.flatMap(state =>
      Object.entries({ ...spdus, ...variants }).map(([event, octets]) => [event, state, side, octets] as const),
    ),
  )
  test.each(cells)('%s in %s, %s', (event, state, side, octets) => {
    const h = inState(state, side)
    h.feed(octets)
    expect([h.sent, h.told, h.state]).toEqual(expectedSpdu(state, event, side))
    // TIM runs in STA16 and nowhere else.
    expect(h.timers.pending).toBe(h.state === 'STA16' ? 1 : 0)
  })
})

describe('S-09: every request and response in every state', () => {
  const cells: Record<string, Outcome> = {
    'STA01 connect': [['T-CONNECT.request'], [], 'STA01B'],
    'STA01B abort': [[close], [], 'STA01'],
    'STA08 accept': [[AC], [], 'STA713'],
    'STA08 reject': [['0c 09 11 01 01 16 01 03 32 01 00'], [], 'STA16'],
    'STA713 data': [['01 00 01 00 61'], [], 'STA713'],
    'STA09 data': [['01 00 01 00 61'], [], 'STA09'],
    'STA713 release': [['09 00'], [], 'STA03'],
    'STA09 release': [['09 00'], [], 'STA09'],
    'STA09 affirm': [['0a 00'], [], 'STA16'],
  }
  for (const state of attached) cells[`${state} abort`] = [['19 03 11 01 03'], [], 'STA16']
  const primitives: Record<string, () => SessionSubmit> = {
    data,
    ...Object.fromEntries(Object.entries(down).map(([name, primitive]) => [name, () => primitive])),
  }
  const all = (['initiator', 'responder'] as const).flatMap(side =>
    sessionStates.flatMap(state => Object.keys(primitives).map(name => [name, state, side] as const)),
  )
  test.each(all)('%s in %s, %s', (name, state, side) => {
    const h = inState(state, side)
    const running = h.timers.pending
    const expected = cells[`${state} ${name}`]
    if (expected) {
      h.submit(primitives[name]!())
      expect([h.sent, h.told, h.state]).toEqual(expected)
      expect(h.timers.pending).toBe(h.state === 'STA16' ? 1 : 0)
    } else {
      expect(() => h.submit(primitives[name]!())).toThrow(UsageError)
      expect([h.sent, h.told, h.state, h.timers.pending]).toEqual([[], [], state, running])
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
    expect([h.sent, h.state]).toEqual(state === 'STA16' ? [[close], 'STA01'] : [[], state])
    expect(h.told).toEqual([])
  })

  test.each(sessionStates)('T-CONNECT.indication in %s', state => {
    const h = inState(state)
    h.transport.deliver({ type: 'T-CONNECT.indication', ...noSelector })
    expect([h.sent, h.told, h.state]).toEqual(state === 'STA01' ? [['T-CONNECT.response'], [], 'STA01C'] : [[], [], state])
  })

  test.each(sessionStates)('T-CONNECT.confirm in %s', state => {
    const h = inState(state)
    h.transport.deliver({ type: 'T-CONNECT.confirm', responding: {} })
    expect([h.sent, h.told, h.state]).toEqual(state === 'STA01B' ? [[CN], [], 'STA02A'] : [[], [], state])
  })

  test('S-16: TIM is 5 s unless said otherwise, and what ends the wait stops it', () => {
    const h = inState('STA16')
    h.timers.advance(4_999)
    expect(h.state).toBe('STA16')
    h.timers.advance(1)
    expect([h.state, h.sent]).toEqual(['STA01', [close]])
    const quick = inState('STA16', 'initiator', { tim: 10 })
    quick.timers.advance(10)
    expect(quick.state).toBe('STA01')
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

  test('a transport closed in order instead of DN is a provider abort; disconnectInsteadOfDN takes it for the DN', () => {
    const h = inState('STA03', 'initiator', { tolerate: { disconnectInsteadOfDN: true } })
    h.transport.deliver(disconnected)
    expect([h.sent, h.told, h.state]).toEqual([[], ['S-RELEASE.confirm affirmative'], 'STA01'])
    const lost = inState('STA03', 'initiator', { tolerate: { disconnectInsteadOfDN: true } })
    lost.transport.deliver({ ...disconnected, cause: new UsageError('cotp', 'COTP_LENGTH', '') })
    expect(lost.told).toEqual(['S-P-ABORT.indication peer COTP_LENGTH'])
    const plain = inState('STA03')
    plain.transport.deliver(disconnected)
    expect(plain.told).toEqual(['S-P-ABORT.indication peer COTP_DISCONNECTED'])
  })
})

describe('negotiated release', () => {
  const functionalUnits = FunctionalUnit.duplex | FunctionalUnit.negotiatedRelease
  const proposal = (setting: string) => `0d 0f 05 09 13 01 00 16 01 02 1a 01 ${setting} 14 02 00 82`
  const answer = '0e 0f 05 09 13 01 00 16 01 02 1a 01 00 14 02 00 82'
  const holder = () => established('initiator', { functionalUnits }, CN, answer)

  test('the release token starts at the initiator, whose request may be denied', () => {
    const h = holder()
    expect([h.machine.requirements, h.machine.ownsReleaseToken]).toEqual([functionalUnits, true])
    expect(h.submit(down.release).feed('08 04 c1 02 61 00').state).toBe('STA713')
    expect(h.delivered).toEqual([{ type: 'S-RELEASE.confirm', result: 'negative', userData: unhex('61 00') }])
  })

  test.each([
    ['00', false],
    ['40', true],
    ['80', false],
  ])('token setting %s puts the release token with the responder: %s', (setting, owns) => {
    const h = new Harness({ functionalUnits })
    h.transport.deliver({ type: 'T-CONNECT.indication', ...noSelector })
    h.feed(proposal(setting)).submit(down.accept)
    expect(h.machine.ownsReleaseToken).toBe(owns)
    expect(h.sent.at(-1)).toBe(`0e 0f 05 09 13 01 00 16 01 02 1a 01 ${owns ? '40' : '00'} 14 02 00 82`)
  })

  test('the reserved token setting is refused', () => {
    const h = new Harness({ functionalUnits })
    h.transport.deliver({ type: 'T-CONNECT.indication', ...noSelector })
    h.feed(proposal('c0'))
    expect(h.sent.at(-1)).toBe('0c 09 11 01 01 16 01 03 32 01 86')
  })

  test('the side without the token may not ask, and may deny', () => {
    const h = established('responder', { functionalUnits }, proposal('00'))
    expect(() => h.submit(down.release)).toThrow(UsageError)
    h.feed('09 00')
    expect(h.submit({ ...down.deny, userData: unhex('61') }).state).toBe('STA713')
    expect(h.sent).toEqual(['08 03 c1 01 61'])
    expect(h.feed('09 00').submit(down.affirm).state).toBe('STA16')
  })

  test('with a token there is no collision: FN from the side without it is a protocol error', () => {
    expect(holder().feed('09 00').sent).toEqual([AB_PROTOCOL])
    expect(holder().submit(down.release).forget().feed('09 00').sent).toEqual([AB_PROTOCOL])
    const asked = established('responder', { functionalUnits }, proposal('00')).feed('09 00')
    expect(() => asked.submit(down.release)).toThrow(UsageError)
  })

  test('without the unit a negative response is not allowed, and a machine without it leaves it out of its AC', () => {
    expect(() => inState('STA09').submit(down.deny)).toThrow(UsageError)
    const h = established('responder', {}, proposal('00'))
    expect(h.machine.requirements).toBe(FunctionalUnit.duplex)
  })
})
