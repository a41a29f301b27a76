import { type AssociationDelivery, AssociationMachine, type AssociationSubmit, associationStates, decodeApdu } from '@x/acse'
import { Sdu, unhex } from '@x/core'
import type { PresentationDelivery, PresentationSubmit } from '@x/iso-presentation'
import { type Bench, Played, type Rig } from './bench.js'
import type { Step } from './table.js'

const NAME = 'a1 07 06 05 28 ca 22 02 03'
/** APDUs octet by octet from X.227, 9. */
const OCTETS = {
  AARQ: `60 09 ${NAME}`,
  /** Offers version 2 alone: no common version, 7.1.3.2. */
  'AARQ cannot be supported': `60 0d 80 02 06 40 ${NAME}`,
  'AARE+': `61 15 ${NAME} a2 03 02 01 00 a3 05 a1 03 02 01 00`,
  'AARE-': `61 15 ${NAME} a2 03 02 01 01 a3 05 a1 03 02 01 01`,
  RLRQ: '62 03 80 01 00',
  'RLRE+': '63 03 80 01 00',
  'RLRE-': '63 03 80 01 01',
  ABRT: '64 03 80 01 00',
  'malformed AARQ': '60 03 a1 07 06',
  'malformed AARE': `61 09 ${NAME}`,
  'malformed RLRQ': '62 03 80 02 00',
  'malformed RLRE': '63 03 90 01 00',
  'malformed ABRT': '64 00',
} as const

const contexts = [
  { presentationContextIdentifier: 1, abstractSyntaxName: '2.2.1.0.1', transferSyntaxNameList: ['2.1.1'] },
  { presentationContextIdentifier: 3, abstractSyntaxName: '1.0.9506.2.1', transferSyntaxNameList: ['2.1.1'] },
] as const
const lists = {
  presentationContextDefinitionList: contexts,
  presentationContextDefinitionResultList: [
    { result: 'acceptance', transferSyntaxName: '2.1.1' },
    { result: 'acceptance', transferSyntaxName: '2.1.1' },
  ],
  sessionRequirements: 2,
} as const
const value = (name: keyof typeof OCTETS) => [{ presentationContextIdentifier: 1, octets: unhex(OCTETS[name]) }]

/** What each event is at the presentation service. */
function primitiveOf(event: string, variant: string): PresentationDelivery | undefined {
  const broken = event === 'malformed' && variant !== 'APDU in P-DATA'
  const name = (event === 'malformed' ? `malformed ${variant}` : event) as keyof typeof OCTETS
  const sessionVersion = variant === 'over session version 1' ? 1 : 2
  switch (broken ? variant.replace(/^AARE$/, 'AARE+').replace(/^RLRE$/, 'RLRE+') : event) {
    case 'AARQ': {
      const userData = value(variant === 'cannot be supported' ? 'AARQ cannot be supported' : name)
      return { type: 'P-CONNECT.indication', called: {}, calling: {}, ...lists, sessionVersion, userData }
    }
    case 'AARE+':
      return { type: 'P-CONNECT.confirm', result: 'acceptance', responding: {}, ...lists, sessionVersion, userData: value(name) }
    case 'AARE-':
      return { type: 'P-CONNECT.confirm', result: 'user-rejection', layer: 'presentation', by: 'peer', userData: value(name) }
    case 'P-CONNECT.confirm-':
      return { type: 'P-CONNECT.confirm', result: 'provider-rejection', layer: 'session', by: 'peer provider', userData: [] }
    case 'RLRQ':
      return { type: 'P-RELEASE.indication', userData: value(name) }
    case 'RLRE+':
      return { type: 'P-RELEASE.confirm', result: 'affirmative', userData: value(name) }
    case 'RLRE-':
      return { type: 'P-RELEASE.confirm', result: 'negative', userData: value(name) }
    case 'ABRT':
      return { type: 'P-U-ABORT.indication', userData: variant === 'P-U-ABORT alone' ? [] : value(name) }
    case 'P-P-ABORT.indication':
      return { type: 'P-P-ABORT.indication', by: 'peer provider' }
    case 'P-DATA.indication':
      return { type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 3, octets: unhex('a0 00') }] }
    case 'malformed':
      return { type: 'P-DATA.indication', userData: value('ABRT') }
    default:
      return undefined
  }
}

