import { EncodeError, Sdu, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  ACCEPT,
  ARP,
  ARU,
  CONNECT,
  CPA,
  CPR_PROVIDER,
  down,
  type Harness,
  harness,
  NORMAL,
  RLRQ,
  sAccepted,
  sConnectIndication,
  sRejected,
  tlv,
  value,
} from '../test/harness.js'
import type { PresentationSubmit } from './service.js'
import { encodeX410 } from './x410.js'

const MODE = 'a0 03 80 01 00'
/** Components as an RTORQ might have them: two elements. */
const COMPONENTS = '80 01 00 a2 02 05 00'
const CP = tlv(0x31, MODE, tlv(0xa1, COMPONENTS))
const passed = [value(0, unhex(COMPONENTS))]
const request: PresentationSubmit = {
  type: 'P-CONNECT.request',
  mode: 'x410-1984',
  presentationContextDefinitionList: [],
  userData: passed,
}

function asked(): Harness {
  const h = harness()
  h.machine.submit(request)
  h.session.take()
  return h
}

function indicated(): Harness {
  const h = harness({ x410Mode: true })
  h.from(sConnectIndication(CP))
  return h
}

describe('the responder', () => {
  test('P-10, RP-01: refuses X.410-1984 mode with CPR 0 unless it is offered', () => {
    const h = harness()
    h.from(sConnectIndication(CP))
    expect(down(h)).toEqual(['S-CONNECT.response reject 30038a0100'])
    expect(h.delivered).toEqual([])
  })

  test('P-10: offers it on request: the components are one value of the default context', () => {
    const h = indicated()
    expect(h.delivered).toEqual([
      {
        type: 'P-CONNECT.indication',
        mode: 'x410-1984',
        called: {},
        calling: {},
        presentationContextDefinitionList: [],
        presentationContextDefinitionResultList: [],
        sessionRequirements: 2,
        sessionVersion: 2,
        userData: passed,
      },
    ])
    h.machine.submit({ type: 'P-CONNECT.response', result: 'acceptance', userData: passed })
    expect(down(h)).toEqual([`S-CONNECT.response accept ${Buffer.from(CP).toString('hex')}`])
    expect(h.machine.state).toBe('STAt0')
  })

  test('P-10: a CP without components is passed on without user data', () => {
    const h = harness({ x410Mode: true })
    h.from(sConnectIndication(tlv(0x31, MODE)))
    expect(h.delivered).toMatchObject([{ type: 'P-CONNECT.indication', userData: [] }])
  })

  test('P-10: the user refuses with the components of an RTORJ, the policies with none, there being no place for a reason', () => {
    const h = indicated()
    h.machine.submit({ type: 'P-CONNECT.response', result: 'user-rejection', userData: [value(0, unhex('80 01 02'))] })
    expect(down(h)).toEqual(['S-CONNECT.response reject 3103800102'])
    for (const policy of [{ acceptAddress: () => 3 }, { acceptConnection: () => 2 }]) {
      const refusing = harness({ x410Mode: true, ...policy })
      refusing.from(sConnectIndication(CP))
      expect(down(refusing)).toEqual(['S-CONNECT.response reject 3100'])
      expect(refusing.delivered).toEqual([])
    }
  })

  test.each<[string, Uint8Array]>([
    ['normal-mode-parameters too', tlv(0x31, MODE, tlv(0xa1, COMPONENTS), 'a2 00')],
    ['components that are broken', tlv(0x31, MODE, tlv(0xa1, '80 05 00'))],
  ])('P-10, RP-01: a CP with %s is invalid', (_, octets) => {
    const strict = harness({ x410Mode: true, strict: true })
    strict.from(sConnectIndication(octets))
    expect(down(strict)[0]).toMatch(/^S-U-ABORT.request 300680010[56]810100$/)
    const lenient = harness({ x410Mode: true })
    lenient.from(sConnectIndication(octets))
    expect(down(lenient)).toEqual(['S-CONNECT.response reject 30038a0100'])
  })
})

