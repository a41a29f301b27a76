import { hex, Sdu, UsageError, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  ACCEPT,
  ACCEPTED,
  ACSE,
  ALTER,
  BER,
  CONCLUDE,
  CONNECT,
  CP,
  CP_MANAGED,
  CPA,
  CPA_MANAGED,
  cpa,
  down,
  type Harness,
  harness,
  inState,
  item,
  LIST,
  managed,
  NORMAL,
  pdv,
  sAccepted,
  sConnectIndication,
  tlv,
  UNITS,
  value,
} from '../test/harness.js'
import { proposeContexts } from './contexts.js'
import type { PresentationState } from './events.js'
import { encodeAC } from './ppdu.js'
import type { PAlterContextIndication, PresentationSubmit } from './service.js'

const typed = (userData: Uint8Array | string) =>
  ({ type: 'S-TYPED-DATA.indication', userData: typeof userData === 'string' ? unhex(userData) : userData }) as const
const data = (identifier: number): PresentationSubmit => ({
  type: 'P-DATA.request',
  presentationContextIdentifier: identifier,
  userData: Sdu.of(CONCLUDE),
})
/** An AC with this addition list and this deletion list. */
const ac = (additions: readonly Uint8Array[], deletions = '', userData: Uint8Array | string = '') =>
  tlv(0xa0, ...(additions.length > 0 ? [tlv(0xa0, ...additions)] : []), ...(deletions ? [tlv(0xa1, deletions)] : []), userData)

function expectARP(h: Harness, reason: number, event: number, text: RegExp): void {
  expect(down(h)).toEqual([`S-U-ABORT.request 300680010${reason}81010${event}`])
  expect(h.delivered).toMatchObject([
    { type: 'P-P-ABORT.indication', by: 'local provider', cause: { message: expect.stringMatching(text) } },
  ])
  expect(h.machine.state).toBe('STAI0')
}

function refused(h: Harness, primitive: PresentationSubmit, code: string, text: RegExp): void {
  const { state } = h.machine
  expect(() => h.machine.submit(primitive)).toThrow(
    expect.objectContaining({ name: 'UsageError', code, message: expect.stringMatching(text) }),
  )
  expect(h.machine.state).toBe(state)
  expect(h.sent).toEqual([])
}

