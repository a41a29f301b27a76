import { DecodeError, EncodeError, hex, Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeSpdu, encodeSpdu, entryOf, formatAt, formatOf, type Spdu, spduFormats } from './codec.js'
import { type Parameter, unitAt } from './parameters.js'
import { AC, type CN } from './spdu.js'
import { decodeTsdu, encodeTsdu } from './tsdu.js'
import { FunctionalUnit, nameOf, namesOf, RefuseReason, TransportDisconnect, tokenSettingOctet, tokenSettingOf, Version } from './values.js'

const decode = (text: string, tolerances = {}) => decodeTsdu(unhex(text), tolerances).at(-1)!
const codeOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof DecodeError || error instanceof EncodeError) return `${error.code} ${error.path}`
    throw error
  }
  return 'no error'
}

describe('S-01: every SPDU has its identifier, its category and its name', () => {
  test.each([
    ['ER', 0, 2],
    ['GT', 1, 0],
    ['DT', 1, 2],
    ['PT', 2, 0],
    ['EX', 5, 'expedited'],
    ['PR', 7, 1],
    ['NF', 8, 1],
    ['FN', 9, 1],
    ['DN', 10, 1],
    ['RF', 12, 1],
    ['CN', 13, 1],
    ['AC', 14, 1],
    ['CDO', 15, 1],
    ['OA', 16, 1],
    ['GTC', 21, 1],
    ['GTA', 22, 1],
    ['AB', 25, 1],
    ['AI', 25, 2],
    ['AA', 26, 1],
    ['AIA', 26, 2],
    ['AR', 29, 2],
    ['TD', 33, 1],
    ['RA', 34, 2],
    ['MAP', 41, 2],
    ['AE', 41, 2],
    ['MAA', 42, 2],
    ['AEA', 42, 2],
    ['AS', 45, 2],
    ['ED', 48, 2],
    ['MIP', 49, 2],
    ['MIA', 50, 2],
    ['RS', 53, 2],
    ['AD', 57, 2],
    ['ADA', 58, 2],
    ['CD', 61, 2],
    ['CDA', 62, 2],
  ] as const)('S-01: %s is %i, category %s', (type, si, category) => {
    const format = formatOf(type)
    expect(format).toMatchObject({ type, si, category })
    expect(format.title).not.toBe('')
    const found = formatAt(si, category === 2 ? 'second' : 'first')
    // AE and AEA differ from MAP and MAA only where activities are selected.
    expect(found?.type).toBe(type === 'AE' ? 'MAP' : type === 'AEA' ? 'MAA' : type)
  })

  test('there are 36 of them', () => expect(spduFormats).toHaveLength(36))

  test('S-01: the unit data SPDU, 64, belongs to the connectionless protocol', () => expect(formatAt(64, 'first')).toBeUndefined())

  /** Every code of the tables with the name of its member; groups with what they hold. */
  const codes = () => {
    const groups = new Map<number, Set<string>>()
    const single = new Map<number, Set<string>>()
    const see = (parameters: Readonly<Record<string, Parameter<unknown>>>) => {
      for (const [name, { code, members }] of Object.entries(parameters)) {
        const place = members || code > 192 ? groups : single
        place.set(code, (place.get(code) ?? new Set()).add(name))
        if (members) see(members)
      }
    }
    for (const format of spduFormats) see(format.parameters)
    return { groups, single }
  }

  test('S-04: each PGI has one name wherever it stands', () => {
    const names = [...codes().groups].sort(([a], [b]) => a - b).map(([code, found]) => [code, [...found].join(' ')])
    expect(names).toEqual([
      [1, 'connectionIdentifier'],
      [5, 'connectAcceptItem'],
      [33, 'linkingInformation'],
      [193, 'userData'],
      [194, 'extendedUserData'],
    ])
  })

  test('S-04: a PGI holds a value or PI units, and an empty one is absent', () => {
    expect(decode('0d 09 05 03 16 01 02 c2 02 31 80')).toEqual({
      type: 'CN',
      connectAcceptItem: { versionNumber: 2 },
      extendedUserData: unhex('31 80'),
    })
    expect(decode('0d 06 01 00 05 00 c1 00')).toEqual({ type: 'CN' })
    expect(hex(encodeSpdu({ type: 'CN', connectAcceptItem: {}, connectionIdentifier: {} }).octets())).toBe('0d 00')
  })

  test('S-05: each PI has one name wherever it stands; selector 52 is the called one in CN and the responding one in AC', () => {
    const names = Object.fromEntries([...codes().single].map(([code, found]) => [code, [...found].join(' ')]))
    expect(names).toEqual({
      9: 'calledSsUserReference',
      10: 'callingSsUserReference',
      11: 'commonReference',
      12: 'additionalReferenceInformation',
      15: 'syncTypeItem',
      16: 'tokenItem',
      17: 'transportDisconnect',
      19: 'protocolOptions',
      20: 'sessionUserRequirements',
      21: 'tsduMaximumSize',
      22: 'versionNumber',
      23: 'initialSerialNumber',
      24: 'prepareType',
      25: 'enclosureItem',
      26: 'tokenSetting',
      27: 'resyncType',
      41: 'activityIdentifier',
      42: 'serialNumber',
      46: 'userDataInMia',
      49: 'reflectParameterValues',
      50: 'reasonCode',
      51: 'callingSessionSelector',
      52: 'calledSessionSelector respondingSessionSelector',
      53: 'secondResyncType',
      54: 'secondSerialNumber',
      55: 'secondInitialSerialNumber',
      56: 'upperLimitSerialNumber',
      57: 'largeInitialSerialNumber',
      58: 'largeSecondInitialSerialNumber',
      60: 'dataOverflow',
    })
  })

  test('the tables stand in the order of the wire, each code once per level', () => {
    const rising = (parameters: Readonly<Record<string, Parameter<unknown>>>) => {
      const codes = Object.values(parameters).map(parameter => parameter.code)
      expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b))
      for (const { members } of Object.values(parameters)) if (members) rising(members)
    }
    for (const format of spduFormats) rising(format.parameters)
  })
})

