import { Sdu, unhex } from '@x/core'
import type { TransportDelivery, TransportSubmit } from '@x/cotp'
import { decodeTsdu, FunctionalUnit, type SessionDelivery, SessionMachine, type SessionSubmit, sessionStates, Token } from '@x/iso-session'
import { type Bench, Played, type Rig } from './bench.js'
import type { Step } from './table.js'

const TIM = 5_000
const KEEP = 60_000

/** TSDUs octet by octet from X.225, 8. `UU` stands for the functional units. */
const OCTETS: Readonly<Record<string, string>> = {
  'CN acceptable': '0d 0c 05 06 13 01 00 16 01 02 14 02 UU',
  /** 10 240 octets here, more to come: PI 60, PGI 194. */
  'CN overflow': `0d ff 28 13 05 06 13 01 00 16 01 02 14 02 UU 3c 01 01 c2 ff 28 00 ${'61 '.repeat(10_240)}`,
  /** A version that there is not. */
  'CN unacceptable': '0d 0c 05 06 13 01 00 16 01 04 14 02 UU',
  AC: '0e 0c 05 06 13 01 00 16 01 02 14 02 UU',
  'RF to release': '0c 06 11 01 01 32 01 81',
  'RF to keep': '0c 06 11 01 00 32 01 81',
  'FN to release': '09 03 11 01 01',
  'FN to keep': '09 03 11 01 00',
  DN: '0a 00',
  NF: '08 00',
  'AB by the user': '19 03 11 01 03',
  'AB by the provider': '19 03 11 01 05',
  'AB by the user, to keep': '19 03 11 01 02',
  'AB by the provider, to keep': '19 03 11 01 04',
  AA: '1a 00',
  DT: '01 00 01 00 61',
  TD: '21 00 61',
  'GT data token': '01 03 10 01 01',
  'GT release token': '01 03 10 01 40',
  'GT no token': '01 00',
  'PT data token': '02 03 10 01 01',
  'PT release token': '02 03 10 01 40',
  'PT no token': '02 00',
  PR: '07 03 18 01 04',
  OA: '10 03 16 01 02',
  'CDO more': '0f 06 19 01 00 c1 01 61',
  'CDO end': '0f 03 19 01 02',
  'other SPDU EX': '05 00 61',
  'other SPDU GTC': '15 00',
  'other SPDU GTA': '16 00',
  'other SPDU MAP': '01 00 29 06 0f 01 01 2a 01 31',
  'other SPDU MAA': '02 00 2a 03 2a 01 31',
  'other SPDU AS': '01 00 2d 03 29 01 61',
  'other SPDU ED': '02 00 30 03 32 01 00',
  'other SPDU MIP': '01 00 31 03 2a 01 31',
  'other SPDU MIA': '02 00 32 03 2a 01 31',
  'other SPDU RS': '01 00 35 06 1b 01 00 2a 01 31',
  'other SPDU AD': '01 00 39 03 32 01 00',
  'other SPDU ADA': '02 00 3a 00',
  'other SPDU AR': '02 00 1d 0b 21 06 29 01 61 2a 01 31 29 01 62',
  'other SPDU RA': '02 00 22 03 2a 01 31',
  'other SPDU CD': '01 00 3d 00',
  'other SPDU CDA': '02 00 3e 00',
  'other SPDU ER': '02 00 00 03 31 01 00',
  'other SPDU AI': '01 00 19 03 32 01 00',
  'other SPDU AIA': '02 00 1a 00',
  'malformed code': 'fe 00',
  'malformed length': '0a 05 19',
  'malformed parameter twice': '0a 06 c1 01 61 c1 01 61',
}