describe('context management is agreed, or not', () => {
  test('P-11: the initiator asks for it in the CP, adds typed data to the session, and says what its user required', () => {
    const h = harness()
    h.machine.submit({ ...CONNECT, presentationRequirements: 1 })
    const [request] = h.session.take()
    expect(request).toMatchObject({ type: 'S-CONNECT.request', sessionRequirements: 0x0402 })
    // 88: context management; 89: duplex alone.
    expect(hex(request!.userData as Uint8Array, '')).toContain('88020780' + '89020640')
    h.from(sAccepted(CPA_MANAGED, 0x0402))
    expect(h.delivered).toMatchObject([{ type: 'P-CONNECT.confirm', presentationRequirements: 1, sessionRequirements: 0x0002 }])
    h.session.take()
    h.machine.submit({ type: 'P-ALTER-CONTEXT.request', presentationContextDeletionList: [1] })
    expect(h.machine.state).toBe('STAac0')
    h.session.take()
    refused(h, { type: 'P-TYPED-DATA.request', userData: [value(3)] }, 'PRESENTATION_REQUIREMENTS', /both users must require typed data/)
  })

  test('P-04: what the user requires of the session is not repeated where the session says it too', () => {
    const h = harness()
    h.machine.submit({ ...CONNECT, presentationRequirements: 1, sessionRequirements: 0x0402 })
    expect(hex(h.session.take()[0]!.userData as Uint8Array, '')).not.toContain('88020780' + '89')
  })

  test('P-04, P-11: the responder answers both, and its own session units where they differ', () => {
    const h = harness()
    h.from(sConnectIndication(CP_MANAGED, { sessionRequirements: UNITS }))
    expect(h.delivered).toMatchObject([{ type: 'P-CONNECT.indication', presentationRequirements: 1, sessionRequirements: UNITS }])
    h.machine.submit({ ...ACCEPT, presentationRequirements: 1, sessionRequirements: 0x0002 })
    const [response] = h.session.take()
    expect(response).toMatchObject({ type: 'S-CONNECT.response', sessionRequirements: 0x0402 })
    expect(hex(response!.userData as Uint8Array, '')).toContain('88020780' + '89020640')
    refused(h, { type: 'P-TYPED-DATA.request', userData: [value(3)] }, 'PRESENTATION_REQUIREMENTS', /typed data/)
  })

  test('P-04: a CPA that names fewer session units than the session has settles for these', () => {
    const h = harness()
    h.machine.submit({ ...CONNECT, sessionRequirements: UNITS })
    h.from(sAccepted(cpa(tlv(0xa5, ACCEPTED, ACCEPTED), '89 03 05 41 20'), UNITS))
    expect(h.delivered).toMatchObject([{ sessionRequirements: 0x0002 | 0x0080 | 0x0400 }])
    const other = harness()
    other.machine.submit({ ...CONNECT, sessionRequirements: UNITS })
    other.from(sAccepted(cpa(tlv(0xa5, ACCEPTED, ACCEPTED), '89 02 06 40'), UNITS))
    expect(other.delivered).toMatchObject([{ sessionRequirements: 0x0002 }])
  })

  test('P-11: a responder whose user does not answer with it has the kernel alone', () => {
    const h = harness()
    h.from(sConnectIndication(CP_MANAGED, { sessionRequirements: UNITS }))
    h.machine.submit(ACCEPT)
    expect(down(h)[0]).not.toContain('8802')
    refused(h, ALTER, 'PRESENTATION_REQUIREMENTS', /both sides must require context management/)
    h.from(typed('a0 00'))
    expect(down(h)).toEqual(['S-U-ABORT.request 3006800102810105'])
  })

  test('P-11: a response cannot ask for what was not indicated', () => {
    const h = inState('STAI2')
    refused(h, { ...ACCEPT, presentationRequirements: 1 }, 'PRESENTATION_REQUIREMENTS', /not indicated \(0\), found 1/)
  })

  test.each<[string, Uint8Array, number, RegExp]>([
    [
      'context restoration, which was not offered',
      unhex(hex(CPA_MANAGED).replace('88 02 07 80', '88 02 06 c0')),
      UNITS,
      /not offered \(1\), found 3/,
    ],
    ['context management without typed data of the session', CPA_MANAGED, 0x0002, /only with typed data/],
  ])('P-11: a CPA with %s ends in ARP 6', (_, octets, units, text) => {
    const h = harness()
    h.machine.submit({ ...CONNECT, presentationRequirements: 1 })
    h.session.take()
    h.from(sAccepted(octets, units))
    expectARP(h, 6, 1, text)
  })

  test('P-11: and so does one with context management that was not asked for', () => {
    const h = inState('STAI1')
    h.from(sAccepted(CPA_MANAGED, UNITS))
    expectARP(h, 6, 1, /not offered \(0\), found 1/)
  })

  test('P-11: a CPA without it is the kernel alone', () => {
    const h = harness()
    h.machine.submit({ ...CONNECT, presentationRequirements: 1 })
    h.from(sAccepted(CPA, UNITS))
    expect(h.delivered[0]).not.toHaveProperty('presentationRequirements')
    h.session.take()
    refused(h, ALTER, 'PRESENTATION_REQUIREMENTS', /context management/)
  })
})