describe('the worked octets of the standard, both ways', () => {
  const userData = unhex('31 80')
  test.each<[string, string, Spdu]>([
    [
      'CN',
      '0d 18 05 06 13 01 00 16 01 02 14 02 00 02 33 02 00 01 34 02 00 01 c1 02 31 80',
      {
        type: 'CN',
        connectAcceptItem: { protocolOptions: 0, versionNumber: Version.version2 },
        sessionUserRequirements: FunctionalUnit.duplex,
        callingSessionSelector: unhex('00 01'),
        calledSessionSelector: unhex('00 01'),
        userData,
      },
    ],
    [
      'AC',
      '0e 14 05 06 13 01 00 16 01 02 14 02 00 02 34 02 00 01 c1 02 31 80',
      {
        type: 'AC',
        connectAcceptItem: { protocolOptions: 0, versionNumber: 2 },
        sessionUserRequirements: 2,
        respondingSessionSelector: unhex('00 01'),
        userData,
      },
    ],
    ['FN', '09 04 c1 02 31 80', { type: 'FN', userData }],
    ['DN', '0a 04 c1 02 31 80', { type: 'DN', userData }],
    ['NF', '08 04 c1 02 31 80', { type: 'NF', userData }],
    ['AB by the user, as libiec61850 sends it', '19 07 11 01 0b c1 02 31 80', { type: 'AB', transportDisconnect: 0x0b, userData }],
    [
      'RF, selector unknown',
      '0c 09 11 01 01 16 01 02 32 01 81',
      { type: 'RF', transportDisconnect: 1, versionNumber: 2, reasonCode: { code: RefuseReason.selectorUnknown } },
    ],
    [
      'RF by the user',
      '0c 0f 11 01 01 14 02 00 02 16 01 02 32 03 02 31 80',
      {
        type: 'RF',
        transportDisconnect: 1,
        sessionUserRequirements: 2,
        versionNumber: 2,
        reasonCode: { code: RefuseReason.userData, userData },
      },
    ],
    [
      'AB, protocol error',
      '19 03 11 01 05',
      { type: 'AB', transportDisconnect: TransportDisconnect.released | TransportDisconnect.protocolError },
    ],
    ['AA', '1a 00', { type: 'AA' }],
    [
      'AB with five octets of reflect',
      '19 0a 11 01 05 31 05 01 02 03 04 05',
      { type: 'AB', transportDisconnect: 5, reflectParameterValues: unhex('01 02 03 04 05') },
    ],
    ['TD', '21 00 61', { type: 'TD', userInformation: unhex('61') }],
    ['give data token', '01 03 10 01 01', { type: 'GT', tokenItem: 1 }],
    ['please data token', '02 03 10 01 01', { type: 'PT', tokenItem: 1 }],
    ['EX', '05 00 61', { type: 'EX', userInformation: unhex('61') }],
    [
      'OA',
      '10 09 15 04 00 80 01 00 16 01 02',
      { type: 'OA', tsduMaximumSize: { fromInitiator: 128, fromResponder: 256 }, versionNumber: 2 },
    ],
    ['CDO', '0f 07 19 01 02 c1 02 31 80', { type: 'CDO', enclosureItem: 2, userData }],
    ['PR', '07 09 18 01 02 1b 01 00 35 01 01', { type: 'PR', prepareType: 2, resyncType: 0, secondResyncType: 1 }],
  ])('S-15: %s', (_, octets, spdu) => {
    expect(decode(octets)).toEqual(spdu)
    expect(hex(encodeSpdu(spdu).octets())).toBe(octets)
  })

  test('S-02, S-05: a CN with everything in it keeps its nesting', () => {
    const octets = [
      '0d 4c',
      '01 0e 0a 02 ca 11 0b 02 c0 33 0c 04 01 02 03 04',
      '05 26 13 01 01 15 04 00 00 02 00 16 01 03 17 03 31 32 33 1a 01 1b',
      '37 01 30 38 01 37 39 06 39 39 39 39 39 39 3a 02 34 32',
      '14 02 0b 82 33 02 00 01 34 02 00 02 3c 01 01',
      'c1 03 31 80 00',
    ].join(' ')
    const cn: CN = {
      type: 'CN',
      connectionIdentifier: {
        callingSsUserReference: unhex('ca 11'),
        commonReference: unhex('c0 33'),
        additionalReferenceInformation: unhex('01 02 03 04'),
      },
      connectAcceptItem: {
        protocolOptions: 1,
        tsduMaximumSize: { fromInitiator: 0, fromResponder: 512 },
        versionNumber: 3,
        initialSerialNumber: 123,
        tokenSetting: 0x1b,
        secondInitialSerialNumber: 0,
        upperLimitSerialNumber: 7,
        largeInitialSerialNumber: 999_999,
        largeSecondInitialSerialNumber: 42,
      },
      sessionUserRequirements: 0x0b82,
      callingSessionSelector: unhex('00 01'),
      calledSessionSelector: unhex('00 02'),
      dataOverflow: 1,
      userData: unhex('31 80 00'),
    }
    expect(decode(octets)).toEqual(cn)
    expect(hex(encodeSpdu(cn).octets())).toBe(octets)
  })

  test('S-01: the SPDUs of other units are taken apart by one table', () => {
    expect(decode('02 00 1d 0c 21 06 0a 01 ca 2a 01 37 29 02 aa bb')).toEqual({
      type: 'AR',
      linkingInformation: { callingSsUserReference: unhex('ca'), serialNumber: 7 },
      activityIdentifier: unhex('aa bb'),
    })
    expect(decode('01 00 29 07 0f 01 01 2a 02 31 30')).toEqual({ type: 'MAP', syncTypeItem: 1, serialNumber: 10 })
    expect(hex(encodeSpdu({ type: 'AE', serialNumber: 10 }).octets())).toBe('29 04 2a 02 31 30')
  })
})

