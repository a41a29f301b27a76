import { Sdu, UsageError, unhex } from '@x/core'
import { type PresentationDelivery, PresentationMachine, type PresentationSubmit, presentationTable } from '@x/iso-presentation'
import type { SessionDelivery, SessionSubmit } from '@x/iso-session'
import { type Bench, Played, type Rig } from './bench.js'
import type { Step } from './table.js'

// X.226, 8.2 by hand: contexts 1, ACSE, and 3, MMS, in BER; nobody defines context 5.
const LIST = 'a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01'
const RESULTS = 'a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01'
const VALUE = '61 09 30 07 02 01 03 a0 02 8b 00'
const FOREIGN = '61 09 30 07 02 01 05 a0 02 8b 00'

const OCTETS: Readonly<Record<string, string>> = {
  'CP acceptable': `31 2c a0 03 80 01 01 a2 25 ${LIST}`,
  'CP another version': `31 30 a0 03 80 01 01 a2 29 80 02 06 40 ${LIST}`,
  'CP foreign context': `31 37 a0 03 80 01 01 a2 30 ${LIST} ${FOREIGN}`,
  'CPA accepted contexts': `31 1b a0 03 80 01 01 a2 14 ${RESULTS}`,
  'CPA foreign context': `31 26 a0 03 80 01 01 a2 1f ${RESULTS} ${FOREIGN}`,
  'CPR by the user': `30 14 ${RESULTS}`,
  'CPR by the provider': '30 03 8a 01 04',
  'CPR foreign context': `30 1f ${RESULTS} ${FOREIGN}`,
  'ARU DCS': 'a0 19 a0 09 30 07 02 01 01 06 02 51 01 61 0c 30 0a 02 01 01 a0 05 64 03 80 01 00',
  'ARU foreign context': 'a0 19 a0 09 30 07 02 01 05 06 02 51 01 61 0c 30 0a 02 01 05 a0 05 64 03 80 01 00',
  ARP: '30 06 80 01 06 81 01 07',
  'TD DCS': VALUE,
  'TD foreign context': FOREIGN,
  'S-RELEASE.indication DCS': VALUE,
  'S-RELEASE.indication foreign context': FOREIGN,
  AC: 'a0 00',
  ACA: 'a1 00',
  TTD: VALUE,
}

const CARRIERS: Readonly<Record<string, string>> = {
  CP: 'S-CONNECT.indication',
  CPA: 'S-CONNECT.confirm+',
  CPR: 'S-CONNECT.confirm-',
  ARU: 'S-U-ABORT.indication',
  ARP: 'S-U-ABORT.indication',
  TD: 'S-DATA.indication',
  AC: 'S-TYPED-DATA.indication',
  ACA: 'S-TYPED-DATA.indication',
  TTD: 'S-TYPED-DATA.indication',
  TE: 'S-EXPEDITED-DATA.indication',
  TC: 'S-CAPABILITY-DATA.indication',
  TCC: 'S-CAPABILITY-DATA.confirm',
  RS: 'S-RESYNCHRONIZE.indication',
  RSA: 'S-RESYNCHRONIZE.confirm',
}

/** What each event is at the session service. Units that our session has not are primitives of its names all the same. */
function primitiveOf({ event, variant }: Step, sessionRequirements: number): SessionDelivery {
  const [type, userData] = carried(event, variant)
  const base = type.replace(/[+-]$/, '')
  switch (type) {
    case 'S-CONNECT.indication':
      return { type, called: {}, calling: {}, sessionRequirements, version: 2, userData }
    case 'S-CONNECT.confirm':
    case 'S-CONNECT.confirm+':
      return { type: 'S-CONNECT.confirm', result: 'accept', responding: {}, sessionRequirements, version: 2, userData }
    case 'S-CONNECT.confirm-':
      return event === 'CPR'
        ? { type: 'S-CONNECT.confirm', result: 'reject', by: 'peer', reason: 2, responding: {}, userData }
        : { type: 'S-CONNECT.confirm', result: 'reject', by: 'peer provider', reason: 129, responding: {}, userData }
    case 'S-RELEASE.confirm+':
      return { type: 'S-RELEASE.confirm', result: 'affirmative', userData }
    case 'S-RELEASE.confirm-':
      return { type: 'S-RELEASE.confirm', result: 'negative', userData }
    case 'S-P-ABORT.indication':
      return { type, by: 'peer provider' }
    default:
      return { type: base, userData } as unknown as SessionDelivery
  }
}

function carried(event: string, variant: string): readonly [type: string, userData: Uint8Array] {
  if (event === 'malformed') return [variant, unhex('ff ff')]
  if (event === 'PPDU of another unit') return [CARRIERS[variant]!, unhex(variant.startsWith('RS') ? '30 00' : VALUE)]
  if (event === 'session indication of another unit') return [variant, unhex(VALUE)]
  const octets = OCTETS[variant === '' ? event : `${event} ${variant}`]
  return [CARRIERS[event] ?? event, octets === undefined ? new Uint8Array() : unhex(octets)]
}