describe('identifiers, X.226, 6.5.2.1', () => {
  test('P-02: the initiator goes on with odd ones, the responder with even ones, both above all that were used', () => {
    const used = LIST.map(context => context.presentationContextIdentifier)
    const identifiers = (by: 'initiator' | 'responder', more: number[] = []) =>
      proposeContexts(['1.2.3', '1.2.4'], undefined, { by, used: [...used, ...more] }).map(context => context.presentationContextIdentifier)
    expect(identifiers('initiator')).toEqual([5, 7])
    expect(identifiers('responder')).toEqual([4, 6])
    expect(identifiers('responder', [4, 9])).toEqual([10, 12])
  })

  test('P-02: a table of abstract syntaxes, each with its own transfer syntaxes, is a proposal', () => {
    expect(proposeContexts({ [ACSE]: [BER], '1.2.3': ['2.1.3.0.1', BER] })).toEqual([
      { presentationContextIdentifier: 1, abstractSyntaxName: ACSE, transferSyntaxNameList: [BER] },
      { presentationContextIdentifier: 3, abstractSyntaxName: '1.2.3', transferSyntaxNameList: ['2.1.3.0.1', BER] },
    ])
  })

  test.each<[string, Partial<Extract<PresentationSubmit, { type: 'P-ALTER-CONTEXT.request' }>>, RegExp]>([
    [
      'an identifier of the other side',
      { presentationContextAdditionList: proposeContexts(['1.2.3'], undefined, { used: [3] }) },
      /expected an even identifier, found 5/,
    ],
    [
      'a context of its list twice',
      { presentationContextAdditionList: [2, 2].map(id => ({ ...LIST[0]!, presentationContextIdentifier: id })) },
      /found 2 again/,
    ],
    [
      'no transfer syntax',
      { presentationContextAdditionList: [{ ...LIST[0]!, presentationContextIdentifier: 2, transferSyntaxNameList: [] }] },
      /at least one transfer syntax/,
    ],
    ['the deletion of a context that is not defined', { presentationContextDeletionList: [9] }, /context 9 is not defined/],
  ])('P-11: a request with %s is refused', (_, lists, text) => {
    refused(managed(), { type: 'P-ALTER-CONTEXT.request', ...lists }, 'PRESENTATION_CONTEXTS', text)
  })

  test('P-11: an identifier is never used again, also when its context was refused or deleted', () => {
    const h = managed()
    h.machine.submit(ALTER)
    h.from(typed(tlv(0xa1, tlv(0xa0, '30 03 80 01 01'), tlv(0xa1, '02 01 00'))))
    h.session.take()
    expect([...h.machine.definedContextSet.keys()]).toEqual([1])
    refused(h, { ...ALTER, presentationContextDeletionList: [] }, 'PRESENTATION_CONTEXTS', /found 2 again/)
  })

  test.each<[string, Uint8Array, number, RegExp]>([
    ['even', ac([item(2)]), 6, /expected an odd identifier, found 2/],
    ['in use', ac([item(3)]), 6, /found 3 again/],
    ['repeated', ac([item(5), item(5)]), 6, /found 5 again/],
    ['without a transfer syntax', ac([item(5, undefined, '')]), 6, /at least one transfer syntax/],
    ['to be deleted and never seen', ac([], '02 01 09'), 6, /found 9/],
    ['in an undefined element', unhex('a0 04 a5 02 05 00'), 4, /./],
    ['in a list that comes twice', unhex('a0 0a a1 03 02 01 01 a1 03 02 01 03'), 5, /./],
    ['broken', unhex('a0 05 a1 03 02 05 01'), 6, /./],
  ])('P-11, P-08: an AC with identifiers %s ends in an ARP that names it', (_, octets, reason, text) => {
    const h = managed()
    h.from(typed(octets))
    expectARP(h, reason, 5, text)
  })

  test('P-11: to an initiator the peer proposes even identifiers', () => {
    const h = managed('initiator')
    h.from(typed(ac([item(2)])))
    expect(h.delivered).toMatchObject([{ presentationContextAdditionList: [{ presentationContextIdentifier: 2 }] }])
    const odd = managed('initiator')
    odd.from(typed(ac([item(5)])))
    expectARP(odd, 6, 5, /expected an even identifier, found 5/)
  })
})