describe('S-03: the length indicator', () => {
  test.each([
    [250, 'c1 fa', '0a fc'],
    [251, 'c1 fb', '0a fd'],
    [252, 'c1 fc', '0a fe'],
    [253, 'c1 fd', '0a ff 00 ff'],
    [254, 'c1 fe', '0a ff 01 00'],
    [255, 'c1 ff 00 ff', '0a ff 01 03'],
    [256, 'c1 ff 01 00', '0a ff 01 04'],
  ])('S-03: %i octets of user data', (size, parameter, header) => {
    const userData = new Uint8Array(size).fill(0xaa)
    const octets = encodeSpdu({ type: 'DN', userData }).octets()
    const text = `${header} ${parameter} `
    expect(hex(octets.subarray(0, unhex(text).length))).toBe(text.trim())
    expect(octets.length).toBe(unhex(text).length + size)
    expect(decodeTsdu(octets)).toEqual([{ type: 'DN', userData }])
  })

  test.each([0, 1, 253, 254])('S-03: the long form of %i is accepted, also by its name as an option, and never sent', size => {
    const octets = Uint8Array.from([0x0a, 0xff, 0, size + (size ? 4 : 0), ...(size ? [0xc1, 0xff, 0, size] : []), ...new Uint8Array(size)])
    if (size > 250) octets[2] = (size + 4) >> 8
    if (size > 250) octets[3] = (size + 4) & 0xff
    const [dn] = decodeTsdu(octets)
    expect(dn).toEqual(size ? { type: 'DN', userData: new Uint8Array(size) } : { type: 'DN' })
    expect(encodeTsdu([dn!]).length).toBeLessThan(octets.length)
    expect(codeOf(() => decodeTsdu(octets, { longLengthIndicators: false }))).toMatch(/^SESSION_LENGTH DN/)
  })

  test('S-03: the longest parameter field has 65 535 octets', () => {
    const longest = { type: 'DN', userData: new Uint8Array(65_531) } as const
    expect(hex(encodeSpdu(longest).octets().subarray(0, 8))).toBe('0a ff ff ff c1 ff ff fb')
    expect(codeOf(() => encodeSpdu({ type: 'DN', userData: new Uint8Array(65_532) }))).toBe('SESSION_LENGTH DN')
  })

  test.each([
    ['RS-02: no LI', '0a', 'SESSION_TRUNCATED', 0],
    ['RS-02: FF and nothing', '0a ff', 'SESSION_TRUNCATED', 0],
    ['RS-02: FF and one octet', '0a ff 00', 'SESSION_TRUNCATED', 0],
    ['RS-02: LI above the TSDU', '0a 05 c1 02 31 80', 'SESSION_LENGTH', 1],
    ['RS-02: LI below the parameters', '0a 03 c1 02 31 80', 'SESSION_LENGTH', 3],
    ['RS-02: a parameter without LI', '0a 01 c1', 'SESSION_TRUNCATED', 2],
    ['RS-03: a group above its SPDU', '0d 04 05 03 13 01', 'SESSION_LENGTH', 3],
    ['RS-03: a parameter above its group', '0d 07 05 03 13 02 00 16 01', 'SESSION_LENGTH', 5],
    ['RS-03: a three-octet length cut by its group', '0d 06 05 04 13 ff 00 01', 'SESSION_LENGTH', 5],
  ])('%s', (_, octets, code, offset) => {
    expect(() => decode(octets)).toThrow(expect.objectContaining({ name: 'DecodeError', code, offset }))
  })

  test('RS-03: a unit never reaches beyond what holds it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(11), fc.nat(12), (octets, at, end) => {
        fc.pre(at < end && end <= octets.length)
        const unit = unitAt(octets, at, end)
        expect(unit.from).toBeLessThanOrEqual(unit.to)
        expect(unit.to).toBeLessThanOrEqual(end)
        expect(unit.to).toBeGreaterThan(at)
      }),
    )
  })
})