const contexts = [
  { presentationContextIdentifier: 1, abstractSyntaxName: '2.2.1.0.1', transferSyntaxNameList: ['2.1.1'] },
  { presentationContextIdentifier: 3, abstractSyntaxName: '1.0.9506.2.1', transferSyntaxNameList: ['2.1.1'] },
] as const
const identifierOf = (variant: string) => (variant === 'foreign context' ? 5 : 3)

function request({ event, variant }: Step, sessionRequirements: number): PresentationSubmit | undefined {
  switch (event) {
    case 'P-CONNECT.request': {
      const userData = [{ presentationContextIdentifier: identifierOf(variant), octets: unhex('8b 00') }]
      return { type: event, presentationContextDefinitionList: contexts, sessionRequirements, userData }
    }
    case 'P-CONNECT.response+':
      return { type: 'P-CONNECT.response', result: 'acceptance' }
    case 'P-CONNECT.response-':
      return { type: 'P-CONNECT.response', result: 'user-rejection' }
    case 'P-DATA.request':
      return { type: event, presentationContextIdentifier: identifierOf(variant), userData: Sdu.of(unhex('8b 00')) }
    case 'P-RELEASE.response+':
      return { type: 'P-RELEASE.response', result: 'affirmative' }
    case 'P-RELEASE.response-':
      return { type: 'P-RELEASE.response', result: 'negative' }
    case 'P-RELEASE.request':
    case 'P-U-ABORT.request':
    case 'P-P-ABORT.request':
      return { type: event }
    default:
      return undefined
  }
}

/** The PPDU in a session primitive, by the first octet that X.226, 8.2 gives it there. */
function down(primitive: SessionSubmit): string {
  const { userData } = primitive
  const octets = userData instanceof Sdu ? userData.octets() : (userData ?? new Uint8Array())
  switch (primitive.type) {
    case 'S-CONNECT.request':
      return octets[0] === 0x31 ? 'CP' : 'no CP'
    case 'S-CONNECT.response':
      if (primitive.result === 'accept') return octets[0] === 0x31 ? 'CPA' : 'no CPA'
      return octets[0] === 0x30 ? 'CPR' : 'no CPR'
    case 'S-DATA.request':
      return octets[0] === 0x61 ? 'TD' : 'no TD'
    case 'S-U-ABORT.request':
      if (octets[0] === 0xa0) return 'ARU'
      // 30 L 80 01 reason [81 01 event]
      return octets[0] === 0x30 ? `ARP(${octets[4]}${octets[7] === undefined ? '' : `:${octets[7]}`})` : 'no PPDU of abort'
    case 'S-RELEASE.response':
      return `${primitive.type}${primitive.result === 'affirmative' ? '+' : '-'}`
    default:
      return primitive.type
  }
}

function up(delivery: PresentationDelivery): string {
  if (delivery.type === 'P-CONNECT.confirm') return `${delivery.type}${delivery.result === 'acceptance' ? '+' : '-'}`
  if (delivery.type === 'P-RELEASE.confirm') return `${delivery.type}${delivery.result === 'affirmative' ? '+' : '-'}`
  return delivery.type
}

class PresentationBench implements Bench {
  readonly timers = 0
  readonly #requirements: number
  readonly #played = new Played<PresentationSubmit, PresentationDelivery, SessionSubmit, SessionDelivery>(
    session => new PresentationMachine(session, { strict: true }),
    down,
    up,
  )

  #asked = false

  constructor(facts: ReadonlySet<string>) {
    const hasToken = facts.has('nr')
    this.#requirements = hasToken ? 0x82 : 0x02
    const { below } = this.#played
    const submit = below.submit.bind(below)
    // The session that is played refuses what Table A.15 of X.225 refuses: a release in answer to one, when there is a token.
    below.submit = primitive => {
      if (primitive.type === 'S-RELEASE.request' && this.#asked && hasToken) throw new UsageError('session', 'STATE', 'STA09')
      if (primitive.type === 'S-RELEASE.response') this.#asked = false
      submit(primitive)
    }
  }

  get state(): string {
    return this.#played.state
  }

  take(): readonly string[] {
    return this.#played.take()
  }

  apply(step: Step): boolean {
    const submit = request(step, this.#requirements)
    if (submit !== undefined) this.#played.machine.submit(submit)
    else {
      this.#asked = step.event === 'S-RELEASE.indication' || (this.#asked && this.state === 'STAt0')
      this.#played.below.deliver(primitiveOf(step, this.#requirements))
    }
    return true
  }
}

export const presentationRig: Rig = {
  states: [...new Set(presentationTable.rows.flatMap(row => [...row.states]))],
  open: facts => new PresentationBench(facts),
}