describe('what the provider makes of additions', () => {
  test('RP-03: unknown syntaxes are refused with their reasons, and those beyond the limit of the DCS', () => {
    const h = managed('responder', { abstractSyntaxes: { [ACSE]: [BER], '1.0.9506.2.1': [BER], '1.2.4': [BER] }, contextLimit: 3 })
    h.from(typed(ac([item(5, '06 02 2a 04'), item(7, '06 02 2a 05'), item(9, '06 02 2a 04', '06 02 53 03'), item(11, '06 02 2a 04')])))
    const [indication] = h.delivered as PAlterContextIndication[]
    expect(indication!.presentationContextAdditionResultList).toEqual([
      { result: 'acceptance', transferSyntaxName: BER },
      { result: 'provider-rejection', providerReason: 1 },
      { result: 'provider-rejection', providerReason: 2 },
      { result: 'provider-rejection', providerReason: 3 },
    ])
    h.session.take()
    const accepted = { result: 'acceptance', transferSyntaxName: BER } as const
    refused(
      h,
      {
        type: 'P-ALTER-CONTEXT.response',
        presentationContextAdditionResultList: [accepted, accepted, { result: 'user-rejection' }, { result: 'user-rejection' }],
      },
      'PRESENTATION_RESULTS',
      /context 7: the provider refused it/,
    )
    h.machine.submit({ type: 'P-ALTER-CONTEXT.response' })
    expect([...h.machine.definedContextSet.keys()]).toEqual([1, 3, 5])
  })

  test('RP-03: a peer that never stops proposing is refused with reason 3, and what is remembered of it stays within 1024 identifiers', () => {
    const h = managed('responder')
    for (let round = 0, identifier = 3; round < 20; round++) {
      const additions = Array.from({ length: 100 }, () => {
        identifier += 2
        return { presentationContextIdentifier: identifier, abstractSyntaxName: '1.2.4', transferSyntaxNameList: ['1.2.5'] }
      })
      h.from(typed(encodeAC({ presentationContextAdditionList: additions })))
      const { presentationContextAdditionResultList: marked } = h.delivered.at(-1) as PAlterContextIndication
      expect(marked.every(result => result.result === 'provider-rejection' && result.providerReason === (round < 10 ? 2 : 3))).toBe(true)
      h.machine.submit({ type: 'P-ALTER-CONTEXT.response' })
    }
    expect(h.machine.variables.alter!.used.size).toBe(1002)
    h.session.take()
    const names = Array.from({ length: 23 }, () => '1.2.3')
    const presentationContextAdditionList = proposeContexts(names, undefined, { by: 'responder' })
    refused(
      h,
      { type: 'P-ALTER-CONTEXT.request', presentationContextAdditionList },
      'PRESENTATION_CONTEXTS',
      /may see 1024 context identifiers/,
    )
  })

  test('P-11: the user may refuse additions and deletions, but must answer each', () => {
    const h = inState('STAac1')
    refused(
      h,
      { type: 'P-ALTER-CONTEXT.response', presentationContextDeletionResultList: [] },
      'PRESENTATION_RESULTS',
      /expected 1 context deletion results, found 0/,
    )
    refused(
      h,
      { type: 'P-ALTER-CONTEXT.response', presentationContextAdditionResultList: [] },
      'PRESENTATION_RESULTS',
      /expected 1 context results, found 0/,
    )
    refused(
      h,
      { type: 'P-ALTER-CONTEXT.response', userData: [value(1)] },
      'PRESENTATION_CONTEXT',
      /context 1, which is not of the defined context set that results/,
    )
    h.machine.submit({
      type: 'P-ALTER-CONTEXT.response',
      presentationContextAdditionResultList: [{ result: 'user-rejection' }],
      presentationContextDeletionResultList: ['user-rejection'],
    })
    expect(down(h)).toEqual(['S-TYPED-DATA.request a10ca0053003800101a103020101'])
    expect([...h.machine.definedContextSet.keys()]).toEqual([1, 3])
  })
})

describe('an ACA', () => {
  test.each<[string, Uint8Array, number, RegExp]>([
    ['without results', unhex('a1 00'), 6, /expected 1 context results, found 0/],
    ['with too many results', tlv(0xa1, tlv(0xa0, ACCEPTED, ACCEPTED), tlv(0xa1, '02 01 00')), 6, /expected 1 context results, found 2/],
    ['without the result of the deletion', tlv(0xa1, tlv(0xa0, ACCEPTED)), 6, /expected 1 context deletion results, found 0/],
    [
      'with a deletion refused by the provider, which cannot be',
      tlv(0xa1, tlv(0xa0, ACCEPTED), tlv(0xa1, '02 01 02')),
      6,
      /expected 0 or 1, found 2/,
    ],
    [
      'with a transfer syntax that was not offered',
      tlv(0xa1, tlv(0xa0, '30 07 80 01 00 81 02 53 03'), tlv(0xa1, '02 01 00')),
      6,
      /that was offered, found 2\.3\.3/,
    ],
    [
      'with user data of the context that it deletes',
      tlv(0xa1, tlv(0xa0, ACCEPTED), tlv(0xa1, '02 01 00'), pdv(3)),
      6,
      /\(1, 2\), found a value of context 3/,
    ],
    ['with simple encoding', tlv(0xa1, tlv(0xa0, ACCEPTED), tlv(0xa1, '02 01 00'), '40 02 8b 00'), 6, /found a value of context 0/],
  ])('P-11, P-08: %s ends in an ARP', (_, octets, reason, text) => {
    const h = inState('STAac0')
    h.from(typed(octets))
    expectARP(h, reason, 6, text)
  })

  test('P-11: may already speak of the contexts that it adds', () => {
    const h = inState('STAac0')
    h.from(typed(tlv(0xa1, tlv(0xa0, ACCEPTED), tlv(0xa1, '02 01 00'), pdv(2))))
    expect(h.delivered).toMatchObject([{ type: 'P-ALTER-CONTEXT.confirm', userData: [value(2)] }])
  })
})

