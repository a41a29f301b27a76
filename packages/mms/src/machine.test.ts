import { hex, unhex } from '@x/core'
import { describeMachine, type MachineHarness } from '@x/core/testing/suite'
import { describe, expect, test } from 'vitest'
import {
  associated,
  association,
  concludeError,
  encoded,
  fresh,
  type Harness,
  identified,
  identify,
  initiate,
  inState,
  lastPdu,
  operational,
  pdus,
  request,
  response,
  serviceError,
} from '../test/harness.js'
import { ServiceSupportOptions } from './asn1/environment.js'
import type { MmsPdu } from './asn1/pdu.js'
import { asExternal, MMS_APPLICATION_CONTEXT } from './initiate.js'
import type { MmsDelivery, MmsSubmit } from './service.js'
import { type MmsState, states, table } from './states.js'

describeMachine<MmsState, MmsSubmit, MmsDelivery>({
  name: 'MMS',
  table,
  states,
  inState,
  fromAbove: [
    initiate,
    { type: 'M-INITIATE.response', result: 'rejected' },
    {
      type: 'M-UNCONFIRMED.request',
      service: 'unsolicitedStatus',
      argument: { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' },
    },
    { type: 'M-CANCEL.response', originalInvokeID: 1, error: serviceError },
    { type: 'M-CONCLUDE.response' },
    { type: 'M-ABORT.request' },
  ],
  fromBelow: {
    'A-ASSOCIATE.indication': h => (h as Harness).below.deliver(association([])),
    'A-ASSOCIATE.confirm': h =>
      (h as Harness).machine.state !== 'idle' && (h as Harness).below.deliver(associated(undefined, 'rejected-permanent')),
    'A-RELEASE.indication': h => (h as Harness).below.deliver({ type: 'A-RELEASE.indication', userInformation: [] }),
    'A-RELEASE.confirm': h => (h as Harness).below.deliver({ type: 'A-RELEASE.confirm', result: 'affirmative', userInformation: [] }),
    'A-ABORT.indication': h =>
      (h as Harness).below.deliver({ type: 'A-ABORT.indication', abortSource: 'acse-service-user', by: 'peer', userInformation: [] }),
    'A-P-ABORT.indication': h => (h as Harness).below.deliver({ type: 'A-P-ABORT.indication', by: 'peer provider' }),
    'broken PDU': h => h.feed(unhex('a0 05 02 01 07 bf')),
    ...Object.fromEntries(
      Object.entries(pdus).map(([name, pdu]) => [name, (h: MachineHarness<MmsSubmit, MmsDelivery>) => (h as Harness).pdu(pdu)]),
    ),
  },
  invalidFromBelow(harness, state, event) {
    const h = harness as Harness
    if ((state === 'initiating' || state === 'initiated-by-peer') && event.endsWith('PDU')) {
      expect(h.below.submitted).toEqual([{ type: 'A-ABORT.request' }])
      expect(h.delivered).toMatchObject([{ type: 'M-ABORT.indication', by: 'local provider', cause: { code: 'MMS_UNEXPECTED' } }])
      expect(h.machine.state).toBe('ended')
      return
    }
    expect(h.below.submitted).toEqual([])
    expect(h.delivered).toEqual([])
    expect(h.machine.state).toBe(state)
  },
  unencodable: [
    { state: 'operational', primitive: { ...identify, invokeID: -1 } as MmsSubmit },
    { state: 'idle', primitive: { type: 'M-INITIATE.request', initiate: { ...request, proposedMaxServOutstandingCalled: 1.5 } } },
  ],
  seeds: Object.values(pdus).map(encoded),
})

describe('initiate', () => {
  test('goes out in an A-ASSOCIATE.request with the MMS context, both references in the EXTERNAL', () => {
    const h = fresh()
    h.machine.submit({ ...initiate, association: { called: { apTitle: '1.3.9999.1' } } } as MmsSubmit)
    expect(h.below.take()).toMatchObject([
      {
        type: 'A-ASSOCIATE.request',
        applicationContextName: MMS_APPLICATION_CONTEXT,
        called: { apTitle: '1.3.9999.1' },
        userInformation: [{ directReference: '2.1.1', indirectReference: 3 }],
      },
    ])
  })

  test('M-05: the confirm carries what was negotiated, the smaller number for own requests', () => {
    const h = fresh()
    h.machine.submit(initiate)
    h.below.deliver(
      associated({
        type: 'initiateResponsePDU',
        value: { ...response, localDetailCalled: 2_000, negotiatedMaxServOutstandingCalled: 3, negotiatedMaxServOutstandingCalling: 5 },
      }),
    )
    expect(h.delivered).toMatchObject([
      {
        type: 'M-INITIATE.confirm',
        result: 'accepted',
        negotiated: { maxPduSize: 2_000, maxServOutstandingOwn: 3, maxServOutstandingPeer: 5, versionNumber: 1 },
      },
    ])
    expect(h.machine.negotiated?.servicesSupportedPeer).toEqual(
      ['identify', 'read', 'conclude', 'cancel'].sort(
        (a, b) => ServiceSupportOptions.bits[a as 'read'] - ServiceSupportOptions.bits[b as 'read'],
      ),
    )
  })

  test.each([
    ['larger than proposed', { localDetailCalled: 70_000 }],
    ['RM-02: a PDU size below the floor', { localDetailCalled: 100 }],
    ['RM-02: nothing may be outstanding', { negotiatedMaxServOutstandingCalling: 0, negotiatedMaxServOutstandingCalled: 0 }],
    ['a version that was not proposed', { initResponseDetail: { ...response.initResponseDetail, negotiatedVersionNumber: 2 } }],
  ])('a response with values worse than proposed aborts, and says which: %s', (_, worse) => {
    const h = fresh()
    h.machine.submit(initiate)
    h.below.take()
    h.below.deliver(associated({ type: 'initiateResponsePDU', value: { ...response, ...worse } }))
    expect(h.below.take()).toEqual([{ type: 'A-ABORT.request' }])
    expect(h.delivered).toMatchObject([{ type: 'M-ABORT.indication', by: 'local provider', cause: { code: 'MMS_INITIATE' } }])
  })

  test.each([
    ['no user information', []],
    ['octets that are no PDU', [asExternal(unhex('ff ff'), 3, 'negotiated')]],
    ['a PDU of another kind', [asExternal(encoded(pdus.concludeRequestPDU!), 3, 'negotiated')]],
  ])('an accepted association without an initiate response is aborted: %s', (_, userInformation) => {
    const h = fresh()
    h.machine.submit(initiate)
    h.below.take()
    h.below.deliver({ ...associated(), userInformation })
    expect(h.below.take()).toEqual([{ type: 'A-ABORT.request' }])
    expect(h.delivered).toMatchObject([{ type: 'M-ABORT.indication', by: 'local provider' }])
    expect(h.machine.state).toBe('ended')
  })

  test('an initiate error ends it with the error, inside an accepted association after an abort', () => {
    for (const result of ['accepted', 'rejected-permanent'] as const) {
      const h = fresh()
      h.machine.submit(initiate)
      h.below.take()
      h.below.deliver(associated(pdus.initiateErrorPDU, result))
      expect(h.below.take()).toEqual(result === 'accepted' ? [{ type: 'A-ABORT.request' }] : [])
      expect(h.delivered).toMatchObject([
        { type: 'M-INITIATE.confirm', result: 'rejected', error: { errorClass: { type: 'initiate', value: 'other' } } },
      ])
    }
  })

  test('RA-02: another application context is refused with diagnostic 2; no initiate with 1', () => {
    for (const [indication, diagnostic] of [
      [{ ...association([]), applicationContextName: '1.2.3' }, 2],
      [association([]), 1],
      [association([asExternal(encoded({ type: 'initiateRequestPDU', value: request }), 3, 'negotiating')]), undefined],
    ] as const) {
      const h = fresh()
      h.below.deliver(indication)
      expect(h.machine.state).toBe(diagnostic === undefined ? 'initiated-by-peer' : 'ended')
      expect(h.below.take()).toEqual(
        diagnostic === undefined ? [] : [{ type: 'A-ASSOCIATE.response', result: 'rejected-permanent', diagnostic }],
      )
    }
  })

  test('a refused MMS context is refused at the association, too', () => {
    const h = fresh()
    const indication = association([asExternal(encoded({ type: 'initiateRequestPDU', value: request }), 3, 'negotiating')])
    h.below.deliver({
      ...indication,
      presentationContextDefinitionResultList: [{ result: 'acceptance', transferSyntaxName: '2.1.1' }, { result: 'user-rejection' }],
    })
    expect(h.below.take()).toMatchObject([{ type: 'A-ASSOCIATE.response', result: 'rejected-permanent', diagnostic: 1 }])
  })

  test('the responder answers with its settings, or refuses with an error or a diagnostic', () => {
    const accept = inState('initiated-by-peer')
    accept.machine.submit({ type: 'M-INITIATE.response', result: 'accepted' })
    expect(accept.below.take()).toMatchObject([
      { type: 'A-ASSOCIATE.response', result: 'accepted', userInformation: [{ indirectReference: 3 }] },
    ])
    expect(accept.machine.negotiated).toMatchObject({
      maxPduSize: 65_000,
      servicesSupportedOwn: ['read', 'identify', 'conclude', 'cancel'].sort(
        (a, b) => ServiceSupportOptions.bits[a as 'read'] - ServiceSupportOptions.bits[b as 'read'],
      ),
    })
    const error = inState('initiated-by-peer')
    error.machine.submit({
      type: 'M-INITIATE.response',
      result: 'rejected',
      error: { errorClass: { type: 'initiate', value: 'other' } },
      transient: true,
    })
    expect(error.below.take()).toMatchObject([{ result: 'rejected-transient', userInformation: [{ indirectReference: 3 }] }])
    const plain = inState('initiated-by-peer')
    plain.machine.submit({ type: 'M-INITIATE.response', result: 'rejected', association: { diagnostic: 13 } })
    expect(plain.below.take()).toEqual([{ type: 'A-ASSOCIATE.response', result: 'rejected-permanent', diagnostic: 13 }])
  })

  test('a proposal that the settings cannot meet cannot be accepted by default', () => {
    const h = fresh()
    h.below.deliver(
      association([asExternal(encoded({ type: 'initiateRequestPDU', value: { ...request, localDetailCalling: 100 } }), 3, 'negotiating')]),
    )
    expect(() => h.machine.submit({ type: 'M-INITIATE.response', result: 'accepted' })).toThrow(
      expect.objectContaining({ code: 'MMS_INITIATE' }),
    )
    expect(h.machine.state).toBe('initiated-by-peer')
  })
})

describe('confirmed services, asking', () => {
  test('M-06: answers are matched by invoke identifier, in any order', () => {
    const h = operational()
    h.machine.submit(identify)
    h.machine.submit({ ...identify, invokeID: 2 } as MmsSubmit)
    h.pdu({ type: 'confirmedErrorPDU', value: { invokeID: 2, serviceError, modifierPosition: 1 } })
    h.pdu({ type: 'confirmedResponsePDU', value: { invokeID: 1, service: { type: 'identify', value: identified } } })
    expect(h.delivered).toMatchObject([
      { type: 'M-CONFIRMED.confirm', invokeID: 2, result: 'error', error: serviceError, modifierPosition: 1 },
      { type: 'M-CONFIRMED.confirm', invokeID: 1, result: 'response', service: 'identify', response: identified },
    ])
    expect(h.machine.outstanding.requested.size).toBe(0)
  })

  test('RM-06: an identifier that is open cannot be used again, and no more than negotiated may be open', () => {
    const h = operational()
    h.machine.submit(identify)
    expect(() => h.machine.submit(identify)).toThrow(expect.objectContaining({ code: 'MMS_INVOKE_ID' }))
    for (let invokeID = 2; invokeID <= 10; invokeID++) h.machine.submit({ ...identify, invokeID } as MmsSubmit)
    expect(() => h.machine.submit({ ...identify, invokeID: 11 } as MmsSubmit)).toThrow(expect.objectContaining({ code: 'MMS_OUTSTANDING' }))
    expect(() => h.machine.submit({ type: 'M-CONCLUDE.request' })).toThrow(expect.objectContaining({ code: 'MMS_OUTSTANDING' }))
  })

  test('a request larger than the negotiated PDU has no encoding', () => {
    const h = operational()
    const items = Array.from(
      { length: 5_000 },
      (_, i) => ({ variableSpecification: { type: 'name', value: { type: 'vmdSpecific', value: `variable${i}` } } }) as const,
    )
    const read: MmsSubmit = {
      type: 'M-CONFIRMED.request',
      invokeID: 1,
      service: 'read',
      argument: { specificationWithResult: false, variableAccessSpecification: { type: 'listOfVariable', value: items } },
    }
    expect(() => h.machine.submit(read)).toThrow(expect.objectContaining({ code: 'MMS_PDU_SIZE' }))
    expect(h.below.take()).toEqual([])
  })

  test.each(['confirmedResponsePDU', 'confirmedErrorPDU'])(
    'RM-04: a %s to nothing is rejected with invalid-invokeID and reaches nobody',
    name => {
      const h = operational()
      h.pdu(pdus[name]!)
      expect(lastPdu(h)).toEqual({
        type: 'rejectPDU',
        value: { originalInvokeID: 9, rejectReason: { type: name, value: 'invalid-invokeID' } },
      })
      expect(h.delivered).toEqual([])
      expect(h.machine.dropped).toBe(1)
    },
  )

  test('a response to another service ends the request as unreadable', () => {
    const h = operational()
    h.machine.submit({ ...identify, invokeID: 9 } as MmsSubmit)
    h.below.take()
    h.pdu({ type: 'confirmedResponsePDU', value: { invokeID: 9, service: { type: 'defineNamedVariableList', value: null } } })
    expect(lastPdu(h)).toMatchObject({
      type: 'rejectPDU',
      value: { rejectReason: { type: 'confirmedResponsePDU', value: 'unrecognized-service' } },
    })
    expect(h.delivered).toMatchObject([{ result: 'unreadable', cause: { code: 'MMS_SERVICE' } }])
  })

  test('RM-30: a response that does not decode ends that request with a typed error, and the association stays', () => {
    const h = operational()
    h.machine.submit(identify)
    h.below.take()
    h.feed(unhex('a1 08 02 01 01 a2 03 80 7f 41'))
    expect(h.delivered).toMatchObject([{ type: 'M-CONFIRMED.confirm', invokeID: 1, result: 'unreadable' }])
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { originalInvokeID: 1, rejectReason: { type: 'confirmedResponsePDU' } } })
    expect(h.machine.state).toBe('operational')
  })

  test('RM-03: a reject with pdu-error that names an open request ends it, too', () => {
    const h = operational()
    h.machine.submit(identify)
    h.pdu({ type: 'rejectPDU', value: { originalInvokeID: 1, rejectReason: { type: 'pduError', value: 'invalid-pdu' } } })
    expect(h.delivered).toMatchObject([
      { type: 'M-CONFIRMED.confirm', invokeID: 1, result: 'reject', rejectReason: { value: 'invalid-pdu' } },
    ])
  })

  test('a reject of a request ends it; any other is only told', () => {
    const h = operational()
    h.machine.submit(identify)
    h.pdu({
      type: 'rejectPDU',
      value: { originalInvokeID: 1, rejectReason: { type: 'confirmedRequestPDU', value: 'unrecognized-service' } },
    })
    h.pdu({ type: 'rejectPDU', value: { originalInvokeID: 1, rejectReason: { type: 'confirmedResponsePDU', value: 'other' } } })
    h.pdu(pdus.rejectPDU!)
    expect(h.delivered).toMatchObject([
      { type: 'M-CONFIRMED.confirm', result: 'reject', rejectReason: { value: 'unrecognized-service' } },
      { type: 'M-REJECT.indication', originalInvokeID: 1 },
      { type: 'M-REJECT.indication', rejectReason: { type: 'pduError', value: 'invalid-pdu' } },
    ])
  })

  test('a cancel is confirmed once; one that nobody asked for is rejected', () => {
    const h = operational()
    expect(() => h.machine.submit({ type: 'M-CANCEL.request', originalInvokeID: 1 })).toThrow(
      expect.objectContaining({ code: 'MMS_INVOKE_ID' }),
    )
    h.machine.submit(identify)
    h.machine.submit({ ...identify, invokeID: 2 } as MmsSubmit)
    h.machine.submit({ type: 'M-CANCEL.request', originalInvokeID: 1 })
    h.machine.submit({ type: 'M-CANCEL.request', originalInvokeID: 2 })
    expect(lastPdu(h)).toEqual({ type: 'cancelRequestPDU', value: 2 })
    h.pdu({ type: 'cancelResponsePDU', value: 1 })
    h.pdu({ type: 'cancelErrorPDU', value: { originalInvokeID: 2, serviceError } })
    expect(h.delivered).toEqual([
      { type: 'M-CANCEL.confirm', originalInvokeID: 1 },
      { type: 'M-CANCEL.confirm', originalInvokeID: 2, error: serviceError },
    ])
    h.pdu({ type: 'cancelResponsePDU', value: 1 })
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: 'cancelResponsePDU' } } })
    h.pdu({ type: 'cancelErrorPDU', value: { originalInvokeID: 1, serviceError } })
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: 'cancelErrorPDU' } } })
  })
})

