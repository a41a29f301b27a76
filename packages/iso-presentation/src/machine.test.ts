import { DecodeError, hex, Sdu, unhex } from '@x/core'
import { describeMachine } from '@x/core/testing/suite'
import { describe, expect, test } from 'vitest'
import {
  AC,
  ACCEPT,
  ACSE,
  ALTER,
  ARP,
  ARU,
  BER,
  CONCLUDE,
  CONNECT,
  CP,
  CPA,
  CPA_ONE,
  CPR_PROVIDER,
  CPR_USER,
  down,
  type Harness,
  harness,
  inState,
  LIST,
  MMS,
  managed,
  pdv,
  RELEASE,
  sAccepted,
  sConnectIndication,
  sRejected,
  TD,
  value,
} from '../test/harness.js'
import { EventIdentifier } from './codes.js'
import type { PresentationState } from './events.js'
import type { PDataIndication, PresentationSubmit } from './service.js'
import { presentationStates as states, table } from './states.js'

const none = new Uint8Array(0)
const open = ['STAt0', 'STAac0', 'STAac1', 'STAac2'] as const
/** Accepts what ALTER asks for: context 2 in, context 3 out. */
const ACA = unhex('a1 10 a0 09 30 07 80 01 00 81 02 51 01 a1 03 02 01 00')
/** Connected with every unit that this machine has, in any of the four states. */
const inOpen = (state: PresentationState) => (state === 'STAt0' ? managed() : inState(state))

const fromAbove: PresentationSubmit[] = [
  CONNECT,
  ACCEPT,
  { type: 'P-CONNECT.response', result: 'user-rejection' },
  { type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(CONCLUDE) },
  { type: 'P-DATA.request', userData: [value(1)] },
  { type: 'P-TYPED-DATA.request', userData: [value(1)] },
  { type: 'P-TOKEN-GIVE.request', tokens: 0x40 },
  { type: 'P-TOKEN-PLEASE.request', tokens: 0x40 },
  ALTER,
  { type: 'P-ALTER-CONTEXT.response' },
  { type: 'P-RELEASE.request', userData: [value(1)] },
  { type: 'P-RELEASE.response', result: 'affirmative' },
  { type: 'P-U-ABORT.request' },
  { type: 'P-P-ABORT.request' },
]

/** Every event from below, of our functional units and of others, and how the session brings it. */
const fromBelow: Record<string, (h: Harness) => void> = {
  CP: h => h.from(sConnectIndication(CP)),
  CPA: h => h.from(sAccepted(CPA)),
  CPR: h => h.from(sRejected(CPR_USER)),
  'S-CONNECT.confirm': h => h.from(sRejected(none, 'peer provider', 130)),
  TD: h => h.from({ type: 'S-DATA.indication', userData: TD }),
  'S-RELEASE.indication': h => h.from({ type: 'S-RELEASE.indication', userData: none }),
  'S-RELEASE.confirm': h => h.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: none }),
  ARU: h => h.from({ type: 'S-U-ABORT.indication', userData: ARU }),
  ARP: h => h.from({ type: 'S-U-ABORT.indication', userData: ARP }),
  'S-P-ABORT.indication': h => h.from({ type: 'S-P-ABORT.indication', by: 'peer provider' }),
  AC: h => h.from({ type: 'S-TYPED-DATA.indication', userData: unhex('a0 00') }),
  ACA: h => h.from({ type: 'S-TYPED-DATA.indication', userData: unhex('a1 00') }),
  TTD: h => h.from({ type: 'S-TYPED-DATA.indication', userData: TD }),
  TE: h => h.from({ type: 'S-EXPEDITED-DATA.indication', userData: TD }),
  TC: h => h.from({ type: 'S-CAPABILITY-DATA.indication', userData: TD }),
  TCC: h => h.from({ type: 'S-CAPABILITY-DATA.confirm', userData: TD }),
  RS: h => h.from({ type: 'S-RESYNCHRONIZE.indication', userData: unhex('30 00') }),
  RSA: h => h.from({ type: 'S-RESYNCHRONIZE.confirm', userData: unhex('30 00') }),
}
for (const name in EventIdentifier) if (name.startsWith('S-')) fromBelow[name] ??= h => h.from({ type: name })

