import { Sdu, UsageError, unhex } from '@x/core'
import { type PresentationDelivery, PresentationMachine, type PresentationSubmit, presentationTable } from '@x/iso-presentation'
import { FunctionalUnit, type SessionDelivery, type SessionSubmit, Token } from '@x/iso-session'
import { type Bench, Played, type Rig } from './bench.js'
import type { Step } from './table.js'

/** One BER element: identifier octet, length, and its contents, all as hex. */
function tlv(identifier: string, ...parts: readonly string[]): string {
  const contents = parts.filter(part => part !== '').join(' ')
  const length = contents === '' ? 0 : contents.split(' ').length
  const written = (length < 0x80 ? '' : '81 ') + length.toString(16).padStart(2, '0')
  return `${identifier} ${written}${contents === '' ? '' : ` ${contents}`}`
}

// X.226, 8.2 by hand: contexts 1, ACSE, and 3, MMS, in BER; nobody defines context 5.
const MMS_SYNTAX = '06 05 28 ca 22 02 01 30 04 06 02 51 01'
const identifier = (pci: number) => (pci < 0x80 ? `02 01 ${hexOf(pci)}` : `02 02 ${hexOf(pci >> 8)} ${hexOf(pci & 0xff)}`)
const hexOf = (octet: number) => octet.toString(16).padStart(2, '0')
const item = (pci: number, syntax = MMS_SYNTAX) => tlv('30', identifier(pci), syntax)
const LIST = tlv('a4', item(1, '06 04 52 01 00 01 30 04 06 02 51 01'), item(3))
const ACCEPTED = tlv('30', '80 01 00 81 02 51 01')
const RESULTS = tlv('a5', ACCEPTED, ACCEPTED)
const userDataOf = (pci: number) => tlv('61', tlv('30', identifier(pci), tlv('a0', '8b 00')))
const FOREIGN = userDataOf(5)
const NORMAL = tlv('a0', '80 01 01')
const cp = (...parts: readonly string[]) => tlv('31', NORMAL, tlv('a2', ...parts))
const aru = (pci: number) =>
  tlv('a0', tlv('a0', tlv('30', identifier(pci), '06 02 51 01')), tlv('61', tlv('30', identifier(pci), tlv('a0', '64 03 80 01 00'))))
/** presentation-requirements: context management. */
const MANAGED = '88 02 07 80'

/** PPDUs that are the same whatever has been agreed. */
const OCTETS: Readonly<Record<string, string>> = {
  'CP another version': cp('80 02 06 40', LIST),
  'CP foreign context': cp(LIST, FOREIGN),
  'CPA foreign context': cp(RESULTS, FOREIGN),
  'CPR by the user': tlv('30', RESULTS),
  'CPR by the provider': '30 03 8a 01 04',
  'CPR foreign context': tlv('30', RESULTS, FOREIGN),
  'ARU DCS': aru(1),
  'ARU foreign context': aru(5),
  ARP: '30 06 80 01 06 81 01 07',
  'TD context 1': userDataOf(1),
  'TD context 3': userDataOf(3),
  'TD foreign context': FOREIGN,
  'TTD context 1': userDataOf(1),
  'TTD context 3': userDataOf(3),
  'TTD foreign context': FOREIGN,
  'S-RELEASE.indication DCS': userDataOf(1),
  'S-RELEASE.indication foreign context': FOREIGN,
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
function primitiveOf({ event, variant }: Step, sessionRequirements: number, octets: string | undefined): SessionDelivery {
  const [type, userData] = carried(event, variant, octets)
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
    case 'S-TOKEN-GIVE.indication':
    case 'S-TOKEN-PLEASE.indication':
      return { type, tokens: Token.release, userData }
    case 'S-P-ABORT.indication':
      return { type, by: 'peer provider' }
    default:
      return { type: base, userData } as unknown as SessionDelivery
  }
}

function carried(event: string, variant: string, made: string | undefined): readonly [type: string, userData: Uint8Array] {
  if (event === 'malformed') return [variant, unhex('ff ff')]
  if (event === 'PPDU of another unit') return [CARRIERS[variant]!, unhex(variant.startsWith('RS') ? '30 00' : userDataOf(1))]
  if (event === 'session indication of another unit') return [variant, unhex(userDataOf(1))]
  const octets = made ?? OCTETS[variant === '' ? event : `${event} ${variant}`]
  return [CARRIERS[event] ?? event, octets === undefined ? new Uint8Array() : unhex(octets)]
}

const contexts = [
  { presentationContextIdentifier: 1, abstractSyntaxName: '2.2.1.0.1', transferSyntaxNameList: ['2.1.1'] },
  { presentationContextIdentifier: 3, abstractSyntaxName: '1.0.9506.2.1', transferSyntaxNameList: ['2.1.1'] },
] as const
const contextOf = (variant: string) => ({ 'foreign context': 5, 'context 1': 1 })[variant] ?? 3
const conclude = (variant: string) => [{ presentationContextIdentifier: contextOf(variant), octets: unhex('8b 00') }]

