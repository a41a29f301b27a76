import { Sdu, unhex } from '@x/core'
import { FakeProvider, recordDeliveries } from '@x/core/testing'
import type { MachineHarness } from '@x/core/testing/suite'
import type { SConnectConfirm, SConnectIndication, SessionDelivery, SessionService, SessionSubmit } from '@x/iso-session'
import { proposeContexts } from '../src/contexts.js'
import type { PresentationState } from '../src/events.js'
import { PresentationMachine, type PresentationOptions } from '../src/machine.js'
import type { PAlterContextRequest, PresentationDataValues, PresentationDelivery, PresentationSubmit } from '../src/service.js'

export const ACSE = '2.2.1.0.1'
export const MMS = '1.0.9506.2.1'
export const BER = '2.1.1'
/** Contexts 1, ACSE, and 3, MMS, in BER. */
export const LIST = proposeContexts([ACSE, MMS])

/** An ACSE value: RLRQ normal. */
export const RLRQ = unhex('62 03 80 01 00')
/** An MMS value: conclude-request. */
export const CONCLUDE = unhex('8b 00')

export const value = (presentationContextIdentifier: number, octets: Uint8Array = RLRQ): PresentationDataValues => ({
  presentationContextIdentifier,
  octets,
})

export const CP = unhex(
  '31 3f a0 03 80 01 01 a2 38 a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 61 11 30 0f 02 01 01 a0 0a 60 08 a1 06 06 04 28 ca 22 01',
)
export const CPA = unhex(
  '31 2c a0 03 80 01 01 a2 25 a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01 61 0f 30 0d 02 01 01 a0 08 61 06 a2 04 02 02 00 00',
)
/** The same with presentation-requirements: context management. */
export const CP_MANAGED = unhex(
  '31 43 a0 03 80 01 01 a2 3c a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 88 02 07 80 61 11 30 0f 02 01 01 a0 0a 60 08 a1 06 06 04 28 ca 22 01',
)
export const CPA_MANAGED = unhex(
  '31 30 a0 03 80 01 01 a2 29 a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01 88 02 07 80 61 0f 30 0d 02 01 01 a0 08 61 06 a2 04 02 02 00 00',
)
/** Context 3 refused by the provider: DCS {1}, so simple encoding. */
export const CPA_ONE = unhex(
  '31 26 a0 03 80 01 01 a2 1f a5 11 30 07 80 01 00 81 02 51 01 30 06 80 01 02 82 01 01 40 0a 61 08 a2 06 02 01 00 02 01 00',
)
export const CPR_USER = unhex(
  '30 23 a5 12 30 07 80 01 00 81 02 51 01 30 07 80 01 00 81 02 51 01 61 0d 30 0b 02 01 01 a0 06 61 04 a2 02 05 00',
)
export const CPR_PROVIDER = unhex('30 03 8a 01 04')
export const ARU = unhex('a0 19 a0 09 30 07 02 01 01 06 02 51 01 61 0c 30 0a 02 01 01 a0 05 64 03 80 01 00')
export const ARP = unhex('30 06 80 01 06 81 01 07')
export const TD = unhex('61 09 30 07 02 01 03 a0 02 8b 00')
export const RELEASE = unhex('61 0c 30 0a 02 01 01 a0 05 62 03 80 01 00')

export function sConnectIndication(userData: Uint8Array, more: Partial<SConnectIndication> = {}): SConnectIndication {
  return { type: 'S-CONNECT.indication', called: {}, calling: {}, sessionRequirements: 2, version: 2, userData, ...more }
}

export function sAccepted(userData: Uint8Array, sessionRequirements = 2): SConnectConfirm {
  return { type: 'S-CONNECT.confirm', result: 'accept', responding: {}, sessionRequirements, version: 2, userData }
}

export function sRejected(userData: Uint8Array, by: 'peer' | 'peer provider' = 'peer', reason = 2): SConnectConfirm {
  return { type: 'S-CONNECT.confirm', result: 'reject', by, reason, responding: {}, userData }
}

export interface Harness extends MachineHarness<PresentationSubmit, PresentationDelivery> {
  readonly machine: PresentationMachine
  readonly session: FakeProvider<SessionSubmit, SessionDelivery>
  readonly sent: SessionSubmit[]
  /** Hands it what the session would deliver, of any functional unit. */
  from(primitive: SessionDelivery | { readonly type: string; readonly userData?: Uint8Array }): void
  readonly deviations: string[]
}