/** What a blank cell answers, by event: abort-reason and event-identifier of the ARP; or the event ended the session itself. */
const blank: Record<string, readonly [reason: number, event: number] | 'gone'> = {
  CP: [2, 0],
  CPA: [2, 1],
  CPR: 'gone',
  'S-CONNECT.confirm': 'gone',
  ARU: 'gone',
  ARP: 'gone',
  'S-P-ABORT.indication': 'gone',
  AC: [2, 5],
  ACA: [2, 6],
  TD: [2, 7],
  TTD: [2, 8],
  TE: [2, 9],
  TC: [2, 10],
  TCC: [2, 11],
  RS: [2, 12],
  RSA: [2, 13],
  'S-RELEASE.indication': [3, 14],
  'S-RELEASE.confirm': 'gone',
  'S-TOKEN-GIVE.indication': [3, 16],
  'S-TOKEN-PLEASE.indication': [3, 17],
  'S-CONTROL-GIVE.indication': [3, 18],
  'S-SYNC-MINOR.indication': [3, 19],
  'S-SYNC-MINOR.confirm': [3, 20],
  'S-SYNC-MAJOR.indication': [3, 21],
  'S-SYNC-MAJOR.confirm': [3, 22],
  'S-P-EXCEPTION-REPORT.indication': [3, 23],
  'S-U-EXCEPTION-REPORT.indication': [3, 24],
  'S-ACTIVITY-START.indication': [3, 25],
  'S-ACTIVITY-RESUME.indication': [3, 26],
  'S-ACTIVITY-INTERRUPT.indication': [3, 27],
  'S-ACTIVITY-INTERRUPT.confirm': [3, 28],
  'S-ACTIVITY-DISCARD.indication': [3, 29],
  'S-ACTIVITY-DISCARD.confirm': [3, 30],
  'S-ACTIVITY-END.indication': [3, 31],
  'S-ACTIVITY-END.confirm': [3, 32],
}

function expectAbort(h: Harness, state: PresentationState, reason: number, event?: number): void {
  expect(h.machine.state).toBe('STAI0')
  const identifier = event === undefined ? '' : `8101${event.toString(16).padStart(2, '0')}`
  expect(down(h)).toEqual([`S-U-ABORT.request 30${event === undefined ? '03' : '06'}80010${reason}${identifier}`])
  if (state === 'STAI0') return expect(h.delivered).toEqual([])
  expect(h.delivered).toEqual([
    expect.objectContaining({ type: 'P-P-ABORT.indication', by: 'local provider', abortReason: reason, cause: expect.anything() }),
  ])
  expect((h.delivered[0] as { eventIdentifier?: number }).eventIdentifier).toBe(event)
}

function expectGone(h: Harness, state: PresentationState): void {
  expect(h.machine.state).toBe('STAI0')
  expect(h.sent).toEqual([])
  expect(h.delivered.map(({ type }) => type)).toEqual(state === 'STAI0' ? [] : ['P-P-ABORT.indication'])
}