describe('parameters', () => {
  test.each([
    ['RS-04: the same parameter twice', '0d 08 33 02 00 01 33 02 00 01', 'SESSION_PARAMETER_DUPLICATE CN.callingSessionSelector'],
    ['RS-04: the same parameter twice, once empty', '0d 06 33 00 33 02 00 01', 'SESSION_PARAMETER_DUPLICATE CN.callingSessionSelector'],
    ['RS-10: a selector of 17 octets', `0d 13 34 11 ${'00 '.repeat(17)}`, 'SESSION_PARAMETER_LENGTH CN.calledSessionSelector'],
    ['requirements of one octet', '0d 03 14 01 02', 'SESSION_PARAMETER_LENGTH CN.sessionUserRequirements'],
    ['a version of two octets', '0d 06 05 04 16 02 00 02', 'SESSION_PARAMETER_LENGTH CN.connectAcceptItem.versionNumber'],
    ['a maximum size of two octets', '0d 06 05 04 15 02 00 00', 'SESSION_PARAMETER_LENGTH CN.connectAcceptItem.tsduMaximumSize'],
    [
      'a serial number of seven digits',
      '0d 0b 05 09 17 07 31 31 31 31 31 31 31',
      'SESSION_PARAMETER_LENGTH CN.connectAcceptItem.initialSerialNumber',
    ],
    ['a serial number with a letter', '0d 06 05 04 17 02 31 41', 'SESSION_PARAMETER_VALUE CN.connectAcceptItem.initialSerialNumber'],
    ['a serial number with the octet above 9', '0d 05 05 03 17 01 3a', 'SESSION_PARAMETER_VALUE CN.connectAcceptItem.initialSerialNumber'],
    ['a serial number with a low octet', '0d 05 05 03 17 01 2f', 'SESSION_PARAMETER_VALUE CN.connectAcceptItem.initialSerialNumber'],
    ['OA without a version', '10 00', 'SESSION_PARAMETER_MISSING OA.versionNumber'],
    ['PR without a type', '07 00', 'SESSION_PARAMETER_MISSING PR.prepareType'],
  ])('%s is an error that says where', (_, octets, error) => {
    expect(codeOf(() => decode(octets))).toBe(error)
  })

  test('an error names what was expected, what was found and where', () => {
    expect(() => decode('0d 06 05 04 16 02 00 02')).toThrow(
      expect.objectContaining({
        message: 'CN.connectAcceptItem.versionNumber: expected 1 octet at octet 6, found 2',
        offset: 6,
        clause: 'X.225, 8.3',
      }),
    )
  })

  test('S-02, RS-04: an unknown PI or PGI is skipped by its length and kept, in its order and with its group', () => {
    const cn = decode('0d 13 05 09 08 01 ff 13 01 00 16 01 02 ee 00 28 00 41 02 ab cd')
    expect(cn).toEqual({
      type: 'CN',
      connectAcceptItem: { protocolOptions: 0, versionNumber: 2 },
      unknown: [
        { code: 8, octets: unhex('ff'), in: 5 },
        { code: 0xee, octets: unhex('') },
        { code: 40, octets: unhex('') },
        { code: 65, octets: unhex('ab cd') },
      ],
    })
  })

  test('S-02: unknown PI and PGI are encoded again, where their codes belong and in their group', () => {
    for (const octets of [
      '0d 13 05 09 08 01 ff 13 01 00 16 01 02 28 00 41 02 ab cd ee 00',
      '09 08 02 01 aa 11 01 01 ee 00',
      '1a 05 11 03 01 02 03',
      '0e 05 05 03 08 01 ff',
      '21 03 4d 01 07 61',
    ]) {
      expect(hex(encodeSpdu(decode(octets)).octets())).toBe(octets)
    }
  })

  test('S-02, RS-04: unknown ones stand in any place', () => {
    expect(decode('0d 08 ee 00 14 02 00 02 ef 00')).toEqual({
      type: 'CN',
      sessionUserRequirements: 2,
      unknown: [
        { code: 0xee, octets: unhex('') },
        { code: 0xef, octets: unhex('') },
      ],
    })
  })

  test('8.2.6: LI = 0 counts as absent, also for a selector and for a group', () => {
    expect(decode('0d 0a 05 00 14 02 00 02 34 00 c1 00')).toEqual({ type: 'CN', sessionUserRequirements: 2 })
  })

  test('a known parameter in the wrong SPDU is skipped, unless misplacedParameters is off', () => {
    expect(decode('0a 06 11 01 01 c1 01 31')).toEqual({ type: 'DN', userData: unhex('31'), unknown: [{ code: 17, octets: unhex('01') }] })
    expect(codeOf(() => decode('0a 06 11 01 01 c1 01 31', { misplacedParameters: false }))).toBe('SESSION_PARAMETER_MISPLACED DN.17')
    expect(decode('0a 03 ee 01 01', { misplacedParameters: false })).toEqual({ type: 'DN', unknown: [{ code: 0xee, octets: unhex('01') }] })
  })

  test('RS-04: a duplicate is called so, not out of order, where order counts too', () => {
    const octets = '0d 08 33 02 00 01 33 02 00 01'
    expect(codeOf(() => decode(octets, { anyParameterOrder: false }))).toBe('SESSION_PARAMETER_DUPLICATE CN.callingSessionSelector')
  })

  test('RS-04: PI units out of order are read as icspacket sends them, unless anyParameterOrder is off', () => {
    const octets = '0e 12 05 06 16 01 02 13 01 00 14 02 00 02 34 01 01 33 01 01'
    expect(decode(octets)).toMatchObject({ connectAcceptItem: { versionNumber: 2 }, callingSessionSelector: unhex('01') })
    expect(codeOf(() => decode(octets, { anyParameterOrder: false }))).toBe('SESSION_PARAMETER_ORDER AC.connectAcceptItem.protocolOptions')
  })

  test('AB without PI 17 is read as rusty-cosp sends it, unless abortWithoutTransportDisconnect is off', () => {
    expect(decode('19 03 c1 01 a0')).toEqual({ type: 'AB', userData: unhex('a0') })
    expect(codeOf(() => decode('19 00', { abortWithoutTransportDisconnect: false }))).toBe(
      'SESSION_PARAMETER_MISSING AB.transportDisconnect',
    )
  })

  test.each<[string, Spdu, string]>([
    [
      'a selector of 17 octets',
      { type: 'CN', calledSessionSelector: new Uint8Array(17) },
      'SESSION_PARAMETER_LENGTH CN.calledSessionSelector',
    ],
    ['user data of 513 octets in a CN', { type: 'CN', userData: new Uint8Array(513) }, 'SESSION_PARAMETER_LENGTH CN.userData'],
    ['an octet of 256', { type: 'FN', transportDisconnect: 256 }, 'SESSION_PARAMETER_VALUE FN.transportDisconnect'],
    ['half a bit', { type: 'CN', sessionUserRequirements: 0.5 }, 'SESSION_PARAMETER_VALUE CN.sessionUserRequirements'],
    [
      'a maximum size of 65 536',
      { type: 'CN', connectAcceptItem: { tsduMaximumSize: { fromInitiator: 0, fromResponder: 65_536 } } },
      'SESSION_PARAMETER_VALUE CN.connectAcceptItem.tsduMaximumSize.fromResponder',
    ],
    [
      'a serial number of seven digits',
      { type: 'CN', connectAcceptItem: { initialSerialNumber: 1_000_000 } },
      'SESSION_PARAMETER_VALUE CN.connectAcceptItem.initialSerialNumber',
    ],
    ['a reason below zero', { type: 'RF', reasonCode: { code: -1 } }, 'SESSION_PARAMETER_VALUE RF.reasonCode.code'],
    ['an AB without its mandatory parameter', { type: 'AB' }, 'SESSION_PARAMETER_MISSING AB.transportDisconnect'],
    [
      'an ER that reflects nothing',
      { type: 'ER', reflectParameterValues: new Uint8Array(0) },
      'SESSION_PARAMETER_MISSING ER.reflectParameterValues',
    ],
  ])('%s has no encoding', (_, spdu, error) => expect(codeOf(() => encodeSpdu(spdu))).toBe(error))

  test('a group is never written as a value', () => {
    const [, group] = entryOf(AC.parameters, 5)!
    expect(codeOf(() => group.encode({}, new Sdu(), 'AC'))).toBe('SESSION_GROUP ')
  })

  test('S-06: token settings, two bits each', () => {
    expect(tokenSettingOf(0b00_01_10_11)).toEqual({
      release: 'initiator',
      majorActivity: 'responder',
      synchronizeMinor: "called user's choice",
      data: 'reserved',
    })
    for (let octet = 0; octet < 256; octet++) expect(tokenSettingOctet(tokenSettingOf(octet))).toBe(octet)
    expect(tokenSettingOctet({})).toBe(0)
  })

  test('S-06: bits and codes have names, and unknown ones survive', () => {
    expect(namesOf(0x0349, FunctionalUnit)).toEqual([
      'halfDuplex',
      'minorSynchronize',
      'activityManagement',
      'capabilityData',
      'exceptions',
    ])
    expect(namesOf(0x8002, FunctionalUnit)).toEqual(['duplex', '0x8000'])
    expect(nameOf(134, RefuseReason)).toBe('implementationRestriction')
    expect(nameOf(140, RefuseReason)).toBe('140')
  })
})