export function harness(options: PresentationOptions = {}): Harness {
  const session = new FakeProvider<SessionSubmit, SessionDelivery>()
  const machine = new PresentationMachine(session, options)
  const delivered = recordDeliveries(machine)
  const deviations: string[] = []
  machine.onDeviation = ({ tolerance }) => deviations.push(tolerance)
  const from: Harness['from'] = primitive => session.deliver(primitive as SessionDelivery)
  return {
    machine,
    session,
    delivered,
    deviations,
    from,
    get sent() {
      return session.submitted
    },
    feed(octets) {
      feed(machine.state, octets, from)
    },
  }
}

/** Octets as user data of every primitive that a session could deliver next, one after the other. */
function feed(state: PresentationState, octets: Uint8Array, from: Harness['from']): void {
  if (state === 'STAI0') return from(sConnectIndication(octets))
  if (state === 'STAI1') return from(octets.length % 2 ? sAccepted(octets) : sRejected(octets))
  if (state === 'STAI2') return from({ type: 'S-U-ABORT.indication', userData: octets })
  const types = ['S-DATA.indication', 'S-RELEASE.indication', 'S-U-ABORT.indication', 'S-TYPED-DATA.indication'] as const
  from({ type: types[octets.length % 4]!, userData: octets })
}

export const CONNECT = {
  type: 'P-CONNECT.request',
  presentationContextDefinitionList: LIST,
  userData: [value(1, unhex('60 08 a1 06 06 04 28 ca 22 01'))],
} as const
export const ACCEPT = {
  type: 'P-CONNECT.response',
  result: 'acceptance',
  userData: [value(1, unhex('61 06 a2 04 02 02 00 00'))],
} as const

/** A machine that came into `state` by legal steps; what it delivered and sent on the way is forgotten. */
export function inState(state: PresentationState, options: PresentationOptions = {}): Harness {
  const h = harness(options)
  if (isAltering(state)) return altering(state, options)
  if (state === 'STAI1') h.machine.submit(CONNECT)
  if (state === 'STAI2' || state === 'STAt0') h.from(sConnectIndication(CP))
  if (state === 'STAt0') h.machine.submit(ACCEPT)
  return forget(h)
}

type Altering = 'STAac0' | 'STAac1' | 'STAac2'
const isAltering = (state: PresentationState): state is Altering => state.startsWith('STAac')

/** Session units of the connections with context management: duplex, negotiated release and typed data. */
export const UNITS = 0x0002 | 0x0080 | 0x0400

/** Connected with context management, typed data and tokens; the responder, or the initiator. */
export function managed(role: 'responder' | 'initiator' = 'responder', options: PresentationOptions = {}): Harness {
  const h = harness(options)
  if (role === 'initiator') {
    h.machine.submit({ ...CONNECT, presentationRequirements: 1, sessionRequirements: UNITS })
    h.from(sAccepted(CPA_MANAGED, UNITS))
  } else {
    h.from(sConnectIndication(CP_MANAGED, { sessionRequirements: UNITS }))
    h.machine.submit({ ...ACCEPT, presentationRequirements: 1, sessionRequirements: UNITS })
  }
  return forget(h)
}

/** What the responder asks for on its way into STAac0, and the initiator into STAac1. */
export const ALTER: PAlterContextRequest = {
  type: 'P-ALTER-CONTEXT.request',
  presentationContextAdditionList: proposeContexts(['1.2.3'], undefined, { by: 'responder' }),
  presentationContextDeletionList: [3],
}
/** Adds context 5, 1.2.4; deletes context 1. */
export const AC = unhex('a0 16 a0 0f 30 0d 02 01 05 06 02 2a 04 30 04 06 02 51 01 a1 03 02 01 01')

function altering(state: Altering, options: PresentationOptions): Harness {
  const h = managed('responder', options)
  if (state !== 'STAac1') h.machine.submit(ALTER)
  if (state !== 'STAac0') h.from({ type: 'S-TYPED-DATA.indication', userData: AC })
  return forget(h)
}

/** The initiator, connected; `cpa` says with which contexts, `requirements` with which session units. */
export function connectedBy(cpa: Uint8Array, options: PresentationOptions = {}, requirements = 2): Harness {
  const h = harness(options)
  h.machine.submit(CONNECT)
  h.from(sAccepted(cpa, requirements))
  return forget(h)
}

export function forget(h: Harness): Harness {
  h.session.take()
  h.delivered.length = 0
  h.deviations.length = 0
  return h
}

