import { encode, type Type } from '@x/ber'
import { hex, Sdu, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { confirmedServiceNames, serviceSupportBits, unconfirmedServiceNames } from '../service-names.js'
import { ConfirmedServiceRequest, ConfirmedServiceResponse, UnconfirmedService } from '../services.js'
import { AccessResult, Data } from './data.js'
import { AdditionalCBBOptions, AdditionalSupportOptions, ParameterSupportOptions, ServiceSupportOptions } from './environment.js'
import { AdditionalServiceError, ErrorClass, errorCodes, RejectReason, rejectCodes, ServiceError, ServiceSpecificInfo } from './error.js'
import { ObjectClass, ObjectName } from './identifiers.js'
import { Modifier, Transitions } from './modifier.js'
import { decodeMmsPdu, encodeMmsPdu, type MmsPdu } from './pdu.js'
import {
  Address,
  AlternateAccess,
  TypeDescription,
  TypeSpecification,
  VariableAccessSpecification,
  VariableSpecification,
} from './variable-access.js'

/**
 * Facts of ISO 9506-2:2003, written down once more and by hand: nothing here is derived from the declarations. Octets that begin an
 * encoding, by alternative.
 */

const begins = <T>(type: Type<T>, value: T): string => hex(encode(type, value))

type Name = ReturnType<typeof nameOf>
const nameOf = (value = 'v') => ({ type: 'vmdSpecific', value }) as const
const state = 'running' as const
const read = (name: Name) => ({
  specificationWithResult: false,
  variableAccessSpecification: { type: 'variableListName', value: name } as const,
})

describe('tags of ISO 9506-2', () => {
  test('M-10: the fourteen PDUs', () => {
    const error = { errorClass: { type: 'others', value: 0 } } as const
    const nothing = { octets: new Uint8Array(), size: 0 }
    const pdus: readonly (readonly [MmsPdu, string])[] = [
      [{ type: 'confirmedRequestPDU', value: { invokeID: 1, service: { type: 'identify', value: null } } }, 'a0 05 02 01 01 82 00'],
      [
        { type: 'confirmedResponsePDU', value: { invokeID: 1, service: { type: 'defineNamedVariableList', value: null } } },
        'a1 05 02 01 01 8b 00',
      ],
      [
        { type: 'confirmedErrorPDU', value: { invokeID: 1, modifierPosition: 2, serviceError: error } },
        'a2 0d 80 01 01 81 01 02 a2 05 a0 03 8c 01 00',
      ],
      [
        { type: 'unconfirmedPDU', value: { service: { type: 'unsolicitedStatus', value: { vmdLogicalStatus: 0, vmdPhysicalStatus: 0 } } } },
        'a3 08 a1 06 80 01 00 81 01 00',
      ],
      [{ type: 'rejectPDU', value: { originalInvokeID: 1, rejectReason: { type: 'pduError', value: 1 } } }, 'a4 06 80 01 01 85 01 01'],
      [{ type: 'cancelRequestPDU', value: 1 }, '85 01 01'],
      [{ type: 'cancelResponsePDU', value: 128 }, '86 02 00 80'],
      [{ type: 'cancelErrorPDU', value: { originalInvokeID: 1, serviceError: error } }, 'a7 0a 80 01 01 a1 05 a0 03 8c 01 00'],
      [
        {
          type: 'initiateRequestPDU',
          value: {
            localDetailCalling: 1,
            proposedMaxServOutstandingCalling: 2,
            proposedMaxServOutstandingCalled: 3,
            proposedDataStructureNestingLevel: 4,
            initRequestDetail: { proposedVersionNumber: 1, proposedParameterCBB: nothing, servicesSupportedCalling: nothing },
          },
        },
        'a8 17 80 01 01 81 01 02 82 01 03 83 01 04 a4 09 80 01 01 81 01 00 82 01 00',
      ],
      [
        {
          type: 'initiateResponsePDU',
          value: {
            negotiatedMaxServOutstandingCalling: 2,
            negotiatedMaxServOutstandingCalled: 3,
            initResponseDetail: {
              negotiatedVersionNumber: 1,
              negotiatedParameterCBB: nothing,
              servicesSupportedCalled: nothing,
              additionalSupportedCalled: nothing,
              additionalCbbSupportedCalled: nothing,
              privilegeClassIdentityCalled: '',
            },
          },
        },
        'a9 19 81 01 02 82 01 03 a4 11 80 01 01 81 01 00 82 01 00 83 01 00 84 01 00 85 00',
      ],
      [{ type: 'initiateErrorPDU', value: error }, 'aa 05 a0 03 8c 01 00'],
      [{ type: 'concludeRequestPDU', value: null }, '8b 00'],
      [{ type: 'concludeResponsePDU', value: null }, '8c 00'],
      [{ type: 'concludeErrorPDU', value: error }, 'ad 05 a0 03 8c 01 00'],
    ]
    for (const [pdu, octets] of pdus) {
      const sdu = new Sdu()
      encodeMmsPdu(pdu, sdu)
      expect(hex(sdu.octets())).toBe(octets)
      const again = decodeMmsPdu(unhex(octets))
      const second = new Sdu()
      encodeMmsPdu(again, second)
      expect(hex(second.octets())).toBe(octets)
    }
  })

  test('a request with modifiers, and one with a service-ext', () => {
    const sdu = new Sdu()
    encodeMmsPdu(
      {
        type: 'confirmedRequestPDU',
        value: {
          invokeID: 1,
          listOfModifiers: [
            { type: 'semaphoreModifier', value: { semaphoreName: nameOf(), priority: 64, relinquishIfConnectionLost: true } },
          ],
          service: { type: 'status', value: true },
          serviceExt: unhex('05 00'),
        },
      },
      sdu,
    )
    expect(hex(sdu.octets())).toBe('a0 14 02 01 01 30 07 a1 05 a0 03 80 01 76 80 01 ff bf 4f 02 05 00')
  })

  test('D-01: the sixteen alternatives of Data, and failure beside them', () => {
    const bits = { octets: Uint8Array.of(0xa0), size: 3 }
    const values: readonly (readonly [Data, string])[] = [
      [{ type: 'array', value: [{ type: 'boolean', value: true }] }, 'a1 03 83 01 ff'],
      [{ type: 'structure', value: [] }, 'a2 00'],
      [{ type: 'boolean', value: false }, '83 01 00'],
      [{ type: 'bitString', value: bits }, '84 02 05 a0'],
      [{ type: 'integer', value: -129 }, '85 02 ff 7f'],
      [{ type: 'unsigned', value: 255 }, '86 02 00 ff'],
      [{ type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value: 1.5 } }, '87 05 08 3f c0 00 00'],
      [{ type: 'octetString', value: Uint8Array.of(1, 2) }, '89 02 01 02'],
      [{ type: 'visibleString', value: 'ab' }, '8a 02 61 62'],
      [{ type: 'generalizedTime', value: '1984Z' }, '8b 05 31 39 38 34 5a'],
      [{ type: 'binaryTime', value: { milliseconds: 1, days: 2 } }, '8c 06 00 00 00 01 00 02'],
      [{ type: 'bcd', value: 12 }, '8d 01 0c'],
      [{ type: 'booleanArray', value: bits }, '8e 02 05 a0'],
      [{ type: 'objId', value: '1.0.9506' }, '8f 03 28 ca 22'],
      [{ type: 'mMSString', value: 'ä' }, '90 02 c3 a4'],
      [{ type: 'utcTime', value: { seconds: 1, fraction: 2, quality: 3 } }, '91 08 00 00 00 01 00 00 02 03'],
    ]
    for (const [value, octets] of values) expect(begins(Data, value)).toBe(octets)
    expect(values.map(([value]) => value.type)).toHaveLength(16)
    expect(begins(AccessResult, { type: 'failure', value: 'object-non-existent' })).toBe('80 01 0a')
  })

  test('names and classes', () => {
    expect(begins(ObjectName, nameOf())).toBe('80 01 76')
    expect(begins(ObjectName, { type: 'domainSpecific', value: { domainID: 'd', itemID: 'i' } })).toBe('a1 06 1a 01 64 1a 01 69')
    expect(begins(ObjectName, { type: 'aaSpecific', value: 'a' })).toBe('82 01 61')
    const classes = [
      ...['namedVariable', 'scatteredAccess', 'namedVariableList', 'namedType', 'semaphore', 'eventCondition', 'eventAction'],
      ...['eventEnrollment', 'journal', 'domain', 'programInvocation', 'operatorStation', 'dataExchange', 'accessControlList'],
    ]
    classes.forEach((value, i) => {
      expect(begins(ObjectClass, { type: 'basicObjectClass', value: value as 'journal' })).toBe(`80 01 ${hex(Uint8Array.of(i))}`)
    })
    expect(begins(ObjectClass, { type: 'csObjectClass', value: 'unitControl' })).toBe('81 01 01')
  })

  test('variable specifications, addresses and lists', () => {
    const address = { type: 'numericAddress', value: 5 } as const
    const specifications: readonly (readonly [VariableSpecification, string])[] = [
      [{ type: 'name', value: nameOf() }, 'a0 03 80 01 76'],
      [{ type: 'address', value: address }, 'a1 03 80 01 05'],
      [
        {
          type: 'variableDescription',
          value: { address, typeSpecification: { type: 'typeDescription', value: { type: 'boolean', value: null } } },
        },
        'a2 05 80 01 05 83 00',
      ],
      [
        {
          type: 'scatteredAccessDescription',
          value: [{ componentName: 'c', variableSpecification: { type: 'invalidated', value: null }, alternateAccess: [] }],
        },
        'a3 0b 30 09 80 01 63 a1 02 84 00 a2 00',
      ],
      [{ type: 'invalidated', value: null }, '84 00'],
    ]
    for (const [value, octets] of specifications) expect(begins(VariableSpecification, value)).toBe(octets)
    expect(begins(Address, { type: 'symbolicAddress', value: 'S' })).toBe('a1 03 1a 01 53')
    expect(begins(Address, { type: 'unconstrainedAddress', value: Uint8Array.of(7) })).toBe('82 01 07')
    const listed = { variableSpecification: { type: 'name', value: nameOf() }, alternateAccess: [] } as const
    expect(begins(VariableAccessSpecification, { type: 'listOfVariable', value: [listed] })).toBe('a0 09 30 07 a0 03 80 01 76 a5 00')
    expect(begins(VariableAccessSpecification, { type: 'variableListName', value: nameOf() })).toBe('a1 03 80 01 76')
  })

  test('X-02: alternate access, whole and inside another', () => {
    const range = { lowIndex: 1, numberOfElements: 2 }
    const nodes = [
      { type: 'component', value: 'c' },
      { type: 'index', value: 3 },
      { type: 'indexRange', value: range },
      { type: 'allElements', value: null },
    ] as const
    const atEnd = ['81 01 63', '82 01 03', 'a3 06 80 01 01 81 01 02', '84 00']
    const onTheWay = ['80 01 63', '81 01 03', 'a2 06 80 01 01 81 01 02', '83 00']
    nodes.forEach((node, i) => {
      const end = unhex(atEnd[i]!).length
      const end2 = hex(Uint8Array.of(end))
      expect(begins(AlternateAccess, [{ type: 'unnamed', value: { type: 'selectAccess', value: node } }])).toBe(`30 ${end2} ${atEnd[i]}`)
      const value = { accessSelection: node, alternateAccess: [] }
      const inner = hex(Uint8Array.of(end + 2))
      expect(begins(AlternateAccess, [{ type: 'unnamed', value: { type: 'selectAlternateAccess', value } }])).toBe(
        `30 ${hex(Uint8Array.of(end + 4))} a0 ${inner} ${onTheWay[i]} 30 00`,
      )
    })
    const named = { componentName: 'n', access: { type: 'selectAccess', value: nodes[1] } } as const
    expect(begins(AlternateAccess, [{ type: 'named', value: named }])).toBe('30 08 a5 06 80 01 6e 82 01 03')
  })

  test('type descriptions', () => {
    const boolean = { type: 'typeDescription', value: { type: 'boolean', value: null } } as const
    const descriptions: readonly (readonly [TypeDescription, string])[] = [
      [{ type: 'array', value: { packed: true, numberOfElements: 2, elementType: boolean } }, 'a1 0a 80 01 ff 81 01 02 a2 02 83 00'],
      [
        {
          type: 'structure',
          value: { packed: false, components: [{ componentName: 'c', componentType: boolean }, { componentType: boolean }] },
        },
        'a2 11 a1 0f 30 07 80 01 63 a1 02 83 00 30 04 a1 02 83 00',
      ],
      [{ type: 'boolean', value: null }, '83 00'],
      [{ type: 'bitString', value: -13 }, '84 01 f3'],
      [{ type: 'integer', value: 32 }, '85 01 20'],
      [{ type: 'unsigned', value: 8 }, '86 01 08'],
      [{ type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8 } }, 'a7 06 02 01 20 02 01 08'],
      [{ type: 'octetString', value: 8 }, '89 01 08'],
      [{ type: 'visibleString', value: -255 }, '8a 02 ff 01'],
      [{ type: 'generalizedTime', value: null }, '8b 00'],
      [{ type: 'binaryTime', value: true }, '8c 01 ff'],
      [{ type: 'bcd', value: 4 }, '8d 01 04'],
      [{ type: 'objId', value: null }, '8f 00'],
      [{ type: 'mMSString', value: 20 }, '90 01 14'],
      [{ type: 'utcTime', value: null }, '91 00'],
    ]
    for (const [value, octets] of descriptions) expect(begins(TypeDescription, value)).toBe(octets)
    expect(begins(TypeSpecification, { type: 'typeName', value: nameOf() })).toBe('a0 03 80 01 76')
    expect(begins(TypeSpecification, boolean)).toBe('83 00')
  })

  test('M-11: every class and code of ServiceError', () => {
    const classes: Readonly<Record<keyof typeof errorCodes, readonly [tag: string, codes: readonly number[]]>> = {
      vmdState: ['80', [0, 1, 2, 3, 4]],
      applicationReference: ['81', [0, 1, 2, 3, 4]],
      definition: ['82', [0, 1, 2, 3, 4, 5, 6]],
      resource: ['83', [0, 1, 2, 3, 4, 5]],
      service: ['84', [0, 1, 2, 3, 4, 5]],
      servicePreempt: ['85', [0, 1, 2, 3]],
      timeResolution: ['86', [0, 1]],
      access: ['87', [0, 1, 2, 3, 4]],
      initiate: ['88', [0, 3, 4, 5, 6, 7]],
      conclude: ['89', [0, 1]],
      cancel: ['8a', [0, 1, 2]],
      file: ['8b', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    }
    expect(Object.keys(errorCodes)).toEqual(Object.keys(classes))
    for (const [type, [tag, codes]] of Object.entries(classes)) {
      const names = errorCodes[type as 'service']
      expect(Object.values(names)).toEqual(codes)
      for (const [name, code] of Object.entries(names)) {
        expect(begins(ErrorClass, { type, value: name } as ErrorClass)).toBe(`${tag} 01 ${hex(Uint8Array.of(code))}`)
      }
    }
    expect(errorCodes.service['pdu-size']).toBe(3)
    expect(begins(ErrorClass, { type: 'others', value: 5 })).toBe('8c 01 05')
    expect(
      begins(ServiceError, {
        errorClass: { type: 'others', value: 5 },
        additionalCode: 1,
        additionalDescription: 'é',
        serviceSpecificInfo: { type: 'obtainFile', value: 'destination-file' },
      }),
    ).toBe('30 10 a0 03 8c 01 05 81 01 01 82 01 e9 a3 03 80 01 01')
  })

  test('M-11: the twelve alternatives of serviceSpecificInfo and the eight of AdditionalService-Error', () => {
    const info: readonly (readonly [ServiceSpecificInfo, string])[] = [
      [{ type: 'obtainFile', value: 'source-file' }, '80 01 00'],
      [{ type: 'start', value: state }, '81 01 03'],
      [{ type: 'stop', value: state }, '82 01 03'],
      [{ type: 'resume', value: state }, '83 01 03'],
      [{ type: 'reset', value: state }, '84 01 03'],
      [{ type: 'deleteVariableAccess', value: 1 }, '85 01 01'],
      [{ type: 'deleteNamedVariableList', value: 1 }, '86 01 01'],
      [{ type: 'deleteNamedType', value: 1 }, '87 01 01'],
      [{ type: 'defineEventEnrollmentError', value: nameOf() }, 'a8 03 80 01 76'],
      [{ type: 'fileRename', value: 'destination-file' }, '89 01 01'],
      [{ type: 'additionalService', value: { type: 'defineEcl', value: nameOf() } }, 'aa 05 a0 03 80 01 76'],
      [{ type: 'changeAccessControl', value: 1 }, '8b 01 01'],
    ]
    for (const [value, octets] of info) expect(begins(ServiceSpecificInfo, value)).toBe(octets)
    const unit = { programInvocationName: 'p', programInvocationState: state }
    const errors: readonly (readonly [AdditionalServiceError, string])[] = [
      [{ type: 'defineEcl', value: nameOf() }, 'a0 03 80 01 76'],
      [{ type: 'addECLReference', value: nameOf() }, 'a1 03 80 01 76'],
      [{ type: 'removeECLReference', value: { type: 'eventConditionList', value: nameOf() } }, 'a2 05 a1 03 80 01 76'],
      [{ type: 'initiateUC', value: { type: 'programInvocation', value: 'p' } }, 'a3 03 81 01 70'],
      [{ type: 'startUC', value: unit }, 'a4 06 80 01 70 81 01 03'],
      [{ type: 'stopUC', value: unit }, 'a5 06 80 01 70 81 01 03'],
      [{ type: 'deleteUC', value: { type: 'domain', value: 'd' } }, 'a6 03 80 01 64'],
      [{ type: 'loadUCFromFile', value: { type: 'none', value: null } }, 'a7 02 80 00'],
    ]
    for (const [value, octets] of errors) expect(begins(AdditionalServiceError, value)).toBe(octets)
  })

  test('M-12: every reason of a reject', () => {
    const kinds: Readonly<Record<keyof typeof rejectCodes, readonly [tag: string, codes: readonly number[]]>> = {
      confirmedRequestPDU: ['81', [0, 1, 2, 3, 4, 5, 6, 8, 9]],
      confirmedResponsePDU: ['82', [0, 1, 2, 3, 5, 6]],
      confirmedErrorPDU: ['83', [0, 1, 2, 3, 4]],
      unconfirmedPDU: ['84', [0, 1, 2, 3, 4]],
      pduError: ['85', [0, 1, 2]],
      cancelRequestPDU: ['86', [0, 1]],
      cancelResponsePDU: ['87', [0, 1]],
      cancelErrorPDU: ['88', [0, 1, 2, 3]],
      concludeRequestPDU: ['89', [0, 1]],
      concludeResponsePDU: ['8a', [0, 1]],
      concludeErrorPDU: ['8b', [0, 1, 2]],
    }
    expect(Object.keys(rejectCodes)).toEqual(Object.keys(kinds))
    for (const [type, [tag, codes]] of Object.entries(kinds)) {
      const names = rejectCodes[type as 'pduError']
      expect(Object.values(names)).toEqual(codes)
      for (const [name, code] of Object.entries(names)) {
        expect(begins(RejectReason, { type, value: name } as RejectReason)).toBe(`${tag} 01 ${hex(Uint8Array.of(code))}`)
      }
    }
  })

  test('M-13: the twelve DataAccessErrors', () => {
    const names = [
      ...['object-invalidated', 'hardware-fault', 'temporarily-unavailable', 'object-access-denied', 'object-undefined', 'invalid-address'],
      ...['type-unsupported', 'type-inconsistent', 'object-attribute-inconsistent', 'object-access-unsupported', 'object-non-existent'],
      'object-value-invalid',
    ] as const
    names.forEach((value, i) => {
      expect(begins(AccessResult, { type: 'failure', value: value as 'hardware-fault' })).toBe(`80 01 ${hex(Uint8Array.of(i))}`)
    })
  })

  test('modifiers', () => {
    const attach = { eventEnrollmentName: nameOf(), eventConditionName: nameOf('w'), causingTransitions: Transitions.of('any-to-deleted') }
    expect(begins(Modifier, { type: 'eventModifier', value: { ...attach, acceptableDelay: 1 } })).toBe(
      'a0 11 a0 03 80 01 76 a1 03 80 01 77 82 02 01 02 83 01 01',
    )
    expect(
      begins(Modifier, {
        type: 'semaphoreModifier',
        value: {
          semaphoreName: nameOf(),
          namedToken: 't',
          priority: 1,
          acceptableDelay: 2,
          controlTimeOut: 3,
          abortOnTimeOut: true,
          relinquishIfConnectionLost: false,
        },
      }),
    ).toBe('a1 17 a0 03 80 01 76 81 01 74 82 01 01 83 01 02 84 01 03 85 01 ff 86 01 00')
  })
})

