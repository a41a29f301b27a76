import { hex, UsageError } from '@x/core'
import { describeMachine, type MachineHarness } from '@x/core/testing/suite'
import { describe, expect, test } from 'vitest'
import {
  AARE,
  AARE_REJECTED,
  AARQ,
  ABRT_PROVIDER,
  ABRT_USER,
  accept,
  acse,
  Bench,
  connectConfirm,
  connectIndication,
  connectRejection,
  contexts,
  inState,
  joinedPresentations,
  RLRE,
  RLRQ,
  request,
} from '../test/kit.js'
import {
  type AssociationDelivery,
  AssociationMachine,
  type AssociationState,
  type AssociationSubmit,
  associationStates,
  associationTable,
} from './index.js'

type Harness = MachineHarness<AssociationSubmit, AssociationDelivery> & { bench: Bench }
const below = (harness: unknown) => (harness as Harness).bench.below
const begun = associationStates.slice(1)

describeMachine<AssociationState, AssociationSubmit, AssociationDelivery>({
  name: 'ACSE',
  table: associationTable,
  states: associationStates,
  inState(state) {
    const bench = inState(state)
    const harness: Harness = {
      bench,
      machine: bench.machine,
      delivered: bench.delivered,
      sent: bench.sent,
      feed: octets => feed(bench, state, octets),
    }
    return harness
  },
  fromAbove: [
    request,
    accept,
    { type: 'A-RELEASE.request' },
    { type: 'A-RELEASE.response', result: 'affirmative' },
    { type: 'A-ABORT.request' },
  ],
  fromBelow: {
    AARQ: h => below(h).deliver(connectIndication(acse(AARQ))),
    'AARE+': h => below(h).deliver(connectConfirm(acse(AARE))),
    'AARE-': h => below(h).deliver(connectRejection(acse(AARE_REJECTED))),
    'P-CONNECT.confirm-': h => below(h).deliver(connectRejection([], 'provider-rejection')),
    RLRQ: h => below(h).deliver({ type: 'P-RELEASE.indication', userData: acse(RLRQ) }),
    'RLRE+': h => below(h).deliver({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse(RLRE) }),
    'RLRE-': h => below(h).deliver({ type: 'P-RELEASE.confirm', result: 'negative', userData: acse(RLRE) }),
    ABRT: h => below(h).deliver({ type: 'P-U-ABORT.indication', userData: acse(ABRT_USER) }),
    'P-P-ABORT.indication': h => below(h).deliver({ type: 'P-P-ABORT.indication', by: 'peer provider' }),
  },
  invalidFromBelow(harness, state) {
    const { bench } = harness as Harness
    expect(bench.machine.state).toBe('STA0')
    if (state === 'STA0') {
      expect(bench.sent).toEqual([])
      expect(bench.delivered).toEqual([])
      return
    }
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    expect(bench.heard()).toEqual([
      {
        type: 'A-ABORT.indication',
        abortSource: 'acse-service-provider',
        by: 'local provider',
        userInformation: [],
        cause: expect.objectContaining({ name: 'DecodeError', code: 'ACSE_UNEXPECTED' }),
      },
    ])
  },
  unencodable: [
    { state: 'STA0', primitive: { ...request, presentationContextDefinitionList: contexts.slice(1) } },
    { state: 'STA0', primitive: { ...request, applicationContextName: 'no object identifier' } },
    { state: 'STA2', primitive: { ...accept, responding: { apTitle: '9.9' } } },
    { state: 'STA5', primitive: { type: 'A-RELEASE.request', userInformation: [{ indirectReference: 9, octets: new Uint8Array(2) }] } },
    { state: 'STA4', primitive: { type: 'A-RELEASE.response', result: 'affirmative', reason: 0.5 } },
    { state: 'STA5', primitive: { type: 'A-ABORT.request', userInformation: [{ octets: new Uint8Array(2) }] } },
  ],
  seeds: [AARQ, AARE, AARE_REJECTED].concat([RLRQ, RLRE, ABRT_USER].map(text => acse(text)[0]!.octets)),
  dialogue({ answer }) {
    const { a, b } = joinedPresentations()
    const later: (() => void)[] = []
    const trace: Record<string, unknown[]> = { initiator: [], responder: [] }
    const one = new AssociationMachine(a)
    const two = new AssociationMachine(b)
    const on = (machine: AssociationMachine, name: string, act: (delivery: AssociationDelivery) => AssociationSubmit | undefined) => {
      machine.onDeliver = delivery => {
        trace[name]!.push(delivery)
        const next = act(delivery)
        if (next && answer === 'inside') machine.submit(next)
        else if (next) later.push(() => machine.submit(next))
      }
    }
    on(one, 'initiator', delivery => (delivery.type === 'A-ASSOCIATE.confirm' ? { type: 'A-RELEASE.request', reason: 0 } : undefined))
    on(two, 'responder', delivery => {
      if (delivery.type === 'A-ASSOCIATE.indication') return accept
      return delivery.type === 'A-RELEASE.indication' ? { type: 'A-RELEASE.response', result: 'affirmative' } : undefined
    })
    one.submit(request)
    while (later.length > 0) later.shift()!()
    return { ...trace, states: [one.state, two.state], sent: [a.log, b.log] }
  },
})