describe('confirmed services, asked', () => {
  const ask = (invokeID: number): MmsPdu => ({
    type: 'confirmedRequestPDU',
    value: { invokeID, service: { type: 'identify', value: null } },
  })

  test('a request is indicated and answered with a response or an error', () => {
    const h = operational()
    h.pdu(ask(7))
    h.pdu(ask(8))
    expect(h.delivered).toMatchObject([
      { type: 'M-CONFIRMED.indication', invokeID: 7, service: 'identify', argument: null },
      { invokeID: 8 },
    ])
    h.machine.submit({ type: 'M-CONFIRMED.response', invokeID: 8, service: 'identify', response: identified })
    expect(lastPdu(h)).toEqual({ type: 'confirmedResponsePDU', value: { invokeID: 8, service: { type: 'identify', value: identified } } })
    h.machine.submit({ type: 'M-CONFIRMED.response', invokeID: 7, error: serviceError, modifierPosition: 2 })
    expect(lastPdu(h)).toEqual({ type: 'confirmedErrorPDU', value: { invokeID: 7, serviceError, modifierPosition: 2 } })
    expect(() => h.machine.submit({ type: 'M-CONFIRMED.response', invokeID: 7, error: serviceError })).toThrow(
      expect.objectContaining({ code: 'MMS_INVOKE_ID' }),
    )
  })

  test('RM-09: a server can reject an argument that only it can judge', () => {
    const h = operational()
    h.pdu(ask(7))
    h.machine.submit({
      type: 'M-REJECT.request',
      originalInvokeID: 7,
      rejectReason: { type: 'confirmedRequestPDU', value: 'invalid-argument' },
    })
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { originalInvokeID: 7 } })
    expect(h.machine.outstanding.serving.size).toBe(0)
  })

  test.each<[string, (h: Harness) => void, string]>([
    [
      'RM-06: an identifier that is open',
      h => {
        h.pdu(ask(9))
        h.pdu(ask(9))
      },
      'invalid-invokeID',
    ],
    [
      'more than negotiated',
      h => {
        for (let i = 20; i < 30; i++) h.pdu(ask(i))
        h.pdu(ask(9))
      },
      'max-serv-outstanding-exceeded',
    ],
    [
      'RM-05: a service that is not announced',
      h => h.pdu({ type: 'confirmedRequestPDU', value: { invokeID: 9, service: { type: 'status', value: false } } }),
      'unrecognized-service',
    ],
    ['a service that has no types here', h => h.feed(unhex('a0 05 02 01 09 8f 00')), 'unrecognized-service'],
    ['an argument that is not of its type', h => h.feed(unhex('a0 05 02 01 09 a4 00')), 'invalid-argument'],
    [
      'a modifier',
      h =>
        h.pdu({
          type: 'confirmedRequestPDU',
          value: {
            invokeID: 9,
            listOfModifiers: [
              {
                type: 'semaphoreModifier',
                value: { semaphoreName: { type: 'vmdSpecific', value: 's' }, priority: 64, relinquishIfConnectionLost: true },
              },
            ],
            service: { type: 'identify', value: null },
          },
        }),
      'unrecognized-modifier',
    ],
  ])('%s is rejected', (_, bring, value) => {
    const h = operational()
    bring(h)
    expect(lastPdu(h)).toEqual({ type: 'rejectPDU', value: { originalInvokeID: 9, rejectReason: { type: 'confirmedRequestPDU', value } } })
  })

  test('a cancel of an open request is indicated, of any other answered with invoke-id-unknown', () => {
    const h = operational()
    h.pdu(ask(9))
    h.pdu(pdus.cancelRequestPDU!)
    expect(h.delivered.at(-1)).toEqual({ type: 'M-CANCEL.indication', originalInvokeID: 9 })
    h.machine.submit({ type: 'M-CANCEL.response', originalInvokeID: 9 })
    expect(lastPdu(h)).toEqual({ type: 'cancelResponsePDU', value: 9 })
    h.pdu({ type: 'cancelRequestPDU', value: 10 })
    expect(lastPdu(h)).toEqual({
      type: 'cancelErrorPDU',
      value: { originalInvokeID: 10, serviceError: { errorClass: { type: 'cancel', value: 'invoke-id-unknown' } } },
    })
  })

  test('a request after a conclude is rejected', () => {
    for (const state of ['asked-to-conclude', 'concluded-by-peer'] as const) {
      const h = inState(state)
      h.pdu(ask(9))
      expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: 'confirmedRequestPDU', value: 'other' } } })
    }
  })
})