const USER: Readonly<Record<string, AssociationSubmit>> = {
  'A-ASSOCIATE.request': {
    type: 'A-ASSOCIATE.request',
    applicationContextName: '1.0.9506.2.3',
    presentationContextDefinitionList: contexts,
  },
  'A-ASSOCIATE.response+': { type: 'A-ASSOCIATE.response', result: 'accepted' },
  'A-ASSOCIATE.response-': { type: 'A-ASSOCIATE.response', result: 'rejected-transient' },
  'A-RELEASE.request': { type: 'A-RELEASE.request', reason: 0 },
  'A-RELEASE.response+': { type: 'A-RELEASE.response', result: 'affirmative' },
  'A-RELEASE.response-': { type: 'A-RELEASE.response', result: 'negative', reason: 1 },
  'A-ABORT.request': { type: 'A-ABORT.request' },
}

/** The APDU that a primitive carries; its sign is that of the primitive and of the APDU, which must agree (8.1.3.1). */
function down(primitive: PresentationSubmit): string {
  if (primitive.type === 'P-DATA.request' || primitive.type === 'P-P-ABORT.request') return primitive.type
  const [first] = ('userData' in primitive ? (primitive.userData ?? []) : []) as readonly { octets: Uint8Array }[]
  if (first === undefined) return primitive.type.replace(/\.request$/, '')
  const apdu = decodeApdu(first.octets)
  if (apdu.type === 'ABRT') return `ABRT(${apdu.value.abortSource === 0 ? 'user' : 'provider'})`
  if (primitive.type === 'P-RELEASE.response') return `${apdu.type}${primitive.result === 'affirmative' ? '+' : '-'}`
  if (apdu.type !== 'AARE') return apdu.type
  const accepted = primitive.type === 'P-CONNECT.response' && primitive.result === 'acceptance'
  return accepted === (apdu.value.result === 0) ? `AARE${accepted ? '+' : '-'}` : 'AARE that contradicts its P-CONNECT'
}

function up(delivery: AssociationDelivery): string {
  switch (delivery.type) {
    case 'A-ASSOCIATE.confirm':
      return `${delivery.type}${delivery.result === 'accepted' ? '+' : '-'}`
    case 'A-RELEASE.confirm':
      return `${delivery.type}${delivery.result === 'affirmative' ? '+' : '-'}`
    case 'A-ABORT.indication':
      return `${delivery.type}(${delivery.abortSource === 'acse-service-user' ? 'user' : 'provider'})`
    default:
      return delivery.type
  }
}

class AcseBench implements Bench {
  readonly timers = 0
  readonly #played = new Played<AssociationSubmit, AssociationDelivery, PresentationSubmit, PresentationDelivery>(
    presentation => new AssociationMachine(presentation, { strict: true }),
    down,
    up,
  )

  get state(): string {
    return this.#played.state
  }

  take(): readonly string[] {
    return this.#played.take()
  }

  apply({ event, variant }: Step): boolean {
    const { machine, below } = this.#played
    const submit = USER[event]
    if (submit !== undefined) machine.submit(submit)
    else if (event === 'P-DATA.request') machine.submit({ type: event, presentationContextIdentifier: 3, userData: Sdu.of(unhex('a0 00')) })
    else {
      const primitive = primitiveOf(event, variant)
      if (primitive === undefined) return false
      below.deliver(primitive)
    }
    return true
  }
}

export const acseRig: Rig = { states: associationStates, open: () => new AcseBench() }
