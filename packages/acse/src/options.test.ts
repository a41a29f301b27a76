import { bitString } from '@x/ber'
import { unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import {
  AARE_REJECTED,
  ABRT_PROVIDER,
  acse,
  apduOf,
  Bench,
  connectConfirm,
  connectIndication,
  echoContext,
  inState,
  request,
} from '../test/kit.js'
import {
  type AssociationOptions,
  type AssociationTolerances,
  buildAARE,
  buildAARQ,
  decodeApdu,
  encodeApdu,
  lenientTolerances,
  type RelativeDistinguishedName,
  strictTolerances,
} from './index.js'

const level: RelativeDistinguishedName = [{ type: '2.5.4.6', value: unhex('13 02 44 45') }]
const mixed = { apTitle: '1.1.1.999', aeQualifier: level }
const password = { mechanismName: '2.2.3.1', authenticationValue: { type: 'charstring', value: 'x' } } as const
const diagnostic = (bench: Bench) => {
  const apdu = apduOf(bench.below.take()[0])
  return apdu.type === 'AARE' ? apdu.value.resultSourceDiagnostic : apdu.type
}
/** A confirm of P-CONNECT in STA1, after a request that asked for nothing in particular. */
const confirmed = (options: AssociationOptions, octets: Uint8Array, more = {}) => {
  const bench = new Bench(options)
  bench.machine.submit({ ...request, ...more })
  bench.forget()
  return { bench, heard: bench.hear(connectConfirm(acse(octets))) }
}
const aare = (more: object) => buildAARE({ applicationContextName: echoContext, result: 0, ...more })
const broken = (code: string) => [{ type: 'A-ABORT.indication', by: 'local provider', cause: { code } }]

/** Each tolerance: what happens with it and without it. */
const effects: Record<
  keyof AssociationTolerances,
  { tolerated: (o: AssociationOptions) => void; refused: (o: AssociationOptions) => void }
> = {
  indirectReferenceAlone: {
    tolerated: o => expect(new Bench(o).hear(connectIndication(acse(indirect)))).toHaveLength(1),
    refused(o) {
      const bench = new Bench(o)
      expect(bench.hear(connectIndication(acse(indirect)))).toEqual([])
      expect(diagnostic(bench)).toEqual({ type: 'acse-service-user', value: 1 })
    },
  },
  releaseWithoutApdu: {
    tolerated(o) {
      expect(inState('STA5', o).hear({ type: 'P-RELEASE.indication', userData: [] })).toEqual([
        { type: 'A-RELEASE.indication', userInformation: [] },
      ])
      expect(inState('STA3', o).hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: [] })).toMatchObject([
        { type: 'A-RELEASE.confirm' },
      ])
    },
    refused(o) {
      expect(inState('STA5', o).hear({ type: 'P-RELEASE.indication', userData: [] })).toMatchObject(broken('ACSE_USER_DATA'))
      expect(inState('STA3', o).hear({ type: 'P-RELEASE.confirm', result: 'affirmative', userData: [] })).toMatchObject(
        broken('ACSE_USER_DATA'),
      )
    },
  },
  rejectionInAcceptance: {
    tolerated(o) {
      const { bench, heard } = confirmed(o, AARE_REJECTED)
      expect(heard).toMatchObject([
        { type: 'A-ASSOCIATE.confirm', result: 'rejected-permanent', resultSource: 'acse-service-user', diagnostic: 1 },
      ])
      expect(bench.take()).toEqual([`P-U-ABORT.request 1: ${ABRT_PROVIDER}`])
      expect(bench.machine.state).toBe('STA0')
    },
    refused: o => expect(confirmed(o, AARE_REJECTED).heard).toMatchObject(broken('ACSE_RESULT')),
  },
  requirementsAbsent: {
    tolerated(o) {
      expect(new Bench(o).hear(connectIndication(acse(bare)))).toMatchObject([{ authentication: password }])
      expect(confirmed(o, bareAnswer, { authentication: {} }).heard).toMatchObject([{ result: 'accepted', authentication: password }])
    },
    refused(o) {
      expect(new Bench(o).hear(connectIndication(acse(bare)))[0]).not.toHaveProperty('authentication')
      expect(confirmed(o, bareAnswer, { authentication: {} }).heard).toMatchObject(broken('ACSE_REQUIREMENTS'))
    },
  },
  unrequestedRequirements: {
    tolerated(o) {
      const { bench, heard } = confirmed(o, aare({ functionalUnits: ['authentication'] }))
      expect(heard).toMatchObject([{ result: 'accepted' }])
      expect(heard[0]).not.toHaveProperty('authentication')
      expect(bench.machine.association.functionalUnits).toEqual([])
    },
    refused: o => expect(confirmed(o, aare({ functionalUnits: ['authentication'] })).heard).toMatchObject(broken('ACSE_REQUIREMENTS')),
  },
  mixedTitleForms: {
    tolerated(o) {
      expect(
        new Bench(o).hear(connectIndication(acse(buildAARQ({ applicationContextName: echoContext, calling: mixed, called: mixed })))),
      ).toHaveLength(1)
      expect(confirmed(o, aare({ responding: mixed })).heard).toMatchObject([{ result: 'accepted', responding: mixed }])
    },
    refused(o) {
      for (const [who, code] of [
        ['calling', 5],
        ['called', 9],
      ] as const) {
        const bench = new Bench(o)
        expect(bench.hear(connectIndication(acse(buildAARQ({ applicationContextName: echoContext, [who]: mixed }))))).toEqual([])
        expect(diagnostic(bench)).toEqual({ type: 'acse-service-user', value: code })
      }
      expect(confirmed(o, aare({ responding: mixed })).heard).toMatchObject(broken('ACSE_TITLE_FORMS'))
    },
  },
  otherApplicationContext: {
    tolerated: o =>
      expect(confirmed(o, aare({ applicationContextName: '1.2.3' })).heard).toMatchObject([
        { result: 'accepted', applicationContextName: '1.2.3' },
      ]),
    refused: o => expect(confirmed(o, aare({ applicationContextName: '1.2.3' })).heard).toMatchObject(broken('ACSE_APPLICATION_CONTEXT')),
  },
  undefinedElements: {
    tolerated(o) {
      expect(inState('STA5', o).hear({ type: 'P-RELEASE.indication', userData: acse('62 03 8e 01 00') })).toMatchObject([
        { type: 'A-RELEASE.indication' },
      ])
      expect(confirmed(o, undefinedBits).heard).toMatchObject([{ result: 'accepted' }])
    },
    refused(o) {
      expect(inState('STA5', o).hear({ type: 'P-RELEASE.indication', userData: acse('62 03 8e 01 00') })).toMatchObject(
        broken('BER_UNKNOWN'),
      )
      expect(confirmed(o, undefinedBits).heard).toMatchObject(broken('ACSE_UNDEFINED_BIT'))
    },
  },
}
const indirect = buildAARQ({ applicationContextName: echoContext, userInformation: [{ indirectReference: 3, octets: unhex('05 00') }] })
const undefinedBits = encodeApdu({
  type: 'AARE',
  value: {
    protocolVersion: bitString([true, true]),
    applicationContextName: echoContext,
    result: 0,
    resultSourceDiagnostic: { type: 'acse-service-user', value: 0 },
    responderAcseRequirements: bitString([false, false, false, true]),
  },
})
/** Mechanism and value without the requirements field. */
const without = (octets: Uint8Array) => {
  const apdu = decodeApdu(octets)
  const { senderAcseRequirements: _, responderAcseRequirements: __, ...value } = apdu.value as Record<string, unknown>
  return encodeApdu({ type: apdu.type, value } as typeof apdu)
}
const bare = without(buildAARQ({ applicationContextName: echoContext, authentication: password }))
const bareAnswer = without(aare({ authentication: password }))