describe('the encoding follows the DCS', () => {
  test('P-11: with context management a DCS of one is fully encoded, an empty one simply, in the default context', () => {
    const h = managed()
    h.from(typed(ac([], '02 01 01')))
    h.machine.submit({ type: 'P-ALTER-CONTEXT.response' })
    h.session.take()
    h.machine.submit(data(3))
    expect(down(h)).toEqual([`S-DATA.request ${hex(tlv(0x61, tlv(0x30, '02 01 03', tlv(0xa0, '8b 00'))), '')}`])
    h.from({ type: 'S-DATA.indication', userData: pdv(3) })
    h.from(typed(ac([], '02 01 03')))
    h.machine.submit({ type: 'P-ALTER-CONTEXT.response', userData: [value(0)] })
    expect(down(h)).toEqual(['S-TYPED-DATA.request a10ca1030201004005' + '6203800100'])
    h.machine.submit(data(0))
    expect(down(h)).toEqual(['S-DATA.request 8b00'])
    refused(
      h,
      data(3),
      'PRESENTATION_CONTEXT',
      /context 3 \(1\.0\.9506\.2\.1\) was proposed, but is not defined, the defined context set is empty/,
    )
  })

  test('P-11: contexts that are to be deleted may be used in the AC itself, and no more until it is answered', () => {
    const h = managed()
    h.machine.submit({ ...ALTER, userData: [value(3)] })
    expect(h.machine.state).toBe('STAac0')
    h.session.take()
    refused(h, data(3), 'PRESENTATION_CONTEXT', /context 3 \(1\.0\.9506\.2\.1\) is to be deleted/)
    refused(h, { type: 'P-U-ABORT.request', userData: [value(3)] }, 'PRESENTATION_CONTEXT', /not defined/)
  })

  test('P-11: when all contexts are to be deleted, nothing can be sent, not in the default context either', () => {
    const h = managed()
    h.machine.submit({ type: 'P-ALTER-CONTEXT.request', presentationContextDeletionList: [1, 3] })
    h.session.take()
    expect(() => h.machine.submit({ type: 'P-DATA.request', userData: [value(0)] })).toThrow(/found 0, the default context/)
    refused(h, { type: 'P-DATA.request', userData: [value(1)] }, 'PRESENTATION_CONTEXT', /context 1/)
    h.machine.submit({ type: 'P-TOKEN-PLEASE.request', tokens: 0x40 })
    expect(down(h)).toEqual(['S-TOKEN-PLEASE.request'])
  })
})

describe('requests that cross', () => {
  test('P-11: each is answered on its own, and a context that both delete is deleted once', () => {
    const h = managed()
    h.machine.submit({ type: 'P-ALTER-CONTEXT.request', presentationContextDeletionList: [3] })
    h.from(typed(ac([], '02 01 03')))
    expect(h.machine.state).toBe('STAac2')
    h.machine.submit({ type: 'P-ALTER-CONTEXT.response' })
    expect(h.machine.state).toBe('STAac0')
    h.from(typed('a1 05 a1 03 02 01 00'))
    expect(h.machine.state).toBe('STAt0')
    expect([...h.machine.definedContextSet.keys()]).toEqual([1])
  })

  test('P-11: a second request, and a second AC, are refused until the first is answered', () => {
    const h = managed()
    h.machine.submit(ALTER)
    h.session.take()
    refused(h, { type: 'P-ALTER-CONTEXT.request' }, 'STATE', /not allowed in state STAac0/)
    const heard = inState('STAac1')
    heard.from(typed(ac([])))
    expectARP(heard, 2, 5, /AC is not allowed in state STAac1/)
  })

  test('P-11: an ACA that was not asked for is unexpected', () => {
    const h = managed()
    h.from(typed('a1 00'))
    expectARP(h, 2, 6, /ACA is not allowed in state STAt0/)
  })
})

