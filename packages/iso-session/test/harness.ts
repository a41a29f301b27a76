import { hex, Sdu, unhex } from '@x/core'
import { FakeProvider, HandTimers, recordDeliveries } from '@x/core/testing'
import type { MachineHarness } from '@x/core/testing/suite'
import type { TransportDelivery, TransportSubmit } from '@x/cotp'
import { SessionMachine } from '../src/machine.js'
import type { SessionOptions } from '../src/options.js'
import type { SessionDelivery, SessionSubmit } from '../src/service.js'
import type { SessionState } from '../src/states.js'

/** A machine with both its neighbours and its timers played by the test. */
export class Harness implements MachineHarness<SessionSubmit, SessionDelivery> {
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

  /** The TSDUs that went down, as they are. */
  get tsdus(): Uint8Array[] {
    return this.transport.submitted.flatMap(p => (p.type === 'T-DATA.request' ? [p.userData.octets().slice()] : []))
  }

  /** What went up: the name of the primitive, and what tells it from others of the name. */
  get told(): string[] {
    return this.delivered.map(d => {
      if (d.type === 'S-P-ABORT.indication') return `${d.type} ${d.by} ${d.cause?.code ?? d.transportDisconnect}`
      if ('result' in d) return `${d.type} ${d.result}`
      if ('tokens' in d) return `${d.type} ${d.tokens}`
      return d.type
    })
  }

  get last(): SessionDelivery {
    return this.delivered.at(-1)!
  }

  /** All that a step changes. */
  get outcome(): Outcome {
    return [this.sent, this.told, this.state]
  }

  feed(...tsdus: readonly (Uint8Array | string)[]): this {
    for (const tsdu of tsdus) this.transport.deliver({ type: 'T-DATA.indication', userData: typeof tsdu === 'string' ? unhex(tsdu) : tsdu })
    return this
  }

  below(primitive: TransportDelivery): this {
    this.transport.deliver(primitive)
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

/** What a step does: what goes down; what goes up; next state. */
export type Outcome = readonly [sent: readonly string[], told: readonly string[], to: SessionState]

export const CN = '0d 0c 05 06 13 01 00 16 01 02 14 02 00 02'
export const AC = '0e 0c 05 06 13 01 00 16 01 02 14 02 00 02'
export const RF = '0c 09 11 01 01 16 01 02 32 01 81'
export const AB_PROTOCOL = '19 03 11 01 05'
export const AB_RESTRICTION = '19 03 11 01 11'
/** A CN that announces more user data. */
export const CN_OVERFLOW = '0d 12 05 06 13 01 00 16 01 02 14 02 00 02 3c 01 01 c2 01 61'
export const close = 'T-DISCONNECT.request'
export const asked: TransportDelivery = { type: 'T-CONNECT.indication', called: {}, calling: {} }
export const answered: TransportDelivery = { type: 'T-CONNECT.confirm', responding: {} }
export const disconnected: TransportDelivery = { type: 'T-DISCONNECT.indication', by: 'peer' }

export const down = {
  connect: { type: 'S-CONNECT.request' },
  accept: { type: 'S-CONNECT.response', result: 'accept' },
  reject: { type: 'S-CONNECT.response', result: 'reject' },
  release: { type: 'S-RELEASE.request' },
  affirm: { type: 'S-RELEASE.response', result: 'affirmative' },
  deny: { type: 'S-RELEASE.response', result: 'negative' },
  abort: { type: 'S-U-ABORT.request' },
  give: { type: 'S-TOKEN-GIVE.request', tokens: 1 },
  please: { type: 'S-TOKEN-PLEASE.request', tokens: 1 },
} as const satisfies Record<string, SessionSubmit>
export const data = (octets = '61'): SessionSubmit => ({ type: 'S-DATA.request', userData: Sdu.of(unhex(octets)) })
export const typed = (octets = '61'): SessionSubmit => ({ type: 'S-TYPED-DATA.request', userData: Sdu.of(unhex(octets)) })

export type Side = 'initiator' | 'responder'

/** What a test wants other than the usual: options, and the CN or AC of the peer. */
export interface Setup {
  readonly options?: Partial<SessionOptions>
  readonly cn?: string
  readonly ac?: string
}

/** Brings a machine into data transfer. */
export function established(side: Side, { options = {}, cn = CN, ac = AC }: Setup = {}): Harness {
  const h = new Harness(options)
  if (side === 'initiator') {
    const units = options.functionalUnits
    h.submit({ ...down.connect, ...(units !== undefined && { sessionRequirements: units }) })
    h.below(answered).feed(ac)
  } else h.below(asked).feed(cn).submit(down.accept)
  return reached(h, 'STA713')
}

/** A machine in any state, by legal steps. 01A needs the transport kept, 01D and 02B overflow. */
export function inState(state: SessionState, side: Side = 'initiator', setup: Setup = {}): Harness {
  const { options = {}, cn = CN } = setup
  const keeping = { ...setup, options: { keepTransport: 1_000, ...options } }
  const fresh = (more: Partial<SessionOptions> = {}) => new Harness({ ...more, ...options })
  const reach: Record<SessionState, () => Harness> = {
    STA01: fresh,
    STA01A: () => established(side, keeping).submit(down.abort),
    STA01B: () => fresh().submit(down.connect),
    STA01C: () => fresh().below(asked),
    STA01D: () => fresh({ maxUserData: 100_000 }).below(asked).feed(CN_OVERFLOW),
    STA02A: () => fresh().submit(down.connect).below(answered),
    STA02B: () =>
      fresh({ maxUserData: 100_000 })
        .submit({ ...down.connect, userData: new Uint8Array(10_241) })
        .below(answered),
    STA08: () => fresh().below(asked).feed(cn),
    STA713: () => established(side, setup),
    STA03: () => established(side, setup).submit(down.release),
    STA09: () => established(side, setup).feed('09 00'),
    STA16: () => established(side, { ...setup, options: { ...options, keepTransport: 0 } }).submit(down.abort),
  }
  return reached(reach[state](), state)
}

function reached(h: Harness, state: SessionState): Harness {
  if (h.state !== state) throw new TypeError(`expected ${state}, found ${h.state} after ${h.told.join(', ')}`)
  return h.forget()
}

/** One TSDU for each SPDU a decoder can give, under its event; `-r`: the transport kept. */
export const spdus: Record<string, string> = {
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
export const variants: Record<string, string> = {
  'FN-r': '09 03 11 01 00',
  'RF-r': '0c 06 11 01 00 32 01 00',
  'AB-r': '19 03 11 01 02',
  'PR-AB': '07 03 18 01 04',
  'CDO, not the last': '0f 06 19 01 00 c1 01 62',
  'not an SPDU': '40 00',
}