describe('the initiator', () => {
  test('P-10: sends a CP with mode-value 0 and the components', () => {
    const h = harness()
    h.machine.submit(request)
    expect(down(h)).toEqual([`S-CONNECT.request ${Buffer.from(CP).toString('hex')}`])
  })

  test.each<[string, Partial<PresentationSubmit>]>([
    ['presentationContextDefinitionList', { presentationContextDefinitionList: CONNECT.presentationContextDefinitionList }],
    ['defaultContextName', { defaultContextName: { abstractSyntaxName: '1.2.3', transferSyntaxName: '2.1.1' } }],
    ['called.presentationSelector', { called: { presentationSelector: unhex('01') } }],
    ['calling.presentationSelector', { calling: { presentationSelector: unhex('01') } }],
    ['presentationRequirements', { presentationRequirements: 1 }],
    ['alternativeUserData', { alternativeUserData: [passed] }],
  ])('P-10: has no place for %s', (path, more) => {
    expect(() => harness().machine.submit({ ...request, ...more } as PresentationSubmit)).toThrow(
      expect.objectContaining({ name: 'EncodeError', code: 'PRESENTATION_MODE', path }),
    )
  })

  test('P-10: user data must be BER elements of the default context', () => {
    expect(() => encodeX410('CP', [value(1)])).toThrow(/expected the default context, 0, found 1/)
    expect(() => encodeX410('ARU', [value(0, unhex('80'))])).toThrow(EncodeError)
    expect(encodeX410('CPR')).toEqual(unhex('31 00'))
    expect(encodeX410('ARU', [...passed, value(0, unhex('81 00'))])).toEqual(tlv(0x31, COMPONENTS, '81 00'))
  })

  test('P-10: is answered in the same mode, or aborts', () => {
    const h = asked()
    h.from(sAccepted(CP))
    expect(h.delivered).toMatchObject([
      { type: 'P-CONNECT.confirm', result: 'acceptance', presentationContextDefinitionList: [], userData: passed },
    ])
    for (const [octets, reason] of [
      [CPA, 6],
      [tlv(0x31, NORMAL), 6],
      [tlv(0x31, MODE, 'a2 00'), 5],
    ] as const) {
      const other = asked()
      other.from(sAccepted(octets))
      expect(down(other)).toEqual([`S-U-ABORT.request 300680010${reason}810101`])
    }
    const normal = harness()
    normal.machine.submit(CONNECT)
    normal.session.take()
    normal.from(sAccepted(CP))
    expect(down(normal)).toEqual(['S-U-ABORT.request 3006800106810101'])
  })

  test('P-10, P-07: a refusal in the same mode brings its components, one in normal mode its reason', () => {
    const h = asked()
    h.from(sRejected(unhex('31 03 80 01 02')))
    expect(h.delivered).toMatchObject([{ type: 'P-CONNECT.confirm', result: 'user-rejection', userData: [value(0, unhex('80 01 02'))] }])
    const other = asked()
    other.from(sRejected(CPR_PROVIDER))
    expect(other.delivered).toMatchObject([{ result: 'provider-rejection', layer: 'presentation', providerReason: 4 }])
  })
})

describe('an open connection', () => {
  const opened = (): Harness => {
    const h = asked()
    h.from(sAccepted(CP))
    h.delivered.length = 0
    return h
  }

  test('P-10: data is the octets themselves, both ways: X.226, 8.4.3, where the list of features says [APPLICATION 0]', () => {
    const h = opened()
    h.machine.submit({ type: 'P-DATA.request', presentationContextIdentifier: 0, userData: Sdu.of(unhex('01 02')) })
    expect(down(h)).toEqual(['S-DATA.request 0102'])
    h.from({ type: 'S-DATA.indication', userData: unhex('61 ff') })
    expect(h.delivered).toEqual([{ type: 'P-DATA.indication', userData: [value(0, unhex('61 ff'))] }])
  })

  test('P-10: a release without user data ends it', () => {
    const h = opened()
    h.machine.submit({ type: 'P-RELEASE.request' })
    h.from({ type: 'S-RELEASE.confirm', result: 'affirmative', userData: new Uint8Array(0) })
    expect(h.delivered).toEqual([{ type: 'P-RELEASE.confirm', result: 'affirmative', userData: [] }])
  })

  test('P-10, P-08: an ARU has the components of an RTAB, and falls back to none; an ARP is the same in both modes', () => {
    const h = opened()
    h.machine.submit({ type: 'P-U-ABORT.request', userData: passed })
    expect(down(h)).toEqual(['S-U-ABORT.request 3107800100a2020500'])
    const heard = opened()
    heard.from({ type: 'S-U-ABORT.indication', userData: tlv(0x31, COMPONENTS) })
    expect(heard.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: passed }])
    const provider = opened()
    provider.from({ type: 'S-U-ABORT.indication', userData: ARP })
    expect(provider.delivered).toMatchObject([{ type: 'P-P-ABORT.indication', abortReason: 6 }])
  })

  test('P-10: an abort while the connection is asked for, on both sides', () => {
    for (const h of [asked(), indicated()]) {
      h.delivered.length = 0
      h.from({ type: 'S-U-ABORT.indication', userData: tlv(0x31, COMPONENTS) })
      expect(h.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: passed }])
      expect(h.machine.state).toBe('STAI0')
    }
  })

  test('P-10: the abort of the other mode loses its user data, which is of no context here', () => {
    const h = opened()
    h.from({ type: 'S-U-ABORT.indication', userData: ARU })
    expect(h.delivered).toEqual([{ type: 'P-U-ABORT.indication', userData: [] }])
    expect(h.deviations).toEqual(['abortContexts'])
  })

  test('P-10: the next connection of the machine is in normal mode again', () => {
    const h = indicated()
    h.machine.submit({ type: 'P-CONNECT.response', result: 'user-rejection' })
    h.from(sConnectIndication(tlv(0x31, NORMAL, 'a2 00')))
    expect(h.delivered.at(-1)).not.toHaveProperty('mode')
    h.session.take()
    h.machine.submit({ ...ACCEPT, userData: [value(0, RLRQ)] })
    expect(down(h)).toEqual(['S-CONNECT.response accept 310ea003800101a207400562' + '03800100'])
  })
})