describe('release and context management', () => {
  test.each<PresentationState>(['STAac0', 'STAac1', 'STAac2'])(
    'K12, K14: when half of a release collision is over, the alter-context under way in %s is forgotten, as Table A.22 has it',
    state => {
      for (const first of ['answered', 'confirmed'] as const) {
        const h = inState(state)
        h.machine.submit({ type: 'P-RELEASE.request' })
        h.from({ type: 'S-RELEASE.indication', userData: new Uint8Array(0) })
        expect(h.machine.state).toBe(state)
        if (first === 'answered') h.machine.submit({ type: 'P-RELEASE.response', result: 'affirmative' })
        else h.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: new Uint8Array(0) })
        expect(h.machine.state).toBe('STAt0')
        expect(h.machine.variables.alter).toMatchObject({ asked: undefined, indicated: undefined })
      }
    },
  )

  test('P-11: nothing is asked for after a release', () => {
    const h = managed()
    h.machine.submit({ type: 'P-RELEASE.request' })
    h.session.take()
    refused(h, ALTER, 'PRESENTATION_RELEASE', /nothing can be sent after it/)
  })
})

test('P-11: what the session refuses has not happened: the DCS and the state are as before', () => {
  const h = inState('STAac1')
  const { variables } = h.machine
  h.session.submit = () => {
    throw new UsageError('session', 'STATE', 'no token')
  }
  expect(() => h.machine.submit({ type: 'P-ALTER-CONTEXT.response' })).toThrow(/no token/)
  expect(h.machine.state).toBe('STAac1')
  expect(h.machine.variables).toBe(variables)
})

test('P-11: units that were not agreed: typed data and tokens are refused from above, and unexpected from below', () => {
  const kernel = inState('STAt0')
  refused(kernel, { type: 'P-TYPED-DATA.request', userData: [value(3)] }, 'PRESENTATION_REQUIREMENTS', /typed data of the session/)
  refused(kernel, { type: 'P-TOKEN-GIVE.request', tokens: 1 }, 'PRESENTATION_REQUIREMENTS', /no tokens/)
  refused(kernel, { type: 'P-TOKEN-PLEASE.request', tokens: 1 }, 'PRESENTATION_REQUIREMENTS', /no tokens/)
  kernel.from({ type: 'S-TOKEN-PLEASE.indication', tokens: 1, userData: new Uint8Array(0) })
  expect(down(kernel)).toEqual(['S-U-ABORT.request 3006800103810111'])
  const typedData = inState('STAt0')
  typedData.from(typed(pdv(3)))
  expectARP(typedData, 2, 8, /TTD is not allowed/)
})

test('P-11: typed data without context management: full with two contexts, and with its tag when it is simple', () => {
  const h = harness()
  h.from(sConnectIndication(CP, { sessionRequirements: 0x0402 }))
  h.machine.submit({
    ...ACCEPT,
    presentationContextDefinitionResultList: [{ result: 'acceptance', transferSyntaxName: BER }, { result: 'user-rejection' }],
  })
  h.session.take()
  h.machine.submit({ type: 'P-TYPED-DATA.request', userData: [value(1)] })
  expect(down(h)).toEqual(['S-TYPED-DATA.request 40056203800100'])
  h.from(typed('40 05 62 03 80 01 00'))
  expect(h.delivered.at(-1)).toEqual({ type: 'P-TYPED-DATA.indication', userData: [value(1)] })
  h.from(typed(pdv(1)))
  expect(h.delivered.at(-1)).toEqual({ type: 'P-TYPED-DATA.indication', userData: [value(1)] })
  expect(h.deviations).toEqual(['fullEncodingOfSingleContext'])
  const strict = harness({ strict: true })
  strict.from(sConnectIndication(tlv(0x31, NORMAL, tlv(0xa2, tlv(0xa4, item(1)), pdv(1))), { sessionRequirements: 0x0402 }))
  strict.machine.submit({ type: 'P-CONNECT.response', result: 'acceptance' })
  strict.session.take()
  strict.delivered.length = 0
  strict.from(typed(pdv(1)))
  expectARP(strict, 6, 8, /expected simple encoding, 40, for one context, found full, 61/)
})