describeMachine({
  name: 'presentation',
  table,
  states,
  inState,
  fromAbove,
  fromBelow: fromBelow as Record<string, (h: object) => void>,
  invalidFromBelow: (h, state, event) => {
    const expected = blank[event]!
    if (expected === 'gone') expectGone(h as Harness, state)
    else expectAbort(h as Harness, state, ...expected)
  },
  unencodable: [
    {
      state: 'STAI0',
      primitive: { type: 'P-CONNECT.request', presentationContextDefinitionList: [{ ...LIST[0]!, presentationContextIdentifier: 2 }] },
    },
    { state: 'STAI0', primitive: { ...CONNECT, called: { presentationSelector: new Uint8Array(17) } } },
    { state: 'STAI2', primitive: { ...ACCEPT, userData: [value(1, none)] } },
    { state: 'STAI2', primitive: { type: 'P-CONNECT.response', result: 'user-rejection', userData: [value(1, unhex('62 03 80'))] } },
    { state: 'STAt0', primitive: { type: 'P-DATA.request', presentationContextIdentifier: 3, userData: new Sdu() } },
    { state: 'STAt0', primitive: { type: 'P-DATA.request', userData: [] } },
    { state: 'STAac0', primitive: { type: 'P-TYPED-DATA.request', userData: [] } },
    { state: 'STAac1', primitive: { type: 'P-ALTER-CONTEXT.response', userData: [value(3, none)] } },
    { state: 'STAac1', primitive: { ...ALTER, userData: [value(1, none)] } },
    { state: 'STAI0', primitive: { ...CONNECT, mode: 'x410-1984' } },
    { state: 'STAt0', primitive: { type: 'P-RELEASE.request', userData: [value(0.5)] } },
    { state: 'STAt0', primitive: { type: 'P-U-ABORT.request', userData: [{ ...value(1), unusedBits: 3 }] } },
  ],
  seeds: [CP, CPA, CPA_ONE, CPR_USER, CPR_PROVIDER, ARU, ARP, TD, RELEASE, AC, ACA],
})