const USER: Readonly<Record<string, SessionSubmit>> = {
  'S-CONNECT.response+': { type: 'S-CONNECT.response', result: 'accept' },
  'S-CONNECT.response-': { type: 'S-CONNECT.response', result: 'reject' },
  'S-RELEASE.request': { type: 'S-RELEASE.request' },
  'S-RELEASE.response+': { type: 'S-RELEASE.response', result: 'affirmative' },
  'S-RELEASE.response-': { type: 'S-RELEASE.response', result: 'negative' },
  'S-U-ABORT.request': { type: 'S-U-ABORT.request' },
}

function down(primitive: TransportSubmit): string {
  if (primitive.type !== 'T-DATA.request') return primitive.type
  const spdus = decodeTsdu(primitive.userData.octets())
  const spdu = spdus.at(-1)!
  if (spdu.type === 'AB') return `AB(${(spdu.transportDisconnect ?? 0) & 2 ? 'user' : 'provider'})`
  return spdu.type
}

function up(delivery: SessionDelivery): string {
  if (delivery.type === 'S-CONNECT.confirm') return `${delivery.type}${delivery.result === 'accept' ? '+' : '-'}`
  if (delivery.type === 'S-RELEASE.confirm') return `${delivery.type}${delivery.result === 'affirmative' ? '+' : '-'}`
  return delivery.type
}

class SessionBench implements Bench {
  readonly #units: number
  readonly #played: Played<SessionSubmit, SessionDelivery, TransportSubmit, TransportDelivery>

  constructor(facts: ReadonlySet<string>) {
    const units =
      (facts.has('hd') ? FunctionalUnit.halfDuplex : FunctionalUnit.duplex) |
      (facts.has('nr') ? FunctionalUnit.negotiatedRelease : 0) |
      (facts.has('td') ? FunctionalUnit.typedData : 0)
    this.#units = units
    this.#played = new Played(
      (transport, timers) =>
        new SessionMachine(transport, {
          timers,
          tim: TIM,
          functionalUnits: units,
          maxUserData: 20_000,
          keepTransport: facts.has('keep') ? KEEP : 0,
          strict: true,
        }),
      down,
      up,
    )
  }

  get state(): string {
    return this.#played.state
  }

  get timers(): number {
    return this.#played.timers
  }

  take(): readonly string[] {
    return this.#played.take()
  }

  apply({ event, variant }: Step): boolean {
    const { machine, below, clock } = this.#played
    const submit = USER[event]
    if (submit !== undefined) machine.submit(submit)
    else {
      switch (event) {
        case 'S-CONNECT.request':
          machine.submit({
            type: event,
            sessionRequirements: this.#units,
            ...(variant === 'overflow' && { userData: new Uint8Array(10_300) }),
          })
          break
        case 'S-DATA.request':
        case 'S-TYPED-DATA.request':
          machine.submit({ type: event, userData: Sdu.of(unhex('61')) })
          break
        case 'S-TOKEN-GIVE.request':
        case 'S-TOKEN-PLEASE.request':
          machine.submit({ type: event, tokens: variant === 'data token' ? Token.data : Token.release })
          break
        case 'T-CONNECT.indication':
          below.deliver({ type: event, called: {}, calling: {} })
          break
        case 'T-CONNECT.confirm':
          below.deliver({ type: event, responding: {} })
          break
        case 'T-DISCONNECT.indication':
          below.deliver({ type: event, by: 'peer' })
          break
        case 'keep timer expires':
          return clock.expire(KEEP)
        case 'TIM':
          return clock.expire(TIM)
        default: {
          const octets = OCTETS[variant === '' ? event : `${event} ${variant}`]
          if (octets === undefined) throw new TypeError(`no octets for ${event} ${variant}`)
          const units = this.#units.toString(16).padStart(4, '0')
          below.deliver({ type: 'T-DATA.indication', userData: unhex(octets.replace('UU', `${units.slice(0, 2)} ${units.slice(2)}`)) })
        }
      }
    }
    return true
  }
}

export const sessionRig: Rig = { states: sessionStates, open: facts => new SessionBench(facts) }