describe('what is taken from peers although the standard does not have it so', () => {
  const names = Object.keys(lenientTolerances) as (keyof AssociationTolerances)[]

  test.each(names)('%s: as the default says, and by name', name => {
    effects[name][lenientTolerances[name] ? 'tolerated' : 'refused']({})
    effects[name].tolerated({ tolerate: { [name]: true } })
    effects[name].refused({ tolerate: { [name]: false } })
  })

  test.each(names)('N-33: strict refuses %s, except where it is named', name => {
    effects[name].refused({ strict: true })
    effects[name].tolerated({ strict: true, tolerate: { [name]: true } })
  })

  test('strict is all of them off', () => {
    expect(Object.keys(strictTolerances)).toEqual(names)
    expect(Object.values(strictTolerances)).toEqual(names.map(() => false))
  })

  test('A-11: authentication fields beside requirements that do not name the unit: struck from an AARQ, a failure in an AARE', () => {
    const { senderAcseRequirements: _, ...fields } = decodeApdu(bare).value as Extract<
      ReturnType<typeof decodeApdu>,
      { type: 'AARQ' }
    >['value']
    const denied = encodeApdu({ type: 'AARQ', value: { ...fields, senderAcseRequirements: bitString([false]) } })
    expect(new Bench().hear(connectIndication(acse(denied)))[0]).not.toHaveProperty('authentication')
    const answer = decodeApdu(bareAnswer).value as Extract<ReturnType<typeof decodeApdu>, { type: 'AARE' }>['value']
    const octets = encodeApdu({ type: 'AARE', value: { ...answer, responderAcseRequirements: bitString([false]) } })
    expect(confirmed({}, octets, { authentication: {} }).heard).toMatchObject(broken('ACSE_REQUIREMENTS'))
  })
})