describe('services', () => {
  test('every confirmed service of the standard has its name and tag, and a bit of its own', () => {
    // Tag 79 is that of service-ext.
    expect(confirmedServiceNames.map(service => service.tag)).toEqual([
      ...Array.from({ length: 79 }, (_, i) => i),
      ...[80, 81, 82, 83, 84, 85, 86],
    ])
    expect(confirmedServiceNames).toHaveLength(86)
    expect(new Set(confirmedServiceNames.map(service => service.name)).size).toBe(86)
    for (const { tag, name, bit } of confirmedServiceNames) {
      expect([name, bit]).toEqual([name, tag < 78 ? tag : tag === 78 ? undefined : tag + 5])
    }
    expect(unconfirmedServiceNames.map(({ name, tag, bit }) => [name, tag, bit])).toEqual([
      ['informationReport', 0, 79],
      ['unsolicitedStatus', 1, 78],
      ['eventNotification', 2, 80],
    ])
    const spots = {
      rename: 3,
      input: 17,
      kill: 44,
      obtainFile: 46,
      readJournal: 65,
      fileOpen: 72,
      fileDirectory: 77,
      changeAccessControl: 86,
    }
    for (const [name, tag] of Object.entries(spots)) expect(confirmedServiceNames.find(service => service.name === name)?.tag).toBe(tag)
  })

  test('the services whose argument or result is a CHOICE are tagged explicitly', () => {
    const explicit = (side: 'request' | 'response') =>
      confirmedServiceNames.filter(service => service[side] === 'explicit').map(({ tag }) => tag)
    expect(explicit('request')).toEqual([6, 9, 12, 15, 22, 23, 48, 49, 50, 54, 55, 56, 58, 60, 68, 78, 80, 83])
    expect(explicit('response')).toEqual([19, 78, 80])
  })

  test('the tags of the services that have types', () => {
    const name = nameOf()
    const requests: readonly (readonly [ConfirmedServiceRequest, string])[] = [
      [{ type: 'status', value: false }, '80 01 00'],
      [
        {
          type: 'getNameList',
          value: {
            objectClass: { type: 'basicObjectClass', value: 'domain' },
            objectScope: { type: 'vmdSpecific', value: null },
            continueAfter: 'x',
          },
        },
        'a1 0c a0 03 80 01 09 a1 02 80 00 82 01 78',
      ],
      [{ type: 'identify', value: null }, '82 00'],
      [{ type: 'read', value: { ...read(name), specificationWithResult: true } }, 'a4 0a 80 01 ff a1 05 a1 03 80 01 76'],
      [
        { type: 'write', value: { variableAccessSpecification: { type: 'variableListName', value: name }, listOfData: [] } },
        'a5 07 a1 03 80 01 76 a0 00',
      ],
      [{ type: 'getVariableAccessAttributes', value: { type: 'name', value: name } }, 'a6 05 a0 03 80 01 76'],
      [{ type: 'defineNamedVariableList', value: { variableListName: name, listOfVariable: [] } }, 'ab 05 80 01 76 a0 00'],
      [{ type: 'getNamedVariableListAttributes', value: name }, 'ac 03 80 01 76'],
      [
        { type: 'deleteNamedVariableList', value: { scopeOfDelete: 'domain', listOfVariableListName: [name], domainName: 'd' } },
        'ad 0b 80 01 02 a1 03 80 01 76 82 01 64',
      ],
    ]
    for (const [value, octets] of requests) expect(begins(ConfirmedServiceRequest, value)).toBe(octets)
    const boolean = { type: 'boolean', value: null } as const
    const responses: readonly (readonly [ConfirmedServiceResponse, string])[] = [
      [
        {
          type: 'status',
          value: {
            vmdLogicalStatus: 'support-services-allowed',
            vmdPhysicalStatus: 'needs-commissioning',
            localDetail: { octets: Uint8Array.of(0x80), size: 1 },
          },
        },
        'a0 0a 80 01 03 81 01 03 82 02 07 80',
      ],
      [{ type: 'getNameList', value: { listOfIdentifier: ['a'], moreFollows: false } }, 'a1 08 a0 03 1a 01 61 81 01 00'],
      [
        { type: 'identify', value: { vendorName: 'v', modelName: 'm', revision: 'r', listOfAbstractSyntaxes: ['1.0.9506'] } },
        'a2 10 80 01 76 81 01 6d 82 01 72 a3 05 06 03 28 ca 22',
      ],
      [
        { type: 'read', value: { variableAccessSpecification: { type: 'variableListName', value: name }, listOfAccessResult: [] } },
        'a4 09 a0 05 a1 03 80 01 76 a1 00',
      ],
      [
        {
          type: 'write',
          value: [
            { type: 'success', value: null },
            { type: 'failure', value: 'hardware-fault' },
          ],
        },
        'a5 05 81 00 80 01 01',
      ],
      [
        {
          type: 'getVariableAccessAttributes',
          value: {
            mmsDeletable: true,
            address: { type: 'numericAddress', value: 1 },
            typeDescription: boolean,
            accessControlList: 'l',
            meaning: 'm',
          },
        },
        'a6 12 80 01 ff a1 03 80 01 01 a2 02 83 00 83 01 6c 84 01 6d',
      ],
      [{ type: 'defineNamedVariableList', value: null }, '8b 00'],
      [
        { type: 'getNamedVariableListAttributes', value: { mmsDeletable: false, listOfVariable: [], accessControlList: 'l' } },
        'ac 08 80 01 00 a1 00 82 01 6c',
      ],
      [{ type: 'deleteNamedVariableList', value: { numberMatched: 2, numberDeleted: 1 } }, 'ad 06 80 01 02 81 01 01'],
    ]
    for (const [value, octets] of responses) expect(begins(ConfirmedServiceResponse, value)).toBe(octets)
    expect(
      begins(UnconfirmedService, {
        type: 'informationReport',
        value: { variableAccessSpecification: { type: 'variableListName', value: name }, listOfAccessResult: [] },
      }),
    ).toBe('a0 07 a1 03 80 01 76 a0 00')
  })
})