/** Octets as an APDU in the primitive that the state waits for, or in one that ends it. */
function feed(bench: Bench, state: AssociationState, octets: Uint8Array): void {
  const values = acse(octets)
  if (octets.length % 5 === 1) return bench.below.deliver({ type: 'P-U-ABORT.indication', userData: values })
  if (state === 'STA0') return bench.below.deliver(connectIndication(values))
  if (state === 'STA1') return bench.below.deliver(octets.length % 2 ? connectConfirm(values) : connectRejection(values))
  if (state === 'STA3' || state === 'STA7') {
    return bench.below.deliver({ type: 'P-RELEASE.confirm', result: octets.length % 2 ? 'affirmative' : 'negative', userData: values })
  }
  return bench.below.deliver({ type: 'P-RELEASE.indication', userData: values })
}

describe('the cells of Table A.5', () => {
  test('A01: an A-ASSOCIATE request becomes an AARQ in a P-CONNECT request', () => {
    const bench = new Bench()
    bench.machine.submit(request)
    expect(bench.machine.state).toBe('STA1')
    expect(bench.take()).toEqual([`P-CONNECT.request 1: ${hex(AARQ)}`])
    expect(bench.machine.association).toMatchObject({ role: 'initiator', context: 1 })
  })

  test('A02 and A03: the response becomes an AARE, accepting or rejecting', () => {
    const yes = inState('STA2')
    yes.machine.submit(accept)
    expect(yes.machine.state).toBe('STA5')
    expect(yes.take()).toEqual([`P-CONNECT.response acceptance 1: ${hex(AARE)}`])
    for (const [result, code] of [
      ['rejected-permanent', '01'],
      ['rejected-transient', '02'],
    ] as const) {
      const no = inState('STA2')
      no.machine.submit({ type: 'A-ASSOCIATE.response', result, diagnostic: 1 })
      expect(no.machine.state).toBe('STA0')
      expect(no.take()).toEqual([
        `P-CONNECT.response user-rejection 1: ${hex(AARE_REJECTED).replace('a2 03 02 01 01', `a2 03 02 01 ${code}`)}`,
      ])
    }
  })

  test('A04 and A05: an AARQ is indicated, or answered by the ACPM when it cannot support the association', () => {
    const bench = new Bench()
    expect(bench.hear(connectIndication(acse(AARQ)))).toMatchObject([
      { type: 'A-ASSOCIATE.indication', applicationContextName: request.applicationContextName },
    ])
    expect(bench.machine.state).toBe('STA2')
    expect(bench.take()).toEqual([])
    const busy = new Bench({
      accept: () => ({ type: 'reject', result: 'rejected-transient', source: 'acse-service-provider', diagnostic: 1 }),
    })
    expect(busy.hear(connectIndication(acse(AARQ)))).toEqual([])
    expect(busy.machine.state).toBe('STA0')
    expect(busy.take()[0]).toMatch(/^P-CONNECT.response user-rejection 1: .* a2 03 02 01 02 a3 05 a2 03 02 01 01$/)
  })

  test('A06 to A08: what the peer answered is confirmed', () => {
    const yes = inState('STA1')
    expect(yes.hear(connectConfirm(acse(AARE)))).toMatchObject([
      { type: 'A-ASSOCIATE.confirm', result: 'accepted', resultSource: 'acse-service-user' },
    ])
    expect(yes.machine.state).toBe('STA5')
    const no = inState('STA1')
    expect(no.hear(connectRejection(acse(AARE_REJECTED)))).toMatchObject([
      { type: 'A-ASSOCIATE.confirm', result: 'rejected-permanent', diagnostic: 1 },
    ])
    expect(no.machine.state).toBe('STA0')
    const provider = inState('STA1')
    const [confirm] = provider.hear(connectRejection([], 'provider-rejection'))
    expect(confirm).toMatchObject({
      type: 'A-ASSOCIATE.confirm',
      result: 'rejected-permanent',
      resultSource: 'presentation-service-provider',
    })
    expect(confirm).not.toHaveProperty('diagnostic')
    expect(provider.machine.state).toBe('STA0')
    expect([yes, no, provider].flatMap(bench => bench.take())).toEqual([])
  })

  test('A09, A16 and A18: a release is asked for, and confirmed with the result of P-RELEASE', () => {
    const bench = inState('STA5')
    bench.machine.submit({ type: 'A-RELEASE.request', reason: 0 })
    expect(bench.machine.state).toBe('STA3')
    expect(bench.take()).toEqual([`P-RELEASE.request 1: ${RLRQ}`])
    expect(bench.hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse('63 00') })).toEqual([
      { type: 'A-RELEASE.confirm', result: 'affirmative', userInformation: [] },
    ])
    expect(bench.machine.state).toBe('STA0')
    const refused = inState('STA3')
    expect(refused.hear({ type: 'P-RELEASE.confirm', result: 'negative', userData: acse('63 03 80 01 01') })).toEqual([
      { type: 'A-RELEASE.confirm', result: 'negative', reason: 1, userInformation: [] },
    ])
    expect(refused.machine.state).toBe('STA5')
  })

  test('A10, A12 and A15: a release is indicated, and answered affirmatively or negatively', () => {
    const bench = inState('STA5')
    expect(bench.hear({ type: 'P-RELEASE.indication', userData: acse('62 03 80 01 01') })).toEqual([
      { type: 'A-RELEASE.indication', reason: 1, userInformation: [] },
    ])
    expect(bench.machine.state).toBe('STA4')
    bench.machine.submit({ type: 'A-RELEASE.response', result: 'negative', reason: 1 })
    expect(bench.machine.state).toBe('STA5')
    expect(bench.take()).toEqual(['P-RELEASE.response negative 1: 63 03 80 01 01'])
    const yes = inState('STA4')
    yes.machine.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    expect(yes.machine.state).toBe('STA0')
    expect(yes.take()).toEqual(['P-RELEASE.response affirmative 1: 63 00'])
  })

  test('A13 and A11: the association-initiator answers a colliding release first, and then waits', () => {
    const bench = inState('STA3', {}, 'initiator')
    expect(bench.hear({ type: 'P-RELEASE.indication', userData: acse(RLRQ) })).toMatchObject([{ type: 'A-RELEASE.indication' }])
    expect(bench.machine.state).toBe('STA6')
    bench.machine.submit({ type: 'A-RELEASE.response', result: 'affirmative' })
    expect(bench.machine.state).toBe('STA3')
    expect(bench.take()).toEqual(['P-RELEASE.response affirmative 1: 63 00'])
  })

  test('A14 and A17: the association-responder waits for the answer to its own release first', () => {
    const bench = inState('STA3', {}, 'responder')
    expect(bench.hear({ type: 'P-RELEASE.indication', userData: acse(RLRQ) })).toMatchObject([{ type: 'A-RELEASE.indication' }])
    expect(bench.machine.state).toBe('STA7')
    expect(() => bench.machine.submit({ type: 'A-RELEASE.response', result: 'affirmative' })).toThrow(UsageError)
    expect(bench.hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: acse(RLRE) })).toMatchObject([
      { type: 'A-RELEASE.confirm' },
    ])
    expect(bench.machine.state).toBe('STA4')
  })

  test('a colliding release cannot be refused', () => {
    const bench = inState('STA6')
    expect(() => bench.machine.submit({ type: 'A-RELEASE.response', result: 'negative' })).toThrow(UsageError)
    expect(bench.machine.state).toBe('STA6')
    expect(bench.sent).toEqual([])
  })

  test.each(begun)('A19–A25: the user aborts in %s', state => {
    const bench = inState(state)
    bench.machine.submit({ type: 'A-ABORT.request' })
    expect(bench.machine.state).toBe('STA0')
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_USER}`])
    expect(bench.heard()).toEqual([])
  })

  test.each(begun)('RA-10: an ABRT in %s (A26–A32) is indicated once', state => {
    const bench = inState(state)
    expect(bench.hear({ type: 'P-U-ABORT.indication', userData: acse(ABRT_PROVIDER) })).toEqual([
      { type: 'A-ABORT.indication', abortSource: 'acse-service-provider', by: 'peer provider', userInformation: [] },
    ])
    expect(bench.machine.state).toBe('STA0')
    expect(bench.hear({ type: 'P-U-ABORT.indication', userData: acse(ABRT_PROVIDER) })).toEqual([])
    expect(bench.sent).toEqual([])
  })

  test.each(begun)('N-17: the loss of the connection in %s (A33–A39) is a provider abort with its cause', state => {
    const bench = inState(state)
    const cause = new UsageError('cotp', 'COTP_LOST', 'the connection was lost')
    expect(bench.hear({ type: 'P-P-ABORT.indication', by: 'local provider', abortReason: 2, eventIdentifier: 7, cause })).toEqual([
      { type: 'A-P-ABORT.indication', by: 'local provider', abortReason: 2, eventIdentifier: 7, cause },
    ])
    expect(bench.machine.state).toBe('STA0')
    expect(bench.sent).toEqual([])
  })

  test('7.3.3.4: a broken AARQ is aborted without any indication', () => {
    const bench = new Bench()
    expect(bench.hear(connectIndication(acse('60 03 a1 01')))).toEqual([])
    expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
    expect(bench.machine.state).toBe('STA0')
  })

  test('N-22: the table has the 41 filled cells of the annex less the two external events, and the two rows of 7.3.3.4', () => {
    const cells = associationStates.flatMap(state =>
      associationTable.events.flatMap(event => associationTable.cell(state, event).map(() => `${event} ${state}`)),
    )
    expect(cells.filter(cell => !cell.startsWith('protocol error'))).toHaveLength(39)
    expect(cells.filter(cell => cell.startsWith('protocol error'))).toHaveLength(8)
  })
})