describe('what goes out comes back', () => {
  const octets = (max: number) => fc.uint8Array({ minLength: 1, maxLength: max })
  const octet = fc.nat(255)
  const number = fc.nat(999_999)
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
  const value = (parameter: Parameter<unknown>): fc.Arbitrary<unknown> => {
    if (parameter.members) {
      return fc.record(Object.fromEntries(Object.entries(parameter.members).map(([name, member]) => [name, value(member)])), {
        requiredKeys: [],
      })
    }
    if (parameter.code === 20) return fc.nat(0xffff)
    if (parameter.code === 21) return fc.record({ fromInitiator: fc.nat(0xffff), fromResponder: fc.nat(0xffff) })
    if ([23, 42, 54, 55, 56, 57, 58].includes(parameter.code)) return number
    if (parameter.code === 50) return fc.oneof(fc.record({ code: octet }), fc.record({ code: octet, userData: octets(300) }))
    if ([9, 10, 11].includes(parameter.code)) return octets(64)
    if (parameter.code === 12) return octets(4)
    if ([41, 51, 52].includes(parameter.code)) return octets(6)
    if (parameter.code === 49) return octets(9)
    if ([46, 193].includes(parameter.code)) return octets(512)
    if (parameter.code === 194) return fc.uint8Array({ minLength: 513, maxLength: 700 })
    return octet
  }
  const isEmptyGroup = (found: unknown) => typeof found === 'object' && found !== null && Object.keys(found).length === 0

  test.each(spduFormats)('S-02: any $type', format => {
    const fields = Object.fromEntries(
      Object.entries(format.parameters).map(([name, parameter]) => [
        name,
        parameter.mandatory ? value(parameter) : optional(value(parameter)),
      ]),
    )
    const spdus = fc.record({ ...fields, ...(format.userInformation && { userInformation: fc.uint8Array({ maxLength: 40 }) }) })
    fc.assert(
      fc.property(spdus, fields => {
        const present = Object.entries(fields).filter(
          ([, found]) => found !== undefined && (found instanceof Uint8Array || !isEmptyGroup(found)),
        )
        const spdu = { type: format.type, ...Object.fromEntries(present) } as unknown as Spdu
        const octets = encodeSpdu(spdu).octets()
        expect(decodeSpdu(octets, 0, format)).toEqual({ spdu, end: octets.length })
      }),
      { numRuns: 50 },
    )
  })
})
