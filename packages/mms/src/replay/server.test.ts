import { isDeepStrictEqual } from 'node:util'
import { acceptWhen, passwordMechanism } from '@x/acse'
import { octetsOf, streamsOf } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { cutsOf } from '../../test/cuts.js'
import { dissect, type Unit } from '../../test/dissect.js'
import { essenceOf, exchangesOf } from '../../test/exchanges.js'
import { listed } from '../../test/expected.js'
import { parameterValue } from '../../test/layers.js'
import { type Extra, modelOf } from '../../test/recorded-model.js'
import { type Recording, recordings } from '../../test/recordings.js'
import { playServer, type ServerTrace } from '../../test/server-replay.js'
import { ServiceSupportOptions } from '../asn1/environment.js'
import { MmsServer, type MmsServerOptions } from '../server/server.js'
import { toData, types } from '../values.js'

const connections = recordings
  .filter(({ server }) => server !== 'scripted')
  .flatMap(recording =>
    streamsOf(recording).map(stream => ({
      recording,
      stream,
      title: `${recording.name}${stream ? `, connection ${stream}` : ''}`,
    })),
  )
type Connection = (typeof connections)[number]

// ---------------------------------------------------------------- what our server must be told to play the recorded one

interface Setup extends Extra {
  readonly options?: Partial<MmsServerOptions>
}

const passwords: Setup = {
  options: { acse: { accept: acceptWhen({ authentication: { mechanisms: [passwordMechanism({ peer: ['secret1', 'user1@testpw'] })] } }) } },
}
const component = (name: string) => ({
  [name]: types.structure({ mag: types.structure({ f: types.float32 }), ang: types.structure({ f: types.float32 }) }),
})
const harmonic = types.structure({ ...component('cVal'), q: types.bitString(13), t: types.utcTime })
const bay = types.structure({
  MX: types.structure({
    AnIn1: types.structure({ mag: types.float32 }),
    AnIn2: types.structure({ mag: types.structure({ f: types.float32 }) }),
  }),
})
const wide = types.structure(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`component${i}`, types.float32])))

const setups: Readonly<Record<string, Setup>> = {
  'assoc-auth-password-ok': passwords,
  'assoc-auth-password-user1-restricted': passwords,
  'assoc-auth-password-wrong': passwords,
  'assoc-auth-missing': passwords,
  'example-client-array': {
    variables: {
      'testComplexArray/MHAI1$MX$HA$phsAHar': { type: types.array(16, harmonic) },
    },
  },
  'nvl-define-limit-exceeded': { options: { limits: { maxLists: 3 } } },
  'nvl-errors': { options: { limits: { maxListMembers: 100 } }, variables: { 'PEERLD0/GGIO1$MX$AnIn1$mag$f': { type: types.float32 } } },
  'read-alternate-component': {
    variables: { 'PEERLD0/GGIO1': { type: bay, value: toData({ MX: { AnIn1: { mag: 0 }, AnIn2: { mag: { f: -18.5 } } } }, bay) } },
  },
  'read-too-large': { variables: { 'PEERBIG/STR2$SP$S': { type: types.octetString(70_000) } } },
  'read-too-large-small-pdu': {
    variables: { 'PEERLD0/GGIO1': { type: wide }, 'PEERLD0/wide': { type: wide } },
    lists: {
      'PEERLD0/LLN0$dsBig': Array.from({ length: 30 }, () => 'PEERLD0/wide'),
      'PEERLD0/LLN0$ds100': Array.from({ length: 100 }, () => 'PEERLD0/wide'),
    },
  },
}

// ---------------------------------------------------------------- where our server answers otherwise, and why

