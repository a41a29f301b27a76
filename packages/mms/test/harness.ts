import type { AAssociateConfirm, AAssociateIndication, AssociationDelivery, AssociationSubmit } from '@x/acse'
import { Sdu, type Timers } from '@x/core'
import { FakeProvider, HandTimers, recordDeliveries } from '@x/core/testing'
import type { MachineHarness } from '@x/core/testing/suite'
import { expect } from 'vitest'
import { decodePdu, encodeMmsPdu, type MmsPdu } from '../src/asn1/pdu.js'
import { asExternal, MMS_APPLICATION_CONTEXT, mmsContexts } from '../src/initiate.js'
import { MmsMachine } from '../src/machine.js'
import { answer, initiateSettings, proposal } from '../src/negotiation.js'
import type { MmsOptions } from '../src/options.js'
import type { MmsDelivery, MmsSubmit } from '../src/service.js'
import type { MmsState } from '../src/states.js'

export const settings = initiateSettings()
export const request = proposal(settings, ['conclude', 'cancel'])
export const { response } = answer(request, settings, ['read', 'identify', 'conclude', 'cancel']) as Extract<
  ReturnType<typeof answer>,
  { response: unknown }
>
export const serviceError = { errorClass: { type: 'access', value: 'object-non-existent' } } as const
export const concludeError = { errorClass: { type: 'conclude', value: 'further-communication-required' } } as const

export function encoded(pdu: MmsPdu): Uint8Array {
  const sdu = new Sdu()
  encodeMmsPdu(pdu, sdu)
  return sdu.octets()
}

export const association = (userInformation: AAssociateIndication['userInformation']): AAssociateIndication => ({
  type: 'A-ASSOCIATE.indication',
  applicationContextName: MMS_APPLICATION_CONTEXT,
  calling: {},
  called: {},
  userInformation,
  calledPresentationAddress: {},
  callingPresentationAddress: {},
  presentationContextDefinitionList: mmsContexts,
  presentationContextDefinitionResultList: mmsContexts.map(() => ({ result: 'acceptance', transferSyntaxName: '2.1.1' })),
})
export const associated = (pdu?: MmsPdu, result: AAssociateConfirm['result'] = 'accepted'): AAssociateConfirm => ({
  type: 'A-ASSOCIATE.confirm',
  result,
  resultSource: 'acse-service-user',
  applicationContextName: MMS_APPLICATION_CONTEXT,
  responding: {},
  userInformation: pdu ? [asExternal(encoded(pdu), 3, 'negotiated')] : [],
  respondingPresentationAddress: {},
  presentationContextDefinitionList: mmsContexts,
  presentationContextDefinitionResultList: mmsContexts.map(() => ({ result: 'acceptance', transferSyntaxName: '2.1.1' })),
})

export interface Harness extends MachineHarness<MmsSubmit, MmsDelivery> {
  readonly machine: MmsMachine
  readonly below: FakeProvider<AssociationSubmit, AssociationDelivery>
  readonly timers: HandTimers
  pdu(pdu: MmsPdu): void
}

export function fresh(options: Partial<MmsOptions> = {}): Harness {
  const below = new FakeProvider<AssociationSubmit, AssociationDelivery>()
  const timers = new HandTimers()
  const machine = new MmsMachine(below, { timers: timers as Timers, serves: ['read', 'identify'], ...options })
  const delivered = recordDeliveries(machine)
  const feed = (octets: Uint8Array) =>
    below.deliver({ type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 3, octets }] })
  return {
    machine,
    below,
    timers,
    delivered,
    get sent() {
      return below.submitted
    },
    feed,
    pdu: pdu => feed(encoded(pdu)),
  }
}

export const initiate: MmsSubmit = { type: 'M-INITIATE.request', initiate: request }
export const identify: MmsSubmit = { type: 'M-CONFIRMED.request', invokeID: 1, service: 'identify', argument: null }
export const identified = { vendorName: 'v', modelName: 'm', revision: 'r' }