describe('connection establishment, Table A.21', () => {
  test('K01: P-CONNECT request sends a CP with addresses, contexts and user data', () => {
    const h = harness()
    h.machine.submit({
      ...CONNECT,
      called: { presentationSelector: unhex('00 00 00 01'), sessionSelector: unhex('00 01') },
      calling: { presentationSelector: none },
    })
    const [sent] = h.session.take()
    expect(sent).toMatchObject({ type: 'S-CONNECT.request', called: { sessionSelector: unhex('00 01') } })
    expect(hex(sent!.userData as Uint8Array)).toBe(
      '31 45 a0 03 80 01 01 a2 3e 82 04 00 00 00 01 ' +
        'a4 23 30 0f 02 01 01 06 04 52 01 00 01 30 04 06 02 51 01 30 10 02 01 03 06 05 28 ca 22 02 01 30 04 06 02 51 01 ' +
        '61 11 30 0f 02 01 01 a0 0a 60 08 a1 06 06 04 28 ca 22 01',
    )
    expect(h.machine.state).toBe('STAI1')
  })

  test('K02: a CP becomes a P-CONNECT indication that says what the provider makes of each context', () => {
    const h = harness()
    h.from(
      sConnectIndication(CP, { called: { sessionSelector: unhex('07') }, sessionConnectionIdentifier: { commonReference: unhex('31') } }),
    )
    expect(h.delivered).toEqual([
      {
        type: 'P-CONNECT.indication',
        called: { sessionSelector: unhex('07') },
        calling: {},
        presentationContextDefinitionList: LIST,
        presentationContextDefinitionResultList: [
          { result: 'acceptance', transferSyntaxName: BER },
          { result: 'acceptance', transferSyntaxName: BER },
        ],
        sessionRequirements: 2,
        sessionConnectionIdentifier: { commonReference: unhex('31') },
        sessionVersion: 2,
        userData: [value(1, unhex('60 08 a1 06 06 04 28 ca 22 01'))],
      },
    ])
    expect(h.machine.state).toBe('STAI2')
    expect(h.sent).toEqual([])
  })

  test('K03: a CP that cannot be accepted is answered with a CPR, and no user hears of it', () => {
    const h = harness({ acceptConnection: () => 2 })
    h.from(sConnectIndication(CP))
    expect(down(h)).toEqual(['S-CONNECT.response reject 30038a0102'])
    expect(h.delivered).toEqual([])
    expect(h.machine.state).toBe('STAI0')
  })

  test('K04: an accepting response sends a CPA, and its contexts are the DCS', () => {
    const h = inState('STAI2')
    h.machine.submit({
      ...ACCEPT,
      responding: { presentationSelector: unhex('09') },
      sessionRequirements: 2,
      sessionConnectionIdentifier: {},
    })
    expect(down(h)).toEqual([
      'S-CONNECT.response accept 312fa003800101a2288301' + '09a512300780010081025101300780010081025101610f300d020101a0086106a20402020000',
    ])
    expect([...h.machine.definedContextSet.values()]).toEqual([
      { presentationContextIdentifier: 1, abstractSyntaxName: ACSE, transferSyntaxName: BER },
      { presentationContextIdentifier: 3, abstractSyntaxName: MMS, transferSyntaxName: BER },
    ])
  })

  test('K05: a CPA becomes an accepting confirm with the results beside the proposal', () => {
    const h = inState('STAI1')
    h.from(sAccepted(CPA))
    expect(h.delivered).toEqual([
      {
        type: 'P-CONNECT.confirm',
        result: 'acceptance',
        responding: {},
        presentationContextDefinitionList: LIST,
        presentationContextDefinitionResultList: [
          { result: 'acceptance', transferSyntaxName: BER },
          { result: 'acceptance', transferSyntaxName: BER },
        ],
        sessionRequirements: 2,
        sessionVersion: 2,
        userData: [value(1, unhex('61 06 a2 04 02 02 00 00'))],
      },
    ])
    expect(h.machine.state).toBe('STAt0')
  })

  test('K06: a refusing response sends a CPR whose list accepts the contexts of its user data', () => {
    const h = inState('STAI2')
    h.machine.submit({ type: 'P-CONNECT.response', result: 'user-rejection', userData: [value(1, unhex('61 04 a2 02 05 00'))] })
    expect(down(h)).toEqual([`S-CONNECT.response reject ${hex(CPR_USER, '')}`])
    expect(h.machine.state).toBe('STAI0')
  })

  test('K07: a CPR without provider-reason is a refusal by the user, with its user data', () => {
    const h = inState('STAI1')
    h.from(sRejected(CPR_USER))
    expect(h.delivered).toEqual([
      {
        type: 'P-CONNECT.confirm',
        result: 'user-rejection',
        layer: 'presentation',
        by: 'peer',
        responding: {},
        presentationContextDefinitionList: LIST,
        presentationContextDefinitionResultList: [
          { result: 'acceptance', transferSyntaxName: BER },
          { result: 'acceptance', transferSyntaxName: BER },
        ],
        userData: [value(1, unhex('61 04 a2 02 05 00'))],
      },
    ])
    expect(h.machine.state).toBe('STAI0')
  })

  test('K07: a CPR with a provider-reason is a refusal by the peer provider', () => {
    const h = inState('STAI1')
    h.from(sRejected(CPR_PROVIDER))
    expect(h.delivered).toMatchObject([
      { type: 'P-CONNECT.confirm', result: 'provider-rejection', layer: 'presentation', by: 'peer provider', providerReason: 4 },
    ])
  })

  test('K08: a refusal by the session provider is handed up with its reason', () => {
    const h = inState('STAI1')
    h.from(sRejected(none, 'peer provider', 129))
    expect(h.delivered).toMatchObject([
      { type: 'P-CONNECT.confirm', result: 'provider-rejection', layer: 'session', by: 'peer provider', providerReason: 129, userData: [] },
    ])
    expect(h.machine.state).toBe('STAI0')
  })

  test.each([
    ['no user data', none, undefined],
    ['octets that are no CPR', unhex('31 00'), 'PRESENTATION_UNRECOGNIZED'],
    ['a broken CPR', unhex('30 03 8a 02 04'), 'BER_LENGTH'],
    ['a selector that is too long', unhex('30 13 83 11 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'), 'PRESENTATION_SELECTOR'],
  ])('K08: a refusal by a session user with %s is handed up as the session’s', (_, octets, code) => {
    const h = inState('STAI1')
    h.from(sRejected(octets))
    expect(h.delivered).toMatchObject([
      { type: 'P-CONNECT.confirm', result: 'provider-rejection', layer: 'session', by: 'peer', providerReason: 2 },
    ])
    expect((h.delivered[0] as { cause?: { code: string } }).cause?.code).toBe(code)
  })
})