/** By recording and invokeID: what our server says instead. */
const otherwise: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  // Our server has a scope for variables of the VMD, empty here; the recorded one has none.
  'getnamelist-errors': { 1: '' },
  // Classes without objects are empty lists, not errors.
  'getnamelist-journals': { 1: '' },
  'rawclient-getnamelist-unsupported-classes': { 10: '', 11: '', 13: '', 14: 'error access: object-non-existent' },
  // More members than the limit: our limit is one of resources.
  'nvl-errors': { 6: 'error resource: capability-unavailable' },
  // ISO 9506-1, 14.3.1: an index on what is no array does not fit the type.
  'read-access-errors': { 6: 'type-inconsistent' },
  // IEC 61850-8-1 has a code for what does not fit the PDU.
  'read-too-large': { 1: 'error service: pdu-size' },
  'read-too-large-small-pdu': { 1: 'error service: pdu-size', 2: 'error service: pdu-size', 3: 'error service: pdu-size' },
  // A component of an element can be written, too.
  'write-array': { 5: 'written' },
  // RM-08: 60 characters into 32, and 100 000 into 8 bits.
  'write-errors': { 9: 'type-inconsistent', 10: 'type-inconsistent' },
  // All scopes of delete are served.
  'rawclient-deletenvl-scopes': { 1: '{"numberMatched":0,"numberDeleted":0}', 2: '{"numberMatched":0,"numberDeleted":0}' },
  // The empty last DT is legal, X.224, 6.3.3, so the request before it is answered.
  'rawclient-dt-empty-eot': { 1: '{"vendorName":"vendor","modelName":"model","revision":"0"}' },
  // A request after the conclude.
  'rawclient-no-initiate-conclude-only': { 1: 'reject confirmed-request: other' },
  // RM-09: a reject that says which request, and what of it.
  'rawclient-reject-invalid-ber-in-read': { 1: 'reject confirmed-request: invalid-argument' },
  // RM-10.
  'rawclient-write-nested-60-levels': { 1: 'reject confirmed-request: max-recursion-exceeded' },
  // No association, no answer.
  'rawclient-cr-class4': { 1: 'nothing' },
  'rawclient-data-before-cr': { 1: 'nothing' },
  'rawclient-mms-ctx-id-9': { 1: 'nothing' },
  'rawclient-second-cr': { 1: 'nothing' },
  'rawclient-wrong-application-context': { 1: 'nothing' },
}

/** Every PDU that our server sends where they are others than the recorded ones, reports left out. */
const sequences: Readonly<Record<string, string>> = {
  // Who may not come in is told so; the recorded server closes.
  'assoc-auth-missing': 'CC RF AARE',
  'assoc-auth-password-wrong': 'CC RF AARE',
  'assoc-auth-none-mechanism': 'CC RF',
  'getnamelist-errors':
    'CC AC AARE initiate-Response confirmed-Response confirmed-Error confirmed-Error confirmed-Error conclude-Response DN RLRE',
  'rawclient-cancel-request': 'CC AC AARE initiate-Response cancel-Error confirmed-Response',
  'rawclient-cr-class4': 'DR',
  // RC-12: any transport selector is ours unless an option says otherwise.
  'rawclient-cr-tsel-5-octets': 'CC',
  'rawclient-data-before-cr': '',
  'rawclient-deletenvl-scopes': 'CC AC AARE initiate-Response confirmed-Response confirmed-Response confirmed-Response',
  'rawclient-dt-empty-eot': 'CC AC AARE initiate-Response confirmed-Response',
  'rawclient-fn-without-userdata': 'CC AC AARE initiate-Response DN RLRE',
  'rawclient-getnamelist-unsupported-classes':
    'CC AC AARE initiate-Response confirmed-Response confirmed-Response confirmed-Error confirmed-Response confirmed-Error confirmed-Error',
  'rawclient-initiate-version-0': 'CC RF AARE initiate-Error',
  'rawclient-mms-ctx-id-9': 'CC RF AARE',
  'rawclient-no-initiate-conclude-only': 'CC AC AARE initiate-Response conclude-Response reject',
  'rawclient-second-cr': 'CC ER',
  'rawclient-unknown-abstract-syntax': 'CC AC AARE initiate-Response',
  'rawclient-write-nested-60-levels': 'CC AC AARE initiate-Response reject',
  'rawclient-wrong-application-context': 'CC RF AARE',
  // The second connection is none too many for a server without a listener.
  'assoc-max-connections-refused, connection 1': 'CC',
}

// ---------------------------------------------------------------- the tests

const play = ({ recording, stream }: Connection, setup: Setup = setups[recording.name] ?? {}) => {
  const model = modelOf(recording, stream, setup)
  return (cut?: number | 'octets') => playServer(recording, stream, { initiate: { minPduSize: 64 }, ...setup.options, model: model() }, cut)
}
const unitsOf = (recording: Recording, stream: number, dir: 'c2s' | 's2c') => dissect(octetsOf(recording, stream, dir)).units
const pdus = (units: readonly Unit[]) =>
  units
    .flatMap(listed)
    .map(({ pdu }) => pdu)
    .filter(pdu => pdu !== 'unconfirmed')
    .join(' ')