/** Legal steps into each state, as the side that asked unless the state is the other side's. */
export const steps: Record<MmsState, (h: Harness) => void> = {
  idle: () => {},
  initiating: h => h.machine.submit(initiate),
  'initiated-by-peer': h =>
    h.below.deliver(association([asExternal(encoded({ type: 'initiateRequestPDU', value: request }), 3, 'negotiating')])),
  operational: h => {
    steps.initiating(h)
    h.below.deliver(associated({ type: 'initiateResponsePDU', value: response }))
  },
  concluding: h => {
    steps.operational(h)
    h.machine.submit({ type: 'M-CONCLUDE.request' })
  },
  'asked-to-conclude': h => {
    steps.operational(h)
    h.pdu({ type: 'concludeRequestPDU', value: null })
  },
  'concluded-by-peer': h => {
    steps['asked-to-conclude'](h)
    h.machine.submit({ type: 'M-CONCLUDE.response' })
  },
  releasing: h => {
    steps.concluding(h)
    h.pdu({ type: 'concludeResponsePDU', value: null })
  },
  collided: h => {
    served(h)
    h.machine.submit({ type: 'M-CONCLUDE.request' })
    h.pdu({ type: 'concludeResponsePDU', value: null })
    h.below.deliver({ type: 'A-RELEASE.indication', userInformation: [] })
  },
  ended: h => {
    steps.operational(h)
    h.machine.submit({ type: 'M-ABORT.request' })
  },
}

/** Operational, as the side that was asked. */
export function served(h: Harness): void {
  steps['initiated-by-peer'](h)
  h.machine.submit({ type: 'M-INITIATE.response', result: 'accepted' })
}

export function inState(state: MmsState, options?: Partial<MmsOptions>): Harness {
  const harness = fresh(options)
  steps[state](harness)
  expect(harness.machine.state).toBe(state)
  harness.below.take()
  harness.delivered.length = 0
  return harness
}

export function operational(options?: Partial<MmsOptions>): Harness {
  return inState('operational', options)
}

export const lastPdu = (h: Harness): MmsPdu | undefined => {
  const sent = h.below.take().filter(p => p.type === 'P-DATA.request')
  const last = sent.at(-1)
  if (!last) return undefined
  const decoded = decodePdu(last.userData.octets(), { maxPduSize: 65_000, nesting: 10 })
  return decoded.type === 'pdu' ? decoded.pdu : undefined
}

export const pdus: Record<string, MmsPdu> = {
  confirmedRequestPDU: { type: 'confirmedRequestPDU', value: { invokeID: 9, service: { type: 'identify', value: null } } },
  confirmedResponsePDU: { type: 'confirmedResponsePDU', value: { invokeID: 9, service: { type: 'identify', value: identified } } },
  confirmedErrorPDU: { type: 'confirmedErrorPDU', value: { invokeID: 9, serviceError } },
  unconfirmedPDU: {
    type: 'unconfirmedPDU',
    value: {
      service: { type: 'unsolicitedStatus', value: { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' } },
    },
  },
  rejectPDU: { type: 'rejectPDU', value: { rejectReason: { type: 'pduError', value: 'invalid-pdu' } } },
  cancelRequestPDU: { type: 'cancelRequestPDU', value: 9 },
  cancelResponsePDU: { type: 'cancelResponsePDU', value: 9 },
  cancelErrorPDU: {
    type: 'cancelErrorPDU',
    value: { originalInvokeID: 9, serviceError: { errorClass: { type: 'cancel', value: 'cancel-not-possible' } } },
  },
  initiateRequestPDU: { type: 'initiateRequestPDU', value: request },
  initiateResponsePDU: { type: 'initiateResponsePDU', value: response },
  initiateErrorPDU: { type: 'initiateErrorPDU', value: { errorClass: { type: 'initiate', value: 'other' } } },
  concludeRequestPDU: { type: 'concludeRequestPDU', value: null },
  concludeResponsePDU: { type: 'concludeResponsePDU', value: null },
  concludeErrorPDU: { type: 'concludeErrorPDU', value: concludeError },
}