describe('normal release, Table A.22', () => {
  test('K09, K13: a release asked for here', () => {
    const h = inState('STAt0')
    h.machine.submit({ type: 'P-RELEASE.request', userData: [value(1)] })
    expect(down(h)).toEqual([`S-RELEASE.request ${hex(RELEASE, '')}`])
    expect(h.machine.state).toBe('STAt0')
    h.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: unhex('61 09 30 07 02 01 01 a0 02 63 00') })
    expect(h.delivered).toEqual([{ type: 'P-RELEASE.confirm', result: 'affirmative', userData: [value(1, unhex('63 00'))] }])
    expect(h.machine.state).toBe('STAI0')
    expect(h.machine.definedContextSet.size).toBe(0)
  })

  test('K10, K11: a release asked for by the peer', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-RELEASE.indication', userData: RELEASE })
    expect(h.delivered).toEqual([{ type: 'P-RELEASE.indication', userData: [value(1)] }])
    h.machine.submit({ type: 'P-RELEASE.response', result: 'affirmative' })
    expect(down(h)).toEqual(['S-RELEASE.response affirmative'])
    expect(h.machine.state).toBe('STAI0')
  })

  test('K12, then K13: after a collision the side that answers first still waits for its confirm', () => {
    const h = inState('STAt0')
    h.machine.submit({ type: 'P-RELEASE.request' })
    h.from({ type: 'S-RELEASE.indication', userData: none })
    h.machine.submit({ type: 'P-RELEASE.response', result: 'affirmative' })
    expect(h.machine.state).toBe('STAt0')
    h.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: none })
    expect(h.delivered.map(({ type }) => type)).toEqual(['P-RELEASE.indication', 'P-RELEASE.confirm'])
    expect(h.machine.state).toBe('STAI0')
  })

  test('K14, then K11: after a collision the side that is confirmed first still has to answer', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-RELEASE.indication', userData: none })
    h.machine.submit({ type: 'P-RELEASE.request' })
    h.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: none })
    expect(h.machine.state).toBe('STAt0')
    h.machine.submit({ type: 'P-RELEASE.response', result: 'affirmative' })
    expect(h.machine.state).toBe('STAI0')
  })

  test('K15, K16: with negotiated release a negative answer keeps the connection on both sides', () => {
    const h = harness()
    h.from(sConnectIndication(CP, { sessionRequirements: 0x82 }))
    h.machine.submit(ACCEPT)
    h.from({ type: 'S-RELEASE.indication', userData: none })
    h.session.take()
    h.machine.submit({ type: 'P-RELEASE.response', result: 'negative', userData: [value(1)] })
    expect(down(h)).toEqual([`S-RELEASE.response negative ${hex(RELEASE, '')}`])
    h.machine.submit({ type: 'P-RELEASE.request' })
    h.from({ type: 'S-RELEASE.confirm', result: 'negative', userData: RELEASE })
    expect(h.delivered.at(-1)).toEqual({ type: 'P-RELEASE.confirm', result: 'negative', userData: [value(1)] })
    h.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData: Sdu.of(CONCLUDE) })
    expect(h.machine.state).toBe('STAt0')
  })
})