function request({ event, variant }: Step): PresentationSubmit | undefined {
  switch (event) {
    case 'P-CONNECT.response-':
      return { type: 'P-CONNECT.response', result: 'user-rejection' }
    case 'P-DATA.request':
      return { type: event, presentationContextIdentifier: contextOf(variant), userData: Sdu.of(unhex('8b 00')) }
    case 'P-TYPED-DATA.request':
      return { type: event, userData: conclude(variant) }
    case 'P-TOKEN-GIVE.request':
    case 'P-TOKEN-PLEASE.request':
      return { type: event, tokens: Token.release }
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
    case 'S-TYPED-DATA.request':
      return { 160: 'AC', 161: 'ACA', 97: 'TTD' }[octets[0]!] ?? 'no typed data PPDU'
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
  readonly #managed: boolean
  readonly #played = new Played<PresentationSubmit, PresentationDelivery, SessionSubmit, SessionDelivery>(
    session => new PresentationMachine(session, { strict: true, contextLimit: 10_000 }),
    down,
    up,
  )
  /** The peer's release is not answered. */
  #asked = false
  /** We have asked for release. */
  #finished = false
  /** What the last P-ALTER-CONTEXT request of each side was about; the answer has to fit. */
  #ourChange = ''
  #peersChange = ''
  /** Odd for the initiator of the connection, even for the other side; none is used twice. */
  #ourNext = 7
  #peersNext = 8

  constructor(facts: ReadonlySet<string>) {
    const hasToken = facts.has('nr')
    this.#managed = facts.has('cm')
    this.#requirements =
      FunctionalUnit.duplex | (hasToken ? FunctionalUnit.negotiatedRelease : 0) | (facts.has('td') ? FunctionalUnit.typedData : 0)
    const { below } = this.#played
    const submit = below.submit.bind(below)
    // The session that is played refuses what X.225 refuses: a release in answer to one, when there is a token; typed data behind FINISH.
    below.submit = primitive => {
      if (primitive.type === 'S-RELEASE.request' && this.#asked && hasToken) throw new UsageError('session', 'STATE', 'STA09')
      if (primitive.type === 'S-TYPED-DATA.request' && this.#finished) throw new UsageError('session', 'STATE', 'STA03')
      if (primitive.type === 'S-RELEASE.request') this.#finished = true
      if (primitive.type === 'S-CONNECT.request' || primitive.type === 'S-CONNECT.response') this.#finished = false
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
    const submit = this.#request(step) ?? request(step)
    if (submit !== undefined) this.#played.machine.submit(submit)
    else {
      const isConnected = this.state === 'STAt0' || this.state.startsWith('STAac')
      this.#asked = step.event === 'S-RELEASE.indication' || (this.#asked && isConnected)
      if (step.event === 'S-RELEASE.confirm-') this.#finished = false
      const octets = this.#octets(step)
      this.#played.below.deliver(primitiveOf(step, this.#requirements, octets))
    }
    return true
  }

  /** Requests that depend on what was agreed and what came before. */
  #request({ event, variant }: Step): PresentationSubmit | undefined {
    switch (event) {
      case 'P-CONNECT.request': {
        const [sessionRequirements, presentationRequirements] = [this.#requirements, this.#managed ? 1 : 0]
        if (this.state === 'STAI0' && variant !== 'foreign context') [this.#ourNext, this.#peersNext] = [7, 8]
        const userData = conclude(variant)
        return { type: event, presentationContextDefinitionList: contexts, sessionRequirements, presentationRequirements, userData }
      }
      case 'P-CONNECT.response+':
        return { type: 'P-CONNECT.response', result: 'acceptance', presentationRequirements: this.#managed ? 1 : 0 }
      case 'P-ALTER-CONTEXT.request': {
        const presentationContextIdentifier = this.#ourNext
        const mayAsk = this.state === 'STAt0' || this.state === 'STAac1'
        if (variant === 'delete 3') {
          if (mayAsk) this.#ourChange = variant
          return { type: event, presentationContextDeletionList: [3] }
        }
        if (mayAsk) {
          this.#ourChange = variant
          this.#ourNext += 2
        }
        return { type: event, presentationContextAdditionList: [{ ...contexts[1], presentationContextIdentifier }] }
      }
      case 'P-ALTER-CONTEXT.response': {
        if (variant === 'accept') return { type: event }
        return this.#peersChange === 'delete 3'
          ? { type: event, presentationContextDeletionResultList: ['user-rejection'] }
          : { type: event, presentationContextAdditionResultList: [{ result: 'user-rejection' }] }
      }
      default:
        return undefined
    }
  }

  /** PPDUs that depend on what was agreed and what came before. */
  #octets({ event, variant }: Step): string | undefined {
    const managed = this.#managed ? MANAGED : ''
    switch (`${event} ${variant}`) {
      case 'CP acceptable':
        if (this.state === 'STAI0') [this.#ourNext, this.#peersNext] = [8, 7]
        return cp(LIST, managed)
      case 'CPA accepted contexts':
        return cp(RESULTS, managed)
      case 'AC add':
        this.#peersChange = variant
        this.#peersNext += 2
        return tlv('a0', tlv('a0', item(this.#peersNext - 2)))
      case 'AC delete 3':
        this.#peersChange = variant
        return tlv('a0', tlv('a1', identifier(3)))
      case 'AC foreign context':
        return tlv('a0', FOREIGN)
      case 'ACA accept':
        return tlv('a1', this.#ourChange === 'delete 3' ? tlv('a1', '02 01 00') : tlv('a0', ACCEPTED))
      case 'ACA refuse':
        return tlv('a1', this.#ourChange === 'delete 3' ? tlv('a1', '02 01 01') : tlv('a0', tlv('30', '80 01 01')))
      case 'ACA foreign context':
        return tlv('a1', this.#ourChange === 'delete 3' ? tlv('a1', '02 01 00') : tlv('a0', ACCEPTED), FOREIGN)
      default:
        return undefined
    }
  }
}

export const presentationRig: Rig = {
  states: [...new Set(presentationTable.rows.flatMap(row => [...row.states]))],
  open: facts => new PresentationBench(facts),
}