describe('unconfirmed services and rejects', () => {
  test('reports go both ways', () => {
    const h = operational()
    h.machine.submit({
      type: 'M-UNCONFIRMED.request',
      service: 'unsolicitedStatus',
      argument: { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' },
    })
    expect(lastPdu(h)).toEqual(pdus.unconfirmedPDU)
    h.pdu(pdus.unconfirmedPDU!)
    expect(h.delivered).toMatchObject([{ type: 'M-UNCONFIRMED.indication', service: 'unsolicitedStatus' }])
  })

  test('an unconfirmed service without types is rejected; after a conclude all are dropped', () => {
    const h = operational()
    h.feed(unhex('a3 02 a3 00'))
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: 'unconfirmedPDU' } } })
    const late = inState('concluded-by-peer')
    late.pdu(pdus.unconfirmedPDU!)
    expect(late.machine.dropped).toBe(1)
    expect(late.delivered).toEqual([])
  })

  test.each(['initiateRequestPDU', 'initiateResponsePDU', 'initiateErrorPDU'])('an %s in P-DATA is an illegal mapping', name => {
    const h = operational()
    h.pdu(pdus[name]!)
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: 'pduError', value: 'illegal-acse-mapping' } } })
  })

  test('RM-01: octets that are no PDU are answered with unknown-pdu-type or invalid-pdu, a broken reject with nothing', () => {
    const h = operational()
    h.feed(unhex('bf 1e 00'))
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: 'pduError', value: 'unknown-pdu-type' } } })
    h.feed(unhex('a0 03 02 01'))
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: 'pduError', value: 'invalid-pdu' } } })
    h.feed(unhex('a4 02 80 01'))
    expect(lastPdu(h)).toBeUndefined()
    expect(h.machine.dropped).toBe(1)
  })

  test('RM-03: a PDU longer than negotiated is rejected as invalid', () => {
    const h = inState('operational', { initiate: { maxPduSize: 1_024 } })
    const service = { type: 'identify', value: { ...identified, vendorName: 'v'.repeat(70_000) } } as const
    h.pdu({ type: 'confirmedResponsePDU', value: { invokeID: 1, service } })
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU' })
  })

  test('RS-16: the timer of the rejects ends with the association', () => {
    const h = operational()
    h.feed(unhex('bf 1e 00'))
    expect(h.timers.pending).toBe(1)
    h.below.deliver({ type: 'A-P-ABORT.indication', by: 'peer provider' })
    expect(h.timers.pending).toBe(0)
  })

  test('after ten rejects in a minute the association is aborted; a minute later there are ten more', () => {
    const h = operational()
    for (let i = 0; i < 10; i++) h.feed(unhex('bf 1e 00'))
    h.timers.advance(60_000)
    for (let i = 0; i < 10; i++) h.feed(unhex('bf 1e 00'))
    expect(h.machine.state).toBe('operational')
    h.feed(unhex('bf 1e 00'))
    expect(h.machine.state).toBe('ended')
    expect(h.below.take().at(-1)).toEqual({ type: 'A-ABORT.request' })
    expect(h.delivered).toMatchObject([{ type: 'M-ABORT.indication', by: 'local provider', cause: { code: 'MMS_REJECT_BUDGET' } }])
  })

  test('RP-06: data of another presentation context ends the association', () => {
    const h = operational()
    h.below.deliver({ type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 1, octets: unhex('64 00') }] })
    expect(h.below.take()).toEqual([{ type: 'A-ABORT.request' }])
    expect(h.delivered).toMatchObject([{ type: 'M-ABORT.indication', cause: { code: 'MMS_CONTEXT' } }])
    h.below.deliver({ type: 'P-DATA.indication', userData: [{ presentationContextIdentifier: 1, octets: unhex('64 00') }] })
    expect(h.machine.dropped).toBe(2)
  })
})