describe('abort, Table A.23', () => {
  const abort: PresentationSubmit = { type: 'P-U-ABORT.request', userData: [value(1, unhex('64 03 80 01 00'))] }

  test.each(['STAI1', 'STAI2', 'STAt0'] as const)(
    'K17, K18, K19: an abort by the user in %s names the transfer syntax of its context',
    state => {
      const h = inState(state)
      h.machine.submit(abort)
      expect(down(h)).toEqual([`S-U-ABORT.request ${hex(ARU, '')}`])
      expect(h.machine.state).toBe('STAI0')
      expect(h.delivered).toEqual([])
    },
  )

  test.each(['STAI1', 'STAI2', 'STAt0'] as const)('K20, K21, K22: an ARU in %s is an abort by the peer user', state => {
    const h = inState(state)
    h.from({ type: 'S-U-ABORT.indication', userData: ARU })
    expect(h.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: [value(1, unhex('64 03 80 01 00'))] }])
    expect(h.deviations).toEqual([])
    expect(h.machine.state).toBe('STAI0')
    expect(h.sent).toEqual([])
  })

  test.each(['STAI1', 'STAI2', 'STAt0'] as const)(
    'K23, K24, K25: an ARP in %s, which the session delivers as a user abort, is an abort by the peer provider',
    state => {
      const h = inState(state)
      h.from({ type: 'S-U-ABORT.indication', userData: ARP })
      expect(h.delivered).toEqual([{ type: 'P-P-ABORT.indication', by: 'peer provider', abortReason: 6, eventIdentifier: 7 }])
      expect(h.machine.state).toBe('STAI0')
    },
  )

  test('K25: an ARP may say nothing', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-U-ABORT.indication', userData: unhex('30 00') })
    expect(h.delivered).toEqual([{ type: 'P-P-ABORT.indication', by: 'peer provider' }])
  })

  test.each(['STAI1', 'STAI2', 'STAt0'] as const)('K26, K27, K28: the end of the session in %s is handed up with its cause', state => {
    const h = inState(state)
    const cause = new DecodeError('session', 'SESSION_LENGTH', 'too long')
    h.from({ type: 'S-P-ABORT.indication', by: 'local provider', cause })
    expect(h.delivered).toEqual([{ type: 'P-P-ABORT.indication', by: 'local provider', cause }])
    expect(h.machine.state).toBe('STAI0')
    expect(h.sent).toEqual([])
  })

  test.each(['STAI1', 'STAI2', 'STAt0'] as const)(
    'RP-06: a user that finds values of another abstract syntax in %s ends the connection with an ARP',
    state => {
      const h = inState(state)
      h.machine.submit({ type: 'P-P-ABORT.request' })
      expect(down(h)).toEqual([`S-U-ABORT.request ${hex(ARP, '')}`])
      expect(h.delivered).toEqual([])
      expect(h.machine.state).toBe('STAI0')
    },
  )

  test('RP-06: and may say which event it was', () => {
    const h = inState('STAI2')
    h.machine.submit({ type: 'P-P-ABORT.request', abortReason: 6, eventIdentifier: EventIdentifier.CP })
    expect(down(h)).toEqual(['S-U-ABORT.request 3006800106810100'])
  })
})

describe('data transfer, Table A.25', () => {
  test('K29: P-DATA request puts one PDV-list in front of the value, in the same buffer', () => {
    const h = inState('STAt0')
    const userData = Sdu.of(CONCLUDE)
    const { buffer } = userData
    h.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 3, userData })
    expect(h.sent).toEqual([{ type: 'S-DATA.request', userData }])
    expect(userData.buffer).toBe(buffer)
    expect(userData.octets()).toEqual(TD)
  })

  test('K30: a TD becomes a P-DATA indication whose octets are a view', () => {
    const h = inState('STAt0')
    h.from({ type: 'S-DATA.indication', userData: TD })
    expect(h.delivered).toEqual([{ type: 'P-DATA.indication', userData: [value(3, CONCLUDE)] }])
    const [delivery] = h.delivered as [PDataIndication]
    expect(delivery.userData[0]!.octets.buffer).toBe(TD.buffer)
  })

  test('P-05, RP-05: several PDV-lists are delivered in order, arbitrary ones too, which RP-05 would refuse and X.226, 8.4.2.5 has', () => {
    const h = inState('STAt0')
    h.from({
      type: 'S-DATA.indication',
      userData: unhex('61 24 30 07 02 01 03 a0 02 8b 00 30 09 02 01 01 81 04 63 00 63 00 30 0e 06 02 51 01 02 01 03 82 05 04 8b 00 00 f0'),
    })
    expect(h.delivered).toEqual([
      {
        type: 'P-DATA.indication',
        userData: [
          value(3, CONCLUDE),
          { ...value(1, unhex('63 00 63 00')), encoding: 'octet-aligned' },
          { ...value(3, unhex('8b 00 00 f0')), encoding: 'arbitrary', transferSyntaxName: BER, unusedBits: 4 },
        ],
      },
    ])
  })
})