const find = <T extends string>(
  units: readonly Unit[],
  layer: 'cotp' | 'session' | 'presentation' | 'acse' | 'mms',
  ...names: readonly T[]
) =>
  units.flatMap(({ layers }) => layers).find(pdu => pdu.layer === layer && (names as readonly string[]).includes(pdu.name))?.value as
    | Record<string, never>
    | undefined

const cases = connections.map(connection => [connection.title, connection] as const)

describe('our server hears a recorded client', () => {
  test.each(cases)('%s: answers as recorded, or as the tables say, and nothing is left over', async (title, connection) => {
    const { recording, stream } = connection
    const trace = await play(connection)()
    const ours = dissect(trace.sent)
    expect(ours.rest).toHaveLength(0)
    expect(ours.units.filter(unit => unit.error)).toEqual([])
    const theirs = unitsOf(recording, stream, 's2c')
    expect(pdus(ours.units)).toBe(sequences[title] ?? pdus(theirs))

    const client = unitsOf(recording, stream, 'c2s')
    const recorded = exchangesOf(client, theirs)
    const essence = exchangesOf(client, ours.units).map(exchange => [exchange.invokeID, exchange.request.type, essenceOf(exchange)])
    const expected = recorded.map(exchange => {
      const { invokeID, request } = exchange
      return [invokeID, request.type, otherwise[recording.name]?.[invokeID] ?? essenceOf(exchange)]
    })
    expect(essence).toEqual(expected)
    expect(trace.left).toEqual({ associations: 0, timers: 0, closed: true, paused: false })
    // Its user is told of each end once.
    expect(trace.ends).toHaveLength(1)
  })

  test.each(
    cases.filter(([, { recording, stream }]) => find(unitsOf(recording, stream, 's2c'), 'acse', 'AARE') && !recording.irregular.length),
  )('%s: each part of the association is an answer to what was proposed', async (title, connection) => {
    const { recording, stream } = connection
    const { sent } = await play(connection)()
    const client = unitsOf(recording, stream, 'c2s')
    const server = dissect(sent).units
    const cr = client[0]!.tpdus[0]!
    const cc = server[0]!.tpdus[0]!
    if (cr.type !== 'CR' || cc.type !== 'CC') return expect.unreachable()
    expect(cc.destinationReference).toBe(cr.sourceReference)
    expect(cc.sourceReference).toBeGreaterThan(0)
    expect(cc.class).toBe(0)
    const proposed = parameterValue(cr.parameters, 'tpduSize')
    const size = parameterValue(cc.parameters, 'tpduSize')
    // RFC 1006, 6: 65 531 octets when nobody says otherwise.
    expect(size ?? proposed).toBeLessThanOrEqual(proposed ?? 65_531)
    if (sequences[title]?.includes('RF')) return

    const cp = find(client, 'presentation', 'CP')!.normalModeParameters as unknown as {
      presentationContextDefinitionList: { abstractSyntaxName: string }[]
    }
    const cpa = find(server, 'presentation', 'CPA')!.normalModeParameters as unknown as {
      presentationContextDefinitionResultList: object[]
    }
    expect(cpa.presentationContextDefinitionResultList).toEqual(
      cp.presentationContextDefinitionList.map(({ abstractSyntaxName }) =>
        ['2.2.1.0.1', '1.0.9506.2.1'].includes(abstractSyntaxName)
          ? { result: 'acceptance', transferSyntaxName: '2.1.1' }
          : expect.objectContaining({ result: expect.stringMatching('rejection') }),
      ),
    )
    expect(find(server, 'acse', 'AARE')).toMatchObject({
      result: 0,
      applicationContextName: find(client, 'acse', 'AARQ')!.applicationContextName,
    })

    const request = client.map(({ mms }) => mms).find(pdu => pdu?.type === 'initiateRequestPDU')
    const response = server.map(({ mms }) => mms).find(pdu => pdu?.type === 'initiateResponsePDU')
    if (request?.type !== 'initiateRequestPDU' || response?.type !== 'initiateResponsePDU') return expect.unreachable()
    expect(response.value.localDetailCalled).toBe(request.value.localDetailCalling ?? 65_000)
    expect(response.value.negotiatedMaxServOutstandingCalling).toBeLessThanOrEqual(request.value.proposedMaxServOutstandingCalling)
    expect(response.value.negotiatedMaxServOutstandingCalled).toBeLessThanOrEqual(request.value.proposedMaxServOutstandingCalled)
    expect(response.value.negotiatedDataStructureNestingLevel).toBeLessThanOrEqual(request.value.proposedDataStructureNestingLevel ?? 10)
    const { servicesSupportedCalled, negotiatedVersionNumber } = response.value.initResponseDetail
    expect(negotiatedVersionNumber).toBe(request.value.initRequestDetail.proposedVersionNumber)
    expect([...ServiceSupportOptions.names(servicesSupportedCalled)].sort()).toEqual([...served].sort())

    if (find(client, 'acse', 'RLRQ')) expect(find(server, 'acse', 'RLRE')).toEqual({ reason: 0 })
  })
})

