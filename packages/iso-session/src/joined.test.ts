import { hex, Sdu, UsageError, unhex } from '@x/core'
import { HandTimers } from '@x/core/testing'
import type { TransportDelivery, TransportService, TransportSubmit } from '@x/cotp'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SessionMachine } from './machine.js'
import type { SessionOptions } from './options.js'
import type { SessionDelivery, SessionSubmit } from './service.js'
import { FunctionalUnit, Token } from './values.js'

/** One end of a transport connection in memory: what it is sent waits in order until the test delivers it. */
class TransportEnd implements TransportService {
  onDeliver: (primitive: TransportDelivery) => void = () => {}
  peer!: TransportEnd
  open = false
  inbox: TransportDelivery[] = []

  submit(primitive: TransportSubmit): void {
    const { inbox } = this.peer
    switch (primitive.type) {
      case 'T-CONNECT.request':
        this.open = true
        inbox.push({ type: 'T-CONNECT.indication', called: primitive.called ?? {}, calling: primitive.calling ?? {} })
        break
      case 'T-CONNECT.response':
        inbox.push({ type: 'T-CONNECT.confirm', responding: {} })
        break
      case 'T-DATA.request':
        inbox.push({ type: 'T-DATA.indication', userData: primitive.userData.octets().slice() })
        break
      case 'T-DISCONNECT.request':
        this.open = false
        inbox.push({ type: 'T-DISCONNECT.indication', by: 'peer' })
    }
  }

  /** Hands over what waits longest. What reaches an end that is closed is lost. */
  deliver(): void {
    const next = this.inbox.shift()!
    if (next.type === 'T-CONNECT.indication') this.open = true
    else if (!this.open) return
    if (next.type === 'T-DISCONNECT.indication') this.open = false
    this.onDeliver(next)
  }
}

class Side {
  readonly transport = new TransportEnd()
  readonly timers = new HandTimers()
  readonly delivered: SessionDelivery[] = []
  readonly session: SessionMachine

  constructor(options: Partial<SessionOptions> = {}) {
    this.session = new SessionMachine(this.transport, { timers: this.timers, ...options })
    this.session.onDeliver = primitive => this.delivered.push(primitive)
  }

  /** @returns whether the state allowed it; if not, nothing has changed */
  try(primitive: SessionSubmit): boolean {
    const before = this.key
    try {
      this.session.submit(primitive)
      return true
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      expect(this.key).toBe(before)
      return false
    }
  }

  /** All that decides what this side does next. */
  get key(): string {
    const { state, vcoll, vdnr, vtca, vtrr, ownedTokens, availableTokens } = this.session
    const waiting = this.transport.inbox.map(p => (p.type === 'T-DATA.indication' ? hex(p.userData) : p.type))
    const releasing = state === 'STA03' || state === 'STA09' ? [vcoll, vdnr, vtca, vtrr] : []
    const open = releasing.length > 0 || state === 'STA713' ? [ownedTokens & availableTokens] : []
    return [state, ...releasing, ...open, this.timers.pending, this.transport.open, ...waiting].join(' ')
  }
}

/** A asks, B is asked. */
class Pair {
  readonly a: Side
  readonly b: Side

  constructor(options: Partial<SessionOptions> = {}) {
    this.a = new Side(options)
    this.b = new Side(options)
    this.a.transport.peer = this.b.transport
    this.b.transport.peer = this.a.transport
    this.#request = {
      type: 'S-CONNECT.request',
      userData: unhex('31'),
      ...(options.functionalUnits && { sessionRequirements: options.functionalUnits }),
    }
    this.a.session.submit(this.#request)
  }

  readonly #request: SessionSubmit

  get sides(): readonly Side[] {
    return [this.a, this.b]
  }

  get key(): string {
    return `${this.a.key} | ${this.b.key}`
  }

  get over(): boolean {
    return this.sides.every(side => side.session.state === 'STA01' && side.transport.inbox.length === 0)
  }