describe('context management, Table A.24', () => {
  const asked = 'S-TYPED-DATA.request a016a00f300d02010206022a033004060251' + '01a103020103'

  test('P-11: P-ALTER-CONTEXT request in STAt0 and STAac1 sends an AC, and awaits the ACA beside what is awaited', () => {
    for (const [from, to] of [
      ['STAt0', 'STAac0'],
      ['STAac1', 'STAac2'],
    ] as const) {
      const h = inOpen(from)
      h.machine.submit(ALTER)
      expect(down(h)).toEqual([asked])
      expect(h.machine.state).toBe(to)
      expect([...h.machine.definedContextSet.keys()]).toEqual([1, 3])
    }
  })

  test('P-11: an AC in STAt0 and STAac0 is indicated with what the provider makes of each addition', () => {
    for (const [from, to] of [
      ['STAt0', 'STAac1'],
      ['STAac0', 'STAac2'],
    ] as const) {
      const h = inOpen(from)
      h.from({ type: 'S-TYPED-DATA.indication', userData: AC })
      expect(h.delivered).toEqual([
        {
          type: 'P-ALTER-CONTEXT.indication',
          presentationContextAdditionList: [
            { presentationContextIdentifier: 5, abstractSyntaxName: '1.2.4', transferSyntaxNameList: [BER] },
          ],
          presentationContextAdditionResultList: [{ result: 'acceptance', transferSyntaxName: BER }],
          presentationContextDeletionList: [1],
          userData: [],
        },
      ])
      expect(h.machine.state).toBe(to)
    }
  })

  test('P-11: a response in STAac1 and STAac2 sends an ACA, and the DCS is altered at once', () => {
    for (const [from, to] of [
      ['STAac1', 'STAt0'],
      ['STAac2', 'STAac0'],
    ] as const) {
      const h = inState(from)
      h.machine.submit({ type: 'P-ALTER-CONTEXT.response', userData: [value(5)] })
      expect(down(h)).toEqual(['S-TYPED-DATA.request a11ea009300780010081025101a10302010061' + '0c300a020105a0056203800100'])
      expect(h.machine.state).toBe(to)
      expect([...h.machine.definedContextSet.keys()]).toEqual([3, 5])
    }
  })

  test('P-11: an ACA in STAac0 and STAac2 is confirmed beside what was asked, and the DCS is altered', () => {
    for (const [from, to] of [
      ['STAac0', 'STAt0'],
      ['STAac2', 'STAac1'],
    ] as const) {
      const h = inState(from)
      h.from({ type: 'S-TYPED-DATA.indication', userData: ACA })
      expect(h.delivered).toEqual([
        {
          type: 'P-ALTER-CONTEXT.confirm',
          presentationContextAdditionList: ALTER.presentationContextAdditionList,
          presentationContextAdditionResultList: [{ result: 'acceptance', transferSyntaxName: BER }],
          presentationContextDeletionList: [3],
          presentationContextDeletionResultList: ['acceptance'],
          userData: [],
        },
      ])
      expect(h.machine.state).toBe(to)
      expect([...h.machine.definedContextSet.keys()]).toEqual([1, 2])
    }
  })

  test.each(open)('K19, K22: in %s both users can abort, in contexts that the other knows', state => {
    const h = inOpen(state)
    h.machine.submit({ type: 'P-U-ABORT.request', userData: [value(1)] })
    expect(down(h)).toEqual(['S-U-ABORT.request a019a009300702010106025101610c300a020101a0056203800100'])
    expect(h.machine.state).toBe('STAI0')
    const heard = inOpen(state)
    heard.from({ type: 'S-U-ABORT.indication', userData: unhex(`a0 19 a0 09 30 07 02 01 03 06 02 51 01 ${hex(pdv(3))}`) })
    expect(heard.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: [value(3)] }])
    expect(heard.deviations).toEqual([])
  })

  test('P-08: predicates p24, p06 and p25: which contexts an ARU may be of in STAac0, STAac1 and STAac2', () => {
    const known = (state: PresentationState) =>
      [1, 2, 3, 5].filter(identifier => {
        const h = inState(state, { strict: true })
        const list = `a0 09 30 07 02 01 0${identifier} 06 02 51 01`
        h.from({ type: 'S-U-ABORT.indication', userData: unhex(`a0 19 ${list} ${hex(pdv(identifier))}`) })
        expect(h.machine.state).toBe('STAI0')
        return h.delivered[0]!.type === 'P-U-ABORT.indication'
      })
    expect({ STAac0: known('STAac0'), STAac1: known('STAac1'), STAac2: known('STAac2') }).toEqual({
      STAac0: [1, 2, 3],
      STAac1: [3],
      STAac2: [2, 3],
    })
  })
})