const served = new MmsServer({ model: { identity: { vendorName: 'v', modelName: 'm', revision: 'r' } } }).servicesSupported

const named = (name: string) => {
  const connection = connections.find(({ title }) => title === name)
  if (!connection) throw new Error(name)
  return connection
}

describe('hostile clients meet the reaction of the layer that can still be trusted', () => {
  const reaction = async (name: string): Promise<{ trace: ServerTrace; units: readonly Unit[] }> => {
    const trace = await play(named(name))()
    return { trace, units: dissect(trace.sent).units }
  }

  test.each([
    ['RT-01', 'rawclient-tpkt-bad-version', 0],
    ['RT-03', 'rawclient-tpkt-len-4', 1],
  ] as const)('%s: %s: closed at once, without a word', async (_, name, units) => {
    const { trace, units: sent } = await reaction(name)
    expect(sent).toHaveLength(units)
    expect(trace.closedFirst).toBe(true)
    expect(trace.ends).toEqual(['DisconnectedError CLOSED_EARLY by local provider'])
  })

  test('F-02: a packet that never ends meets the deadline of the association', async () => {
    const { trace, units } = await reaction('rawclient-tpkt-too-long')
    expect(pdus(units)).toBe('CC')
    expect(trace.ends).toEqual(['TimeoutError OPEN_TIMEOUT by local provider'])
  })

  test('RC-03: a class that is not 0 is refused by a DR', async () => {
    const { units } = await reaction('rawclient-cr-class4')
    // 128 + 2: connection negotiation failed.
    expect(find(units, 'cotp', 'DR')).toMatchObject({ destinationReference: 1, reason: 130 })
  })

  test('RC-06: a second CR is answered by an ER, and the connection is over', async () => {
    const { trace, units } = await reaction('rawclient-second-cr')
    expect(find(units, 'cotp', 'ER')).toMatchObject({ destinationReference: 1, cause: 2 })
    expect(trace.closedFirst).toBe(true)
  })

  test('RC-07: data without a transport connection reaches nobody', async () => {
    const { trace } = await reaction('rawclient-data-before-cr')
    expect(trace.sent).toHaveLength(0)
    expect(trace.ends).toHaveLength(1)
  })

  test('RC-11: a DR ends everything', async () => {
    const { trace, units } = await reaction('rawclient-cotp-dr-to-server')
    expect(pdus(units)).toBe('CC AC AARE initiate-Response')
    expect(trace.closedFirst).toBe(true)
  })

  test('RS-11: data before a session is a protocol error: the connection is closed', async () => {
    const { trace, units } = await reaction('rawclient-mms-before-associate')
    expect(units.flatMap(({ spdu }) => spdu?.type ?? [])).toEqual([])
    expect(trace.closedFirst).toBe(true)
  })

  test('RS-13: an AB without user data is one abort', async () => {
    const { trace } = await reaction('rawclient-abort-spdu-no-userdata')
    expect(trace.ends).toEqual(['AbortedError ACSE_ABORTED by peer'])
    expect(trace.closedFirst).toBe(true)
  })

  test('RP-05: an AARQ that cannot be read is refused by presentation', async () => {
    const { units } = await reaction('assoc-auth-none-mechanism')
    expect(find(units, 'session', 'RF')).toMatchObject([{ type: 'RF', reasonCode: { code: 2 } }])
    expect(find(units, 'presentation', 'CPR')).toMatchObject({ providerReason: expect.anything() })
  })

  test('RP-03: an abstract syntax nobody knows costs its own context alone', async () => {
    const { units } = await reaction('rawclient-unknown-abstract-syntax')
    const { presentationContextDefinitionResultList: results } = find(units, 'presentation', 'CPA')!.normalModeParameters as unknown as {
      presentationContextDefinitionResultList: { result: string }[]
    }
    expect(results.map(({ result }) => result)).toEqual(['acceptance', 'acceptance', 'provider-rejection'])
  })

  test.each([
    ['RA-02', 'rawclient-wrong-application-context', 2],
    // User information in a context that was not proposed.
    ['RA-03', 'rawclient-mms-ctx-id-9', 1],
    ['RA-06', 'assoc-auth-password-wrong', 13],
    ['RA-06', 'assoc-auth-missing', 14],
  ] as const)('%s: %s: rejected permanently, diagnostic %i', async (_, name, diagnostic) => {
    const { units, trace } = await reaction(name)
    expect(find(units, 'session', 'RF')).toMatchObject([{ type: 'RF', reasonCode: { code: 2 } }])
    expect(find(units, 'acse', 'AARE')).toMatchObject({ result: 1, resultSourceDiagnostic: { value: diagnostic } })
    expect(trace.left.associations).toBe(0)
  })

  test('RM-02: version 0 is refused by an initiate-ErrorPDU', async () => {
    const { units } = await reaction('rawclient-initiate-version-0')
    expect(find(units, 'acse', 'AARE')).toMatchObject({ result: 1 })
    expect(find(units, 'mms', 'initiateErrorPDU')).toMatchObject({ errorClass: { type: 'initiate' } })
  })

  test('RM-06: the same invokeID again, once the first is answered, is a request like any other', async () => {
    const { units } = await reaction('rawclient-duplicate-invokeid')
    expect(units.flatMap(({ mms }) => (mms?.type === 'confirmedResponsePDU' ? [mms.value.invokeID] : []))).toEqual([1, 1])
  })

  test.each([
    [
      'RM-10',
      'rawclient-write-nested-60-levels',
      { originalInvokeID: 1, rejectReason: { type: 'confirmedRequestPDU', value: 'max-recursion-exceeded' } },
    ],
    [
      'RM-09',
      'rawclient-reject-invalid-ber-in-read',
      { originalInvokeID: 1, rejectReason: { type: 'confirmedRequestPDU', value: 'invalid-argument' } },
    ],
    [
      'RM-19',
      'rawclient-no-initiate-conclude-only',
      { originalInvokeID: 1, rejectReason: { type: 'confirmedRequestPDU', value: 'other' } },
    ],
    ['RM-01', 'rawclient-unconfirmed-and-reject-to-server', { rejectReason: { type: 'unconfirmedPDU', value: 'invalid-argument' } }],
    [
      'RM-11',
      'rawclient-read-by-address',
      { originalInvokeID: 1, rejectReason: { type: 'confirmedRequestPDU', value: 'invalid-argument' } },
    ],
  ] as const)('%s: %s: one reject that says why', async (_, name, reject) => {
    const { units } = await reaction(name)
    expect(units.flatMap(({ mms }) => (mms?.type === 'rejectPDU' ? [mms.value] : []))).toEqual([reject])
  })

  test('RM-05: services without a handler are each rejected with their invokeID', async () => {
    const { units } = await reaction('rawclient-unsupported-services-rejected')
    const rejects = units.flatMap(({ mms }) => (mms?.type === 'rejectPDU' ? [mms.value] : []))
    expect(rejects).toEqual(
      [20, 21, 22, 23, 24, 25, 26].map(originalInvokeID => ({
        originalInvokeID,
        rejectReason: { type: 'confirmedRequestPDU', value: 'unrecognized-service' },
      })),
    )
  })

  test('a cancel of a request nobody knows is answered by a cancel-ErrorPDU', async () => {
    const { units } = await reaction('rawclient-cancel-request')
    expect(find(units, 'mms', 'cancelErrorPDU')).toEqual({
      originalInvokeID: 1,
      serviceError: { errorClass: { type: 'cancel', value: 'invoke-id-unknown' } },
    })
  })
})

describe('F-08: the client’s stream in pieces changes nothing', () => {
  test.each(cases)('%s: cut at octets, and octet by octet', async (_, connection) => {
    const { recording, stream } = connection
    const run = play(connection)
    const whole = await run()
    for (const cut of [...cutsOf(recording, stream, 'c2s'), 'octets' as const]) {
      const pieces = await run(cut)
      if (!isDeepStrictEqual(pieces, whole)) expect({ cut, ...pieces }).toEqual({ cut, ...whole })
    }
  })
})
