import type { AAssociateConfirm, AAssociateIndication, AssociationDelivery, AssociationSubmit } from '@x/acse'
import { unhex } from '@x/core'
import { decodePdu, initiateSettings, type MmsDelivery, MmsMachine, type MmsSubmit, mmsStates, proposal } from '@x/mms'
import { type Bench, Played, type Rig } from './bench.js'
import type { Step } from './table.js'

/** PDUs octet by octet from ISO 9506-2. Our request is number 1, the peer's number 7. */
const OCTETS: Readonly<Record<string, string>> = {
  'confirmedRequestPDU served': 'a0 05 02 01 07 82 00',
  'confirmedRequestPDU not served': 'a0 05 02 01 08 80 00',
  'confirmedResponsePDU of its service': 'a1 0e 02 01 01 a2 09 80 01 76 81 01 6d 82 01 72',
  'confirmedResponsePDU of another service': 'a1 0a 02 01 01 a4 05 a1 03 80 01 0a',
  'confirmedResponsePDU of no request': 'a1 0e 02 01 09 a2 09 80 01 76 81 01 6d 82 01 72',
  'confirmedErrorPDU of a request': 'a2 0a 80 01 01 a2 05 a0 03 87 01 02',
  'confirmedErrorPDU of no request': 'a2 0a 80 01 09 a2 05 a0 03 87 01 02',
  unconfirmedPDU: 'a3 08 a1 06 80 01 00 81 01 00',
  'rejectPDU of a request': 'a4 06 80 01 01 81 01 04',
  'rejectPDU of nothing': 'a4 03 85 01 01',
  'cancelRequestPDU of a request': '85 01 07',
  'cancelRequestPDU of no request': '85 01 09',
  cancelResponsePDU: '86 01 01',
  cancelErrorPDU: 'a7 0a 80 01 01 a1 05 a0 03 8a 01 02',
  initiateRequestPDU:
    'a8 26 80 03 00 fd e8 81 01 01 82 01 01 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  initiateResponsePDU:
    'a9 26 80 03 00 fd e8 81 01 01 82 01 01 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  /** 64 octets are too few. */
  'worse initiateResponsePDU':
    'a9 24 80 01 40 81 01 01 82 01 01 83 01 0a a4 16 80 01 01 81 03 05 f1 00 82 0c 03 ee 1c 00 00 04 08 00 00 79 ef 18',
  initiateErrorPDU: 'aa 05 a0 03 88 01 00',
  concludeRequestPDU: '8b 00',
  concludeResponsePDU: '8c 00',
  concludeErrorPDU: 'ad 05 a0 03 89 01 01',
  'malformed request': 'a0 05 02 01 07 bf 00',
  'malformed answer': 'a1 05 02 01 01 a2 80',
  'malformed reject': 'a4 03 80 02 01',
  'malformed octets': '30 80',
  'malformed foreign context': '8b 00',
}

const contexts = [
  { presentationContextIdentifier: 1, abstractSyntaxName: '2.2.1.0.1', transferSyntaxNameList: ['2.1.1'] },
  { presentationContextIdentifier: 3, abstractSyntaxName: '1.0.9506.2.1', transferSyntaxNameList: ['2.1.1'] },
] as const
const lists = {
  presentationContextDefinitionList: contexts,
  presentationContextDefinitionResultList: contexts.map(() => ({ result: 'acceptance', transferSyntaxName: '2.1.1' }) as const),
}
const information = (name: string | undefined) => (name === undefined ? [] : [{ indirectReference: 3, octets: unhex(OCTETS[name]!) }])

const ANSWERS: Readonly<Record<string, string | undefined>> = {
  accepted: 'initiateResponsePDU',
  'accepted but worse': 'worse initiateResponsePDU',
  'accepted with Error': 'initiateErrorPDU',
  'refused with Error': 'initiateErrorPDU',
}

function confirm(variant: string): AAssociateConfirm {
  return {
    type: 'A-ASSOCIATE.confirm',
    result: variant.startsWith('accepted') ? 'accepted' : 'rejected-permanent',
    resultSource: 'acse-service-user',
    applicationContextName: '1.0.9506.2.3',
    responding: {},
    userInformation: information(ANSWERS[variant]),
    respondingPresentationAddress: {},
    ...lists,
  }
}

function indication(variant: string): AAssociateIndication {
  return {
    type: 'A-ASSOCIATE.indication',
    applicationContextName: variant === 'another application context' ? '1.0.9506.2.9' : '1.0.9506.2.3',
    calling: {},
    called: {},
    userInformation: information(variant === 'without initiate' ? undefined : 'initiateRequestPDU'),
    calledPresentationAddress: {},
    callingPresentationAddress: {},
    ...lists,
  }
}