describe('support bits', () => {
  test('93 bits for services, 18 for parameters, 23 for additional services, 3 for additional parameters', () => {
    expect(serviceSupportBits).toHaveLength(93)
    expect([78, 79, 80, 81, 82, 83, 84, 91, 92].map(bit => serviceSupportBits[bit])).toEqual([
      ...[
        'unsolicitedStatus',
        'informationReport',
        'eventNotification',
        'attachToEventCondition',
        'attachToSemaphore',
        'conclude',
        'cancel',
      ],
      ...['alterAccessControl', 'reconfigureProgramInvocation'],
    ])
    expect(ServiceSupportOptions.of('status').size).toBe(93)
    expect(ParameterSupportOptions.bits).toEqual({
      ...{ str1: 0, str2: 1, vnam: 2, valt: 3, vadr: 4, vsca: 5, tpy: 6, vlis: 7, real: 8, reserved9: 9, cei: 10, aco: 11, sem: 12 },
      ...{ csr: 13, csnc: 14, csplc: 15, cspi: 16, char: 17 },
    })
    expect(Object.keys(AdditionalSupportOptions.bits)).toHaveLength(23)
    expect(AdditionalSupportOptions.bits).toMatchObject({
      vMDStop: 0,
      select: 2,
      deleteUnitControl: 15,
      alterEventConditionListMonitoring: 22,
    })
    expect(AdditionalCBBOptions.bits).toEqual({ des: 0, dei: 1, recl: 2 })
  })

  test('M-04: what a libiec61850 client says it supports, by name', () => {
    const parameters = { octets: unhex('f1 00'), size: 11 }
    expect(ParameterSupportOptions.names(parameters)).toEqual(['str1', 'str2', 'vnam', 'valt', 'vlis'])
    expect(ParameterSupportOptions.ofSize(11, 'str1', 'str2', 'vnam', 'valt', 'vlis')).toEqual(parameters)
    const services = { octets: unhex('ee 1c 00 00 04 08 00 00 79 ef 18'), size: 85 }
    const names = ServiceSupportOptions.names(services)
    expect(names.slice(0, 6)).toEqual(['status', 'getNameList', 'identify', 'read', 'write', 'getVariableAccessAttributes'])
    expect(names.slice(-3)).toEqual(['informationReport', 'conclude', 'cancel'])
    expect(ServiceSupportOptions.ofSize(85, ...names)).toEqual(services)
  })
})