  /** One step of the model. @returns false when it is not possible now */
  step(action: Action): boolean {
    const side = action.endsWith('A') ? this.a : this.b
    const name = action.slice(0, -2)
    if (name === 'deliver') {
      if (side.transport.inbox.length === 0) return false
      side.transport.deliver()
      return true
    }
    if (name === 'TIM') {
      if (side.timers.pending === 0) return false
      side.timers.advance(5_000)
      return true
    }
    // A second session only where the first has left its transport connection.
    if (name === 'connect') return side === this.a && side.session.state === 'STA01C' && side.try(this.#request)
    // One of a kind under way each way is enough to meet every place it may overtake something.
    const sent = inFlight[name]
    if (sent && side.transport.peer.inbox.some(p => p.type === 'T-DATA.indication' && hex(p.userData) === sent)) return false
    if (name === 'data') return side.try({ type: 'S-DATA.request', userData: Sdu.of(unhex('61')) })
    if (name === 'typed') return side.try({ type: 'S-TYPED-DATA.request', userData: Sdu.of(unhex('61')) })
    return side.try(primitives[name]!)
  }
}

const primitives: Readonly<Record<string, SessionSubmit>> = {
  accept: { type: 'S-CONNECT.response', result: 'accept' },
  reject: { type: 'S-CONNECT.response', result: 'reject' },
  release: { type: 'S-RELEASE.request' },
  affirm: { type: 'S-RELEASE.response', result: 'affirmative' },
  abort: { type: 'S-U-ABORT.request' },
  deny: { type: 'S-RELEASE.response', result: 'negative' },
  give: { type: 'S-TOKEN-GIVE.request', tokens: Token.data },
  giveAll: { type: 'S-TOKEN-GIVE.request', tokens: Token.data | Token.release },
  please: { type: 'S-TOKEN-PLEASE.request', tokens: Token.data },
}
const inFlight: Readonly<Record<string, string>> = { data: '01 00 01 00 61', typed: '21 00 61', please: '02 03 10 01 01' }
type Action = `${string} ${'A' | 'B'}`
const both = (...names: readonly string[]) => names.flatMap(name => [`${name} A`, `${name} B`] as Action[])
const actions = both('deliver', 'TIM', 'data', 'accept', 'reject', 'release', 'affirm', 'abort')

/** No side ever finds the other at fault. */
function expectNoProtocolError(pair: Pair): void {
  for (const { delivered } of pair.sides) {
    for (const primitive of delivered) {
      if (primitive.type === 'S-P-ABORT.indication') expect([primitive.by, primitive.cause?.code]).toEqual(['peer', 'COTP_DISCONNECTED'])
    }
  }
}

function replay(path: readonly Action[], options: Partial<SessionOptions>): Pair {
  const pair = new Pair(options)
  for (const action of path) expect(pair.step(action)).toBe(true)
  return pair
}

const { duplex, halfDuplex, negotiatedRelease, typedData } = FunctionalUnit

describe('RS-12: two machines, joined', () => {
  // The number of joint states: a row changed on purpose changes it too.
  test.each<[string, Partial<SessionOptions>, readonly Action[], number]>([
    ['duplex', {}, actions, 411],
    ['duplex, the transport connection kept', { keepTransport: 1_000 }, [...actions, 'connect A'], 829],
    [
      'duplex and typed data',
      { functionalUnits: duplex | typedData },
      both('deliver', 'TIM', 'typed', 'accept', 'release', 'affirm', 'abort'),
      402,
    ],
    [
      'half-duplex and negotiated release',
      { functionalUnits: halfDuplex | negotiatedRelease },
      both('deliver', 'TIM', 'data', 'accept', 'release', 'affirm', 'deny', 'abort', 'give', 'giveAll', 'please'),
      1_572,
    ],
  ])(
    'RS-12, S-16: %s, every interleaving: no protocol error in any joint state, and from each the end of both sides is in reach',
    (_, options, actions, states) => {
      const seen = new Map<string, { path: readonly Action[]; next: Set<string> }>()
      const start = new Pair(options)
      const open: string[] = [start.key]
      const ends = new Set<string>()
      seen.set(start.key, { path: [], next: new Set() })
      for (let key = open.shift(); key !== undefined; key = open.shift()) {
        const { path, next } = seen.get(key)!
        // A step that is refused changes nothing, so the pair serves until one is not.
        let pair = replay(path, options)
        if (pair.over) ends.add(key)
        for (const action of actions) {
          if (!pair.step(action)) continue
          expectNoProtocolError(pair)
          const reached = pair.key
          pair = replay(path, options)
          next.add(reached)
          if (seen.has(reached)) continue
          seen.set(reached, { path: [...path, action], next: new Set() })
          open.push(reached)
        }
      }
      const reaching = new Set(ends)
      for (let grown = true; grown; ) {
        grown = false
        for (const [key, { next }] of seen) {
          if (reaching.has(key) || ![...next].some(other => reaching.has(other))) continue
          reaching.add(key)
          grown = true
        }
      }
      expect([...seen.keys()].filter(key => !reaching.has(key))).toEqual([])
      expect(ends.size).toBeGreaterThan(0)
      expect(seen.size).toBe(states)
    },
  )

  test('random walks: whatever the users and the network do, both sides end in STA01, without a timer', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...actions), { maxLength: 60 }), fc.option(fc.nat(60), { nil: undefined }), (walk, cut) => {
        const pair = new Pair()
        for (const [i, action] of walk.entries()) {
          pair.step(action)
          if (i !== cut) continue
          for (const { transport } of pair.sides) {
            transport.inbox.length = 0 // lost with the network
            if (!transport.open) continue
            transport.open = false
            transport.onDeliver({ type: 'T-DISCONNECT.indication', by: 'local provider' })
          }
        }
        // Time passes, and users do what is asked of them.
        for (let i = 0; i < 100 && !pair.over; i++) {
          for (const action of ['deliver A', 'deliver B', 'accept B', 'affirm A', 'affirm B', 'release A', 'TIM A', 'TIM B'] as const)
            pair.step(action)
        }
        expect([pair.over, pair.a.timers.pending, pair.b.timers.pending]).toEqual([true, 0, 0])
        for (const { delivered } of pair.sides) {
          const faults = delivered.filter(p => p.type === 'S-P-ABORT.indication' && p.cause?.layer === 'session')
          expect(faults).toEqual([])
          const abrupt = delivered.filter(p => p.type === 'S-P-ABORT.indication' || p.type === 'S-U-ABORT.indication')
          expect(abrupt.length).toBeLessThanOrEqual(1)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

/** A whole session: both send, one releases. Each user answers inside `onDeliver`, or when all is quiet; the network at once or later. */
function dialogue(answer: 'inside' | 'later', network: 'at once' | 'later'): string[] {
  const trace: string[] = []
  const pair = new Pair()
  const answers: (() => void)[] = []
  const users: Record<string, (side: Side) => void> = {
    'S-CONNECT.indication': side => side.session.submit({ ...primitives.accept!, userData: unhex('32') } as SessionSubmit),
    'S-CONNECT.confirm': side => side.session.submit({ type: 'S-DATA.request', userData: Sdu.of(unhex('61')) }),
    'S-DATA.indication': side =>
      side.session.submit(side === pair.b ? { type: 'S-DATA.request', userData: Sdu.of(unhex('62')) } : primitives.release!),
    'S-RELEASE.indication': side => side.session.submit(primitives.affirm!),
  }
  for (const [name, side] of [
    ['A', pair.a],
    ['B', pair.b],
  ] as const) {
    side.session.onDeliver = primitive => {
      trace.push(`${name} ${primitive.type} ${'userData' in primitive ? hex(primitive.userData) : ''}`.trim())
      const run = users[primitive.type]
      if (run) answer === 'inside' ? run(side) : answers.push(() => run(side))
    }
    if (network === 'later') continue
    const submit = side.transport.submit.bind(side.transport)
    // Delivered within the submit, so that the answer to an answer comes while the first call still runs.
    side.transport.submit = primitive => {
      submit(primitive)
      while (side.transport.peer.inbox.length > 0) side.transport.peer.deliver()
    }
  }
  for (let moved = true; moved; ) {
    moved = pair.step('deliver A') || pair.step('deliver B')
    const next = moved ? undefined : answers.shift()
    if (next) {
      next()
      moved = true
    }
  }
  expect([pair.over, pair.a.timers.pending, pair.b.timers.pending]).toEqual([true, 0, 0])
  return trace
}

describe('a whole session', () => {
  const trace = [
    'B S-CONNECT.indication 31',
    'A S-CONNECT.confirm 32',
    'B S-DATA.indication 61',
    'A S-DATA.indication 62',
    'B S-RELEASE.indication',
    'A S-RELEASE.confirm',
  ]
  test.each([
    ['inside', 'later'],
    ['later', 'later'],
    ['inside', 'at once'],
    ['later', 'at once'],
  ] as const)('a user who answers %s, a network that delivers %s: the same trace, and nothing left over', (answer, network) => {
    expect(dialogue(answer, network)).toEqual(trace)
  })

  test.each([
    ['refuses', { type: 'S-CONNECT.response', result: 'reject', userData: unhex('61') }, 'S-CONNECT.confirm'],
    ['aborts', { type: 'S-U-ABORT.request', userData: unhex('61') }, 'S-U-ABORT.indication'],
  ] as const)('B %s inside the indication, over a network that delivers at once: TIM is stopped by what follows', (_, primitive, heard) => {
    const pair = new Pair()
    pair.b.session.onDeliver = () => pair.b.session.submit(primitive)
    for (const { transport } of pair.sides) {
      const submit = transport.submit.bind(transport)
      transport.submit = sent => {
        submit(sent)
        while (transport.peer.inbox.length > 0) transport.peer.deliver()
      }
    }
    pair.b.transport.deliver()
    expect(pair.a.delivered).toMatchObject([{ type: heard, userData: unhex('61') }])
    expect([pair.over, pair.a.timers.pending, pair.b.timers.pending]).toEqual([true, 0, 0])
  })
})