describe('conclude and release', () => {
  test('a conclude that is answered releases the association, and is confirmed when that is released', () => {
    const h = inState('concluding')
    h.pdu(pdus.concludeResponsePDU!)
    expect(h.below.take()).toEqual([{ type: 'A-RELEASE.request', reason: 0 }])
    expect(h.delivered).toEqual([])
    h.below.deliver({ type: 'A-RELEASE.confirm', result: 'affirmative', userInformation: [] })
    expect(h.delivered).toEqual([{ type: 'M-CONCLUDE.confirm' }])
  })

  test.each(['A-ABORT.indication', 'A-P-ABORT.indication'])(
    'a peer that closes instead of answering the release has concluded all the same: %s',
    type => {
      for (const state of ['releasing', 'collided', 'concluded-by-peer'] as const) {
        const h = inState(state)
        h.below.deliver({ type, by: 'peer provider', abortSource: 'acse-service-user', userInformation: [] } as never)
        expect(h.delivered).toEqual([{ type: state === 'concluded-by-peer' ? 'M-RELEASE.indication' : 'M-CONCLUDE.confirm' }])
      }
    },
  )

  test('RM-19: a conclude while requests are open is refused', () => {
    const h = operational()
    h.machine.submit(identify)
    h.below.take()
    h.pdu(pdus.concludeRequestPDU!)
    expect(lastPdu(h)).toEqual({ type: 'concludeErrorPDU', value: concludeError })
    expect(h.machine.state).toBe('operational')
    h.pdu({ type: 'confirmedErrorPDU', value: { invokeID: 1, serviceError } })
    h.pdu(pdus.concludeRequestPDU!)
    expect(h.delivered.at(-1)).toEqual({ type: 'M-CONCLUDE.indication' })
    h.machine.submit({ type: 'M-CONCLUDE.response', error: concludeError })
    expect(h.machine.state).toBe('operational')
    expect(lastPdu(h)).toEqual({ type: 'concludeErrorPDU', value: concludeError })
  })

  test('a refused conclude leaves the environment as it was', () => {
    const h = inState('concluding')
    h.pdu(pdus.concludeErrorPDU!)
    expect(h.delivered).toEqual([{ type: 'M-CONCLUDE.confirm', error: concludeError }])
    expect(h.machine.state).toBe('operational')
  })

  test('crossing concludes are both answered, crossing releases by the initiator first', () => {
    const initiator = inState('concluding')
    initiator.pdu(pdus.concludeRequestPDU!)
    expect(lastPdu(initiator)).toEqual(pdus.concludeResponsePDU)
    initiator.pdu(pdus.concludeResponsePDU!)
    initiator.below.take()
    initiator.below.deliver({ type: 'A-RELEASE.indication', userInformation: [] })
    expect(initiator.below.take()).toMatchObject([{ type: 'A-RELEASE.response', result: 'affirmative' }])
    initiator.below.deliver({ type: 'A-RELEASE.confirm', result: 'affirmative', userInformation: [] })
    expect(initiator.delivered).toEqual([{ type: 'M-CONCLUDE.confirm' }])

    const responder = inState('collided')
    responder.below.deliver({ type: 'A-RELEASE.confirm', result: 'affirmative', userInformation: [] })
    expect(responder.below.take()).toMatchObject([{ type: 'A-RELEASE.response', result: 'affirmative' }])
    expect(responder.delivered).toEqual([{ type: 'M-CONCLUDE.confirm' }])
  })

  test('a conclude that crosses ours is refused while a request of the peer is being served', () => {
    const h = operational()
    h.pdu(pdus.confirmedRequestPDU!)
    h.machine.submit({ type: 'M-CONCLUDE.request' })
    h.below.take()
    h.pdu(pdus.concludeRequestPDU!)
    expect(lastPdu(h)).toEqual({ type: 'concludeErrorPDU', value: concludeError })
    expect(h.machine.state).toBe('concluding')
  })

  test('a cancel is answered also when the peer has asked to conclude meanwhile, and is not sent twice', () => {
    const h = operational()
    h.machine.submit(identify)
    h.machine.submit({ type: 'M-CANCEL.request', originalInvokeID: 1 })
    expect(() => h.machine.submit({ type: 'M-CANCEL.request', originalInvokeID: 1 })).toThrow(/being cancelled already/)
    h.pdu({ type: 'confirmedResponsePDU', value: { invokeID: 1, service: { type: 'identify', value: identified } } })
    h.pdu(pdus.concludeRequestPDU!)
    h.pdu({ type: 'cancelResponsePDU', value: 1 })
    expect(h.delivered.at(-1)).toEqual({ type: 'M-CANCEL.confirm', originalInvokeID: 1 })
  })

  test('a release by the peer is answered, after a conclude or without one', () => {
    for (const state of ['operational', 'concluded-by-peer'] as const) {
      const h = inState(state)
      h.below.deliver({ type: 'A-RELEASE.indication', userInformation: [] })
      expect(h.below.take()).toEqual([{ type: 'A-RELEASE.response', result: 'affirmative', reason: 0 }])
      expect(h.delivered).toEqual([{ type: 'M-RELEASE.indication' }])
    }
  })

  test.each([
    ['operational', 'concludeResponsePDU'],
    ['operational', 'concludeErrorPDU'],
    ['concluded-by-peer', 'concludeRequestPDU'],
  ] as const)('in %s a %s is rejected', (state, name) => {
    const h = inState(state)
    h.pdu(pdus[name]!)
    expect(lastPdu(h)).toMatchObject({ type: 'rejectPDU', value: { rejectReason: { type: name, value: 'other' } } })
  })

  test.each([
    { type: 'A-P-ABORT.indication', by: 'peer provider' },
    { type: 'A-ABORT.indication', by: 'peer provider', abortSource: 'acse-service-provider', userInformation: [] },
  ] as const)('an abort from below says who and why, once: $type', lower => {
    const h = operational()
    h.below.deliver(lower)
    h.below.deliver(lower)
    expect(h.delivered).toEqual([{ type: 'M-ABORT.indication', by: 'peer provider', lower }])
  })
})

test('hex of a whole identify request, for the reader beside the standard', () => {
  expect(hex(encoded({ type: 'confirmedRequestPDU', value: { invokeID: 1, service: { type: 'identify', value: null } } }))).toBe(
    'a0 05 02 01 01 82 00',
  )
})
