import { Sdu, unhex } from '@x/core'
import { decodeTpdu, type TransportDelivery, TransportMachine, type TransportSubmit, transportStates } from '@x/cotp'
import type { NetworkDelivery, NetworkSubmit } from '@x/tpkt'
import { type Bench, Played, type Rig } from './bench.js'
import type { Step } from './table.js'

/** TPDUs as the peer 0002 sends them, octet by octet from X.224, 13; we are 0001. */
const OCTETS: Readonly<Record<string, string>> = {
  'CR acceptable': '09 e0 00 00 00 02 00 c0 01 07',
  'CR unacceptable': '06 e0 00 00 00 02 20',
  'CR class 4': '0c e0 00 00 00 02 40 c0 01 07 c7 01 00',
  'CC acceptable': '09 d0 00 01 00 02 00 c0 01 07',
  'CC unacceptable': '0c d0 00 01 00 02 00 c0 01 07 f0 01 08',
  'CC another class': '09 d0 00 01 00 02 20 c0 01 07',
  DR: '06 80 00 01 00 02 80',
  DC: '05 c0 00 01 00 02',
  'DT last': '02 f0 80 01 02',
  'DT more': '02 f0 00 01 02',
  'DT lone and empty': '02 f0 80',
  ED: '02 10 80 01',
  AK: '04 60 00 01 05',
  EA: '04 20 00 01 05',
  RJ: '04 50 00 01 05',
  ER: '07 70 00 01 02 c1 01 11',
  'unknown code': '02 30 80',
  // DST-REF of a CR is 0 (13.3.3 c); a DT of class 0 has LI 2 (13.7.1 a); LI 255 is reserved (13.2.1).
  'malformed CR': '09 e0 00 07 00 02 00 c0 01 07',
  'malformed DT of class 2': '04 f0 80 c0 00',
  'malformed length': 'ff f0 80',
}

const TIMERS: Readonly<Record<string, number>> = {
  'TS1 expires': 5_000,
  'refusal timer expires': 1_000,
  'TSDU timer expires': 30_000,
}

class CotpBench implements Bench {
  readonly #played = new Played<TransportSubmit, TransportDelivery, NetworkSubmit, NetworkDelivery>(
    (network, timers) =>
      new TransportMachine(network, {
        strict: true,
        tpduSize: 128,
        reference: 1,
        timers,
        ts1: TIMERS['TS1 expires']!,
        refusalTimeout: TIMERS['refusal timer expires']!,
        tsduTimeout: TIMERS['TSDU timer expires']!,
      }),
    primitive => (primitive.type === 'N-DATA.request' ? decodeTpdu(primitive.userData.octets()).type : primitive.type),
    delivery => delivery.type,
  )

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
    const { machine, below } = this.#played
    switch (event) {
      case 'T-CONNECT.request':
        machine.submit({ type: event, called: { transportSelector: new Uint8Array(variant === 'too long' ? 200 : 2) } })
        return true
      case 'T-CONNECT.response':
      case 'T-DISCONNECT.request':
        machine.submit({ type: event })
        return true
      case 'T-DATA.request':
        machine.submit({ type: event, userData: Sdu.of(new Uint8Array({ short: 5, 'two segments': 200 }[variant] ?? 0)) })
        return true
      case 'N-DISCONNECT.indication':
        below.deliver({ type: event })
        return true
      case 'N-CONNECT.confirm':
      case 'N-RESET.indication':
        return false
      default: {
        const time = TIMERS[event]
        if (time !== undefined) return this.#played.clock.expire(time)
        const octets = OCTETS[variant === '' ? event : `${event} ${variant}`]
        if (octets === undefined) throw new TypeError(`no octets for ${event} ${variant}`)
        below.deliver({ type: 'N-DATA.indication', userData: unhex(octets) })
        return true
      }
    }
  }
}

export const cotpRig: Rig = { states: transportStates, open: () => new CotpBench() }