/** What was sent down since the last look, as `type hex`. */
export function down(h: Harness): string[] {
  return h.session.take().map(primitive => {
    const { userData } = primitive
    const octets = userData instanceof Sdu ? userData.octets() : userData
    const result = 'result' in primitive ? ` ${primitive.result}` : ''
    return `${primitive.type}${result}${octets ? ` ${Buffer.from(octets).toString('hex')}` : ''}`
  })
}

/** Two session access points joined in memory: requests become indications, responses confirms, in order, one at a time. */
export function sessionPair(): { a: SessionService; b: SessionService; run: () => void } {
  const queue: (() => void)[] = []
  const ends = [new FakeProvider<SessionSubmit, SessionDelivery>(), new FakeProvider<SessionSubmit, SessionDelivery>()] as const
  const join = (end: FakeProvider<SessionSubmit, SessionDelivery>, other: FakeProvider<SessionSubmit, SessionDelivery>) => {
    end.submit = primitive => queue.push(() => other.deliver(crossing(primitive)))
  }
  join(ends[0], ends[1])
  join(ends[1], ends[0])
  return {
    a: ends[0],
    b: ends[1],
    run: () => {
      for (let next = queue.shift(); next; next = queue.shift()) next()
    },
  }
}

function crossing(primitive: SessionSubmit): SessionDelivery {
  const octets =
    primitive.userData instanceof Sdu ? primitive.userData.octets().slice() : (primitive.userData?.slice() ?? new Uint8Array(0))
  switch (primitive.type) {
    case 'S-CONNECT.request':
      return sConnectIndication(octets, {
        called: primitive.called ?? {},
        calling: primitive.calling ?? {},
        sessionRequirements: primitive.sessionRequirements ?? 2,
      })
    case 'S-CONNECT.response':
      return primitive.result === 'accept' ? sAccepted(octets, primitive.sessionRequirements) : sRejected(octets, 'peer', primitive.reason)
    case 'S-DATA.request':
      return { type: 'S-DATA.indication', userData: octets }
    case 'S-TYPED-DATA.request':
      return { type: 'S-TYPED-DATA.indication', userData: octets }
    case 'S-TOKEN-GIVE.request':
      return { type: 'S-TOKEN-GIVE.indication', tokens: primitive.tokens, userData: octets }
    case 'S-TOKEN-PLEASE.request':
      return { type: 'S-TOKEN-PLEASE.indication', tokens: primitive.tokens, userData: octets }
    case 'S-RELEASE.request':
      return { type: 'S-RELEASE.indication', userData: octets }
    case 'S-RELEASE.response':
      return { type: 'S-RELEASE.confirm', result: primitive.result, userData: octets }
    case 'S-U-ABORT.request':
      return { type: 'S-U-ABORT.indication', userData: octets }
  }
}

/** One BER element, by hand: identifier octet, definite length, and the parts of its contents as octets or hex. */
export function tlv(tag: number, ...parts: readonly (Uint8Array | string)[]): Uint8Array {
  const contents = Buffer.concat(parts.map(part => (typeof part === 'string' ? unhex(part) : part)))
  const n = contents.length
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff]
  return Uint8Array.from([tag, ...length, ...contents])
}

export const NORMAL = 'a0 03 80 01 01'
/** One item of a context definition list. */
export const item = (identifier: number | string, abstractSyntax = '06 04 52 01 00 01', transferSyntaxes = '06 02 51 01'): Uint8Array =>
  tlv(0x30, tlv(0x02, typeof identifier === 'number' ? Uint8Array.of(identifier) : identifier), abstractSyntax, tlv(0x30, transferSyntaxes))
export const ACSE_ITEM = item(1)
export const MMS_ITEM = item(3, '06 05 28 ca 22 02 01')
/** User data of one value of context `identifier`. */
export const pdv = (identifier: number, more = ''): Uint8Array =>
  tlv(0x61, tlv(0x30, more, tlv(0x02, Uint8Array.of(identifier)), tlv(0xa0, '62 03 80 01 00')))
/** A CP of normal mode with these parameters. */
export const cp = (...parameters: readonly (Uint8Array | string)[]): Uint8Array => tlv(0x31, NORMAL, tlv(0xa2, ...parameters))
/** A CPA of normal mode with these parameters. */
export const cpa = cp
/** One item of a result list. */
export const ACCEPTED = '30 07 80 01 00 81 02 51 01'