const INITIATE = { maxServOutstanding: 1 } as const
const concludeRefused = { errorClass: { type: 'conclude', value: 'further-communication-required' } } as const

function request(event: string, variant: string): MmsSubmit | undefined {
  switch (event) {
    case 'M-INITIATE.request':
      return { type: event, initiate: proposal(initiateSettings(INITIATE), ['identify']) }
    case 'M-INITIATE.response':
      return { type: event, result: variant === 'accepted' ? 'accepted' : 'rejected' }
    case 'M-CONFIRMED.request':
      return { type: event, invokeID: 1, service: 'identify', argument: null }
    case 'M-CONFIRMED.response':
      return variant === 'error'
        ? { type: event, invokeID: 7, error: { errorClass: { type: 'access', value: 'object-non-existent' } } }
        : { type: event, invokeID: 7, service: 'identify', response: { vendorName: 'v', modelName: 'm', revision: 'r' } }
    case 'M-UNCONFIRMED.request':
      return {
        type: event,
        service: 'unsolicitedStatus',
        argument: { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' },
      }
    case 'M-CANCEL.request':
      return { type: event, originalInvokeID: 1 }
    case 'M-CANCEL.response': {
      const error = { errorClass: { type: 'cancel', value: 'cancel-not-possible' } } as const
      return { type: event, originalInvokeID: 7, ...(variant === 'cancelled' ? {} : { error }) }
    }
    case 'M-CONCLUDE.response':
      return { type: event, ...(variant === 'concluded' ? {} : { error: concludeRefused }) }
    case 'M-REJECT.request':
      return { type: event, originalInvokeID: 7, rejectReason: { type: 'confirmedRequestPDU', value: 'invalid-argument' } }
    case 'M-CONCLUDE.request':
    case 'M-ABORT.request':
      return { type: event }
    default:
      return undefined
  }
}

function below(event: string, variant: string): AssociationDelivery {
  switch (event) {
    case 'A-ASSOCIATE.indication':
      return indication(variant)
    case 'A-ASSOCIATE.confirm':
      return confirm(variant)
    case 'A-RELEASE.indication':
      return { type: event, reason: 0, userInformation: [] }
    case 'A-RELEASE.confirm':
      return { type: event, result: 'affirmative', userInformation: [] }
    case 'A-ABORT.indication':
      return { type: event, abortSource: 'acse-service-user', by: 'peer', userInformation: [] }
    case 'A-P-ABORT.indication':
      return { type: event, by: 'peer provider' }
    default: {
      const octets = OCTETS[variant === '' ? event : `${event} ${variant}`]
      if (octets === undefined) throw new TypeError(`no octets for ${event} ${variant}`)
      const presentationContextIdentifier = variant === 'foreign context' ? 5 : 3
      return { type: 'P-DATA.indication', userData: [{ presentationContextIdentifier, octets: unhex(octets) }] }
    }
  }
}

function down(primitive: AssociationSubmit): string {
  if (primitive.type === 'A-ASSOCIATE.response') return `${primitive.type}${primitive.result === 'accepted' ? '+' : '-'}`
  if (primitive.type !== 'P-DATA.request') return primitive.type
  const decoded = decodePdu(primitive.userData.octets())
  return decoded.type === 'pdu' ? decoded.pdu.type : 'a broken PDU'
}

function up(delivery: MmsDelivery): string {
  switch (delivery.type) {
    case 'M-INITIATE.confirm':
      return `${delivery.type}${delivery.result === 'accepted' ? '+' : '-'}`
    case 'M-CONFIRMED.confirm':
      return `${delivery.type}(${delivery.result})`
    case 'M-CANCEL.confirm':
    case 'M-CONCLUDE.confirm':
      return `${delivery.type}${delivery.error === undefined ? '+' : '-'}`
    default:
      return delivery.type
  }
}

export class MmsBench implements Bench {
  readonly #played: Played<MmsSubmit, MmsDelivery, AssociationSubmit, AssociationDelivery, MmsMachine>

  /** @param maxRejects rejects in a minute */
  constructor(maxRejects: number) {
    this.#played = new Played(
      (association, timers) => new MmsMachine(association, { timers, initiate: INITIATE, serves: ['identify'], maxRejects }),
      down,
      up,
    )
  }

  /** Requests without an answer. */
  get outstanding(): MmsMachine['outstanding'] {
    return this.#played.machine.outstanding
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
    if (event === 'a minute passes') return this.#played.clock.expire(60_000)
    const submit = request(event, variant)
    if (submit !== undefined) this.#played.machine.submit(submit)
    else this.#played.below.deliver(below(event, variant))
    return true
  }
}

export const mmsRig: Rig = { states: mmsStates, open: () => new MmsBench(1) }