describe('data transfer and tokens, Tables A.25 and A.26, in every open state', () => {
  // STAac0: context 3 is to go because we asked for it; STAac1: context 1 because the peer did; STAac2: both.
  const mine: Record<string, number[]> = { STAt0: [1, 3], STAac0: [1], STAac1: [1, 3], STAac2: [1] }
  const theirs: Record<string, number[]> = { STAt0: [1, 3], STAac0: [1, 3], STAac1: [3], STAac2: [3] }
  const requests: Record<string, (identifier: number) => PresentationSubmit> = {
    'K29, P-DATA of one value': identifier => ({
      type: 'P-DATA.request',
      presentationContextIdentifier: identifier,
      userData: Sdu.of(unhex('62 03 80 01 00')),
    }),
    'K29, P-DATA of a list': identifier => ({ type: 'P-DATA.request', userData: [value(identifier)] }),
    'K31, P-TYPED-DATA': identifier => ({ type: 'P-TYPED-DATA.request', userData: [value(identifier)] }),
    'P-TOKEN-GIVE': identifier => ({ type: 'P-TOKEN-GIVE.request', tokens: 0x40, userData: [value(identifier)] }),
    'P-TOKEN-PLEASE': identifier => ({ type: 'P-TOKEN-PLEASE.request', tokens: 0x40, userData: [value(identifier)] }),
    'K09, P-RELEASE': identifier => ({ type: 'P-RELEASE.request', userData: [value(identifier)] }),
  }
  test.each(Object.keys(requests).flatMap(name => open.map(state => [name, state] as const)))(
    '%s request in %s: values of contexts that we did not ask to delete',
    (name, state) => {
      const allowed = [1, 3, 5].filter(identifier => {
        const h = inOpen(state)
        try {
          h.machine.submit(requests[name]!(identifier))
        } catch (error) {
          expect(error).toMatchObject({ name: 'UsageError', code: 'PRESENTATION_CONTEXT' })
          expect(h.sent).toEqual([])
          return false
        }
        expect(down(h)).toEqual([expect.stringMatching(new RegExp(`^S-[A-Z-]+.request ${hex(pdv(identifier), '')}$`))])
        expect(h.machine.state).toBe(state)
        return true
      })
      expect(allowed).toEqual(mine[state])
    },
  )

  const indications: Record<string, readonly [type: string, event: string, delivered: string]> = {
    'K30, TD': ['S-DATA.indication', '6810107', 'P-DATA.indication'],
    'K32, TTD': ['S-TYPED-DATA.indication', '6810108', 'P-TYPED-DATA.indication'],
    'S-TOKEN-GIVE': ['S-TOKEN-GIVE.indication', '6810110', 'P-TOKEN-GIVE.indication'],
    'S-TOKEN-PLEASE': ['S-TOKEN-PLEASE.indication', '6810111', 'P-TOKEN-PLEASE.indication'],
    'K10, S-RELEASE': ['S-RELEASE.indication', '681010e', 'P-RELEASE.indication'],
  }
  test.each(Object.keys(indications).flatMap(name => open.map(state => [name, state] as const)))(
    '%s indication in %s: values of contexts that the peer did not ask to delete, others end in ARP 6',
    (name, state) => {
      const [type, event, delivered] = indications[name]!
      const allowed = [1, 3, 5].filter(identifier => {
        const h = inOpen(state)
        h.from({ type, tokens: 0x40, userData: pdv(identifier) } as Parameters<Harness['from']>[0])
        if (h.machine.state === 'STAI0') {
          expect(down(h)).toEqual([`S-U-ABORT.request 300680010${event}`])
          return false
        }
        expect(h.delivered).toMatchObject([{ type: delivered, userData: [value(identifier)] }])
        expect(h.machine.state).toBe(state)
        return true
      })
      expect(allowed).toEqual(theirs[state])
    },
  )
})
