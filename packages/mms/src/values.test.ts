import { hex, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Data } from './asn1/data.js'
import type { TypeDescription, TypeSpecification } from './asn1/variable-access.js'
import { arbitraryOf, bitStrings } from './testing/arbitrary.js'
import { timeOfDayOf, utcTimeOf } from './times.js'
import {
  bitsOf,
  bitsText,
  dataAt,
  dataFromJson,
  dataToJson,
  descriptionIn,
  floatingPoint,
  fromData,
  mismatchOf,
  nestingOfData,
  nestingOfType,
  printData,
  printType,
  toData,
  typeAt,
  types,
  typeText,
} from './values.js'

const measured = types.structure({ mag: types.structure({ f: types.float32 }), q: types.bitString(13), t: types.utcTime })
const everything = types.structure({
  flag: types.boolean,
  i8: types.integer(8),
  i64: types.integer(64),
  u8: types.unsigned(8),
  u64: types.unsigned(64),
  f32: types.float32,
  f64: types.float64,
  bits: types.bitString(3),
  some: types.bitString(-8),
  octets: types.octetString(-4),
  text: types.visibleString(-10),
  unicode: types.mMSString(3),
  when: types.generalizedTime,
  day: types.binaryTime,
  clock: types.timeOfDay,
  digits: types.bcd(4),
  oid: types.objId,
  utc: types.utcTime,
  list: types.array(2, types.structure({ a: types.boolean })),
})
const moment = new Date('2024-01-31T12:30:00.250Z')
const plain = {
  flag: true,
  i8: -128,
  i64: -(2n ** 63n),
  u8: 255,
  u64: 2n ** 64n - 1n,
  f32: 1.5,
  f64: 0.1,
  bits: '101',
  some: '11',
  octets: unhex('01 02'),
  text: 'visible',
  unicode: 'äöü',
  when: '20240131123000Z',
  day: timeOfDayOf(moment),
  clock: timeOfDayOf(moment, 'time'),
  digits: 1234,
  oid: '1.0.9506',
  utc: utcTimeOf(moment),
  list: [{ a: true }, { a: false }],
}

describe('D-04: plain JavaScript with a type', () => {
  test('every kind of value there and back', () => {
    const data = toData(plain, everything)
    expect(mismatchOf(data, everything)).toBeUndefined()
    expect(fromData(data, everything)).toEqual(plain)
    expect(toData(fromData(data, everything), everything)).toEqual(data)
    expect(toData(Object.values(plain), everything)).toEqual(data)
    expect(toData(data, everything)).toBe(data)
  })

  test('texts, numbers and dates are taken for what the type says', () => {
    const one = (value: unknown, type: TypeDescription) => toData(value, type).value
    for (const text of ['true', 'True', 'ON', '1', 1, true]) expect(one(text, types.boolean)).toBe(true)
    for (const text of ['false', 'off', '0', 0, false]) expect(one(text, types.boolean)).toBe(false)
    expect(one('-5', types.integer(8))).toBe(-5)
    expect(one('9223372036854775807', types.integer(64))).toBe(2n ** 63n - 1n)
    expect(one('0x10', types.unsigned(8))).toBe(16)
    expect(one(5n, types.integer(8))).toBe(5)
    expect(one(-0, types.integer(8))).toBe(0)
    expect(one('0012', types.bcd(4))).toBe(12)
    expect(one('0.1', types.float32)).toEqual({ formatWidth: 32, exponentWidth: 8, value: Math.fround(0.1) })
    expect(one('NaN', types.float64)).toEqual({ formatWidth: 64, exponentWidth: 11, value: Number.NaN })
    expect(one('-Infinity', types.float32)).toMatchObject({ value: Number.NEGATIVE_INFINITY })
    expect(one({ formatWidth: 32, exponentWidth: 8, value: 2 }, types.float32)).toEqual({ formatWidth: 32, exponentWidth: 8, value: 2 })
    expect(one('0102', types.octetString(2))).toEqual(unhex('01 02'))
    expect(one([true, false, true], types.bitString(3))).toEqual(bitsOf('101'))
    expect(one(bitsOf('101'), types.bitString(3))).toEqual(bitsOf('101'))
    expect(one(moment, types.utcTime)).toEqual(utcTimeOf(moment))
    expect(one(moment.toISOString(), types.utcTime)).toEqual(utcTimeOf(moment))
    expect(one(BigInt(moment.getTime()) * 1_000_000n, types.utcTime)).toEqual(utcTimeOf(moment))
    expect(one(moment, types.binaryTime)).toEqual(timeOfDayOf(moment))
    expect(one(moment, types.timeOfDay)).toEqual(timeOfDayOf(moment, 'time'))
    expect(one(moment, types.generalizedTime)).toBe('20240131123000.250Z')
  })

  test.each([
    [{ ...plain, i8: 128 }, '.i8', 'integer 8', '128'],
    [{ ...plain, i8: 'many' }, '.i8', 'integer 8', '"many"'],
    [{ ...plain, i8: 1.5 }, '.i8', 'integer 8', '1.5'],
    [{ ...plain, i8: '' }, '.i8', 'integer 8', '""'],
    [{ ...plain, i64: 2n ** 63n }, '.i64', 'integer 64', '9223372036854775808'],
    [{ ...plain, u8: -1 }, '.u8', 'unsigned 8', '-1'],
    [{ ...plain, u64: 2n ** 64n }, '.u64', 'unsigned 64', '18446744073709551616'],
    [{ ...plain, flag: 'perhaps' }, '.flag', 'boolean', '"perhaps"'],
    [{ ...plain, flag: null }, '.flag', 'boolean', 'null'],
    [{ ...plain, f32: 'x' }, '.f32', 'floating-point 32', '"x"'],
    [{ ...plain, f32: '' }, '.f32', 'floating-point 32', '""'],
    [{ ...plain, f32: true }, '.f32', 'floating-point 32', 'true'],
    [{ ...plain, f32: {} }, '.f32', 'floating-point 32', 'an object'],
    [
      { ...plain, f32: { formatWidth: 64, exponentWidth: 11, value: 1 } },
      '.f32',
      'floating-point 32',
      'floating-point 64 with an exponent of 11',
    ],
    [{ ...plain, bits: '1010' }, '.bits', 'bit-string 3', '4 bits'],
    [{ ...plain, bits: '1x1' }, '.bits', 'bit-string 3', '"1x1"'],
    [{ ...plain, bits: [1, 0, 1] }, '.bits', 'bit-string 3', 'a list of 3'],
    [{ ...plain, bits: {} }, '.bits', 'bit-string 3', 'an object'],
    [{ ...plain, some: '111111111' }, '.some', 'bit-string up to 8', '9 bits'],
    [{ ...plain, octets: unhex('01 02 03 04 05') }, '.octets', 'octet-string up to 4', '5 octets'],
    [{ ...plain, octets: 'xyz' }, '.octets', 'octet-string up to 4', '"xyz"'],
    [{ ...plain, octets: 5 }, '.octets', 'octet-string up to 4', '5'],
    [{ ...plain, text: 'more than ten' }, '.text', 'visible-string up to 10', '13 octets'],
    [{ ...plain, text: 5 }, '.text', 'visible-string up to 10', '5'],
    [{ ...plain, unicode: 'äö' }, '.unicode', 'mMSString 3', '2 characters'],
    [{ ...plain, when: 5 }, '.when', 'generalized-time', '5'],
    [{ ...plain, when: new Date(Number.NaN) }, '.when', 'generalized-time', 'an object'],
    [{ ...plain, day: timeOfDayOf(moment, 'time') }, '.day', 'binary-time with date', 'binary-time without date'],
    [{ ...plain, clock: timeOfDayOf(moment) }, '.clock', 'binary-time', 'binary-time with date'],
    [{ ...plain, day: 'tomorrow' }, '.day', 'binary-time with date', '"tomorrow"'],
    [{ ...plain, day: {} }, '.day', 'binary-time with date', 'an object'],
    [{ ...plain, day: new Date('1970-01-01') }, '.day', 'binary-time with date', 'an object'],
    [{ ...plain, digits: 12_345 }, '.digits', 'bcd 4', '12345'],
    [{ ...plain, digits: -1 }, '.digits', 'bcd 4', '-1'],
    [{ ...plain, utc: 'x'.repeat(60) }, '.utc', 'utc-time', `"${'x'.repeat(39)}…"`],
    [{ ...plain, utc: {} }, '.utc', 'utc-time', 'an object'],
    [{ ...plain, utc: () => 1 }, '.utc', 'utc-time', 'function'],
    [{ ...plain, list: [{ a: true }] }, '.list', 'array of 2', 'a list of 1'],
    [{ ...plain, list: [{ a: true }, { a: 'x' }] }, '.list(1).a', 'boolean', '"x"'],
    [{ ...plain, list: [[true], []] }, '.list(1)', 'structure of 1', 'a list of 0'],
    [{ ...plain, list: [{ a: true, b: 1 }, {}] }, '.list(0).b', 'a component of the type', 'another'],
    [{ flag: true }, '.i8', 'integer 8', 'undefined'],
    [5, '', 'structure of 19', '5'],
    [{ type: 'boolean', value: true }, '', 'structure of 19', 'boolean'],
  ] as const)('D-06: what does not fit is named: %#', (value, path, expected, found) => {
    expect(() => toData(value, everything)).toThrow(
      expect.objectContaining({
        name: 'EncodeError',
        code: 'MMS_TYPE_MISMATCH',
        path,
        message: `expected ${expected}${path && ` at ${path}`}, found ${found}`,
      }),
    )
  })

  test('components without names go by position', () => {
    const boolean = { type: 'typeDescription', value: types.boolean } as const
    const unnamed: TypeDescription = { type: 'structure', value: { packed: false, components: [{ componentType: boolean }] } }
    const data = toData([true], unnamed)
    expect(fromData(data, unnamed)).toEqual([true])
    expect(() => toData({}, unnamed)).toThrow('expected a list, for components without names, found an object')
    expect(() => toData(['x'], unnamed)).toThrow(expect.objectContaining({ path: '.0' }))
    const twice = { componentName: 'a', componentType: boolean }
    const same: TypeDescription = { type: 'structure', value: { packed: false, components: [twice, twice] } }
    expect(fromData(toData([true, false], same), same)).toEqual([true, false])
  })

  test('RB-25: a component called __proto__ or constructor is a component', () => {
    const strange = types.structure(
      Object.fromEntries([
        ['__proto__', types.boolean],
        ['constructor', types.integer(8)],
      ]),
    )
    const data = toData([true, 5], strange)
    const value = fromData(data, strange) as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(toData(value, strange)).toEqual(data)
    expect(() => toData({}, types.structure({ constructor: types.boolean }))).toThrow('found undefined')
  })

  test('a type that is only named must be asked for first', () => {
    const named: TypeSpecification = { type: 'typeName', value: { type: 'vmdSpecific', value: 'T' } }
    const type: TypeDescription = { type: 'array', value: { packed: false, numberOfElements: 1, elementType: named } }
    for (const use of [() => toData([1], type), () => typeAt(type, '(0)'), () => descriptionIn(named)]) {
      expect(use).toThrow(expect.objectContaining({ code: 'MMS_TYPE_NAME' }))
    }
    expect(nestingOfType(type)).toBe(1)
    expect(printType(type)).toBe('array of 1\n└─ type T')
    expect(printData(toData([1]), { type })).toBe('[ 1 ]')
  })
})

describe('D-04: plain JavaScript without a type', () => {
  test('the kind follows the value', () => {
    const kinds: readonly (readonly [unknown, Data])[] = [
      [true, { type: 'boolean', value: true }],
      [5, { type: 'integer', value: 5 }],
      [2n ** 70n, { type: 'integer', value: 2n ** 70n }],
      [5n, { type: 'integer', value: 5 }],
      [0.5, floatingPoint(0.5, 64)],
      [-0, floatingPoint(-0, 64)],
      ['text', { type: 'visibleString', value: 'text' }],
      ['täxt', { type: 'mMSString', value: 'täxt' }],
      [unhex('01'), { type: 'octetString', value: unhex('01') }],
      [moment, { type: 'utcTime', value: utcTimeOf(moment) }],
      [utcTimeOf(moment), { type: 'utcTime', value: utcTimeOf(moment) }],
      [timeOfDayOf(moment), { type: 'binaryTime', value: timeOfDayOf(moment) }],
      [{ milliseconds: 1 }, { type: 'binaryTime', value: { milliseconds: 1 } }],
      [bitsOf('01'), { type: 'bitString', value: bitsOf('01') }],
      [
        [1, 2],
        {
          type: 'array',
          value: [
            { type: 'integer', value: 1 },
            { type: 'integer', value: 2 },
          ],
        },
      ],
      [
        { a: 1, b: true },
        {
          type: 'structure',
          value: [
            { type: 'integer', value: 1 },
            { type: 'boolean', value: true },
          ],
        },
      ],
      [floatingPoint(1), floatingPoint(1)],
      [
        { type: 'boolean', value: true, more: 1 },
        toData(
          ['boolean', true, 1].map(value => toData(value)),
          types.structure({ a: types.visibleString(-10), b: types.boolean, c: types.integer(8) }),
        ),
      ],
    ]
    for (const [value, data] of kinds) expect(toData(value)).toEqual(data)
  })

  test('what is no value is named', () => {
    expect(() => toData({ a: [1, null] })).toThrow(
      expect.objectContaining({ path: '.a(1)', message: 'expected a value at .a(1), found null' }),
    )
    expect(() => toData(undefined)).toThrow('expected a value, found undefined')
    expect(() => bitsOf('012')).toThrow('expected text of 0 and 1, found "012"')
  })

  test('every Data gives something plain, and a structure without a type a list', () => {
    expect(fromData(toData({ a: 1, b: [true] }))).toEqual([1, [true]])
    expect(fromData({ type: 'booleanArray', value: bitsOf('101') })).toEqual([true, false, true])
    expect(
      fromData({ type: 'floatingPoint', value: { formatWidth: 16, exponentWidth: 5, value: Number.NaN, octets: unhex('3c 00') } }),
    ).toEqual({
      formatWidth: 16,
      exponentWidth: 5,
      value: Number.NaN,
      octets: unhex('3c 00'),
    })
    fc.assert(
      fc.property(arbitraryOf(Data), data => {
        expect(fromData(data)).toBeDefined()
      }),
    )
  })
})

describe('D-06: types', () => {
  test('paths lead to parts of types and values', () => {
    expect(typeAt(measured, 'mag$f')).toBe(types.float32)
    expect(typeAt(measured, '.mag.f')).toBe(types.float32)
    expect(typeAt(measured, '')).toBe(measured)
    expect(typeAt(everything, 'list(1).a')).toBe(types.boolean)
    expect(typeAt(everything, 'list(1)a')).toBe(types.boolean)
    for (const path of ['mag$g', 'q$x', 'mag(0)', 'nothing$at$all']) expect(typeAt(measured, path)).toBeUndefined()
    expect(typeAt(everything, 'list(2)')).toBeUndefined()
    for (const path of ['list()', 'list(x)', 'list(1', 'list(-1)', '..a', 'a.', '$']) {
      expect(() => typeAt(everything, path)).toThrow(expect.objectContaining({ code: 'MMS_NAME' }))
    }
    const data = toData(plain, everything)
    expect(dataAt(data, everything, 'list(1)$a')).toEqual({ type: 'boolean', value: false })
    expect(dataAt(data, everything, 'list(5)')).toBeUndefined()
    expect(dataAt(toData(1), everything, 'flag')).toBeUndefined()
  })

  test('a type as a tree', () => {
    expect(
      printType(
        types.structure({ m: measured, har: types.array(3, types.structure({ v: types.unsigned(16) })), end: types.visibleString(-255) }),
      ),
    ).toBe(
      [
        'structure of 3',
        '├─ m: structure of 3',
        '│  ├─ mag: structure of 1',
        '│  │  └─ f: floating-point 32',
        '│  ├─ q: bit-string 13',
        '│  └─ t: utc-time',
        '├─ har: array of 3',
        '│  └─ structure of 1',
        '│     └─ v: unsigned 16',
        '└─ end: visible-string up to 255',
      ].join('\n'),
    )
    const named: TypeDescription = {
      type: 'structure',
      value: {
        packed: true,
        components: [{ componentType: { type: 'typeName', value: { type: 'domainSpecific', value: { domainID: 'd', itemID: 'T' } } } }],
      },
    }
    expect(printType(named)).toBe('structure of 1, packed\n└─ type d/T')
    expect(
      everything.type === 'structure' && everything.value.components.map(({ componentType }) => typeText(descriptionIn(componentType))),
    ).toEqual([
      ...['boolean', 'integer 8', 'integer 64', 'unsigned 8', 'unsigned 64', 'floating-point 32', 'floating-point 64', 'bit-string 3'],
      ...[
        'bit-string up to 8',
        'octet-string up to 4',
        'visible-string up to 10',
        'mMSString 3',
        'generalized-time',
        'binary-time with date',
      ],
      ...['binary-time', 'bcd 4', 'objId', 'utc-time', 'array of 2'],
    ])
  })

  test('nesting is counted along the longest path', () => {
    expect([types.boolean, measured, everything, types.array(1, measured)].map(nestingOfType)).toEqual([0, 2, 3, 3])
    expect(nestingOfData(toData(plain, everything))).toBe(3)
    expect(nestingOfData(toData([]))).toBe(1)
    expect(nestingOfData(toData(5))).toBe(0)
  })

  test('RM-08: a value of another kind, count, size or range is found where it is', () => {
    const good = toData(plain, everything)
    const components = good.value as readonly Data[]
    components.forEach((_, i) => {
      const other: Data = i === 0 ? { type: 'integer', value: 0 } : { type: 'boolean', value: true }
      const bad: Data = { type: 'structure', value: components.with(i, other) }
      expect(mismatchOf(bad, everything)).toMatchObject({ path: `.${Object.keys(plain)[i]}`, found: i === 0 ? 'integer' : 'boolean' })
    })
    expect(mismatchOf({ type: 'structure', value: [] }, everything)).toEqual({
      path: '',
      expected: 'structure of 19',
      found: '0 components',
    })
    expect(mismatchOf({ type: 'array', value: [] }, types.array(1, measured))).toMatchObject({ found: '0 elements' })
    for (const [type, kind] of [
      ['bitString', 'bit-string'],
      ['floatingPoint', 'floating-point'],
      ['octetString', 'octet-string'],
      ['objId', 'objId'],
    ] as const) {
      expect(mismatchOf({ type, value: undefined } as never, types.boolean)).toMatchObject({ found: kind })
    }
  })

  test('an array of boolean may come as bits', () => {
    const type = types.array(3, types.boolean)
    expect(mismatchOf({ type: 'booleanArray', value: bitsOf('101') }, type)).toBeUndefined()
    expect(mismatchOf({ type: 'booleanArray', value: bitsOf('10') }, type)).toMatchObject({ found: '2 elements' })
    expect(mismatchOf({ type: 'booleanArray', value: bitsOf('10') }, types.array(2, types.integer(8)))).toMatchObject({
      found: 'booleanArray',
    })
  })

  test('numbers beyond 53 bits are held against wide integers', () => {
    expect(mismatchOf({ type: 'integer', value: Number.MIN_SAFE_INTEGER }, types.integer(54))).toBeUndefined()
    expect(mismatchOf({ type: 'integer', value: 2n ** 63n }, types.integer(64))).toMatchObject({ found: '9223372036854775808' })
    expect(mismatchOf({ type: 'integer', value: 2 ** 31 }, types.integer(32))).toMatchObject({ found: '2147483648' })
    expect(mismatchOf({ type: 'integer', value: -(2 ** 31) }, types.integer(32))).toBeUndefined()
  })
})

describe('JSON', () => {
  test('every Data comes back', () => {
    fc.assert(
      fc.property(arbitraryOf(Data), data => {
        expect(dataFromJson(JSON.parse(JSON.stringify(dataToJson(data))))).toEqual(data)
      }),
    )
  })

  test('it is readable', () => {
    expect(JSON.stringify(dataToJson(toData({ mag: { f: 230.5 }, q: '0000000000000', t: moment }, measured)))).toBe(
      '{"structure":[{"structure":[{"floatingPoint":{"formatWidth":32,"exponentWidth":8,"value":230.5}}]},{"bitString":"0000000000000"},' +
        '{"utcTime":{"seconds":1706704200,"fraction":4194304,"quality":159}}]}',
    )
    expect(dataToJson({ type: 'integer', value: 2n ** 64n })).toEqual({ integer: '18446744073709551616' })
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]) {
      expect(dataFromJson(JSON.parse(JSON.stringify(dataToJson(floatingPoint(value)))))).toEqual(floatingPoint(value))
    }
  })

  test.each([
    [5, '', 'an object with one key'],
    [null, '', 'an object with one key'],
    [[], '', 'an object with one key'],
    [{}, '', 'an object with one key'],
    [{ boolean: true, integer: 1 }, '', 'an object with one key'],
    [{ real: 1 }, '', 'a kind of Data'],
    [{ array: 5 }, 'array', 'a list'],
    [{ structure: [{ boolean: true }, { boolean: 1 }] }, 'structure[1].boolean', 'true or false'],
    [{ bitString: '012' }, 'bitString', 'text of 0 and 1'],
    [{ bitString: 5 }, 'bitString', 'text of 0 and 1'],
    [{ integer: 1.5 }, 'integer', 'a whole number'],
    [{ integer: 'x' }, 'integer', 'a whole number'],
    [{ integer: '-' }, 'integer', 'a whole number'],
    [{ integer: null }, 'integer', 'a whole number'],
    [{ octetString: 'xyz' }, 'octetString', 'octets as hex'],
    [{ octetString: 5 }, 'octetString', 'octets as hex'],
    [{ visibleString: 5 }, 'visibleString', 'text'],
    [{ utcTime: { seconds: 1 } }, 'utcTime', 'a number fraction'],
    [{ utcTime: 5 }, 'utcTime', 'a number seconds'],
    [{ binaryTime: { milliseconds: 1, days: 'x' } }, 'binaryTime', 'a number days'],
    [{ floatingPoint: { formatWidth: 32, exponentWidth: 8 } }, 'floatingPoint', 'a number value'],
    [{ floatingPoint: { formatWidth: 32, exponentWidth: 8, value: 'x' } }, 'floatingPoint', 'a number value'],
    [{ floatingPoint: { formatWidth: 32, exponentWidth: 8, value: 'toString' } }, 'floatingPoint', 'a number value'],
  ] as const)('%j is no Data', (json, path, expected) => {
    expect(() => dataFromJson(json)).toThrow(
      expect.objectContaining({ name: 'DecodeError', code: 'MMS_JSON', path, message: expect.stringContaining(`expected ${expected}`) }),
    )
  })

  test('integers may be given as digits', () => {
    expect(dataFromJson({ integer: '-12' })).toEqual({ type: 'integer', value: -12 })
    expect(dataFromJson({ unsigned: '18446744073709551615' })).toEqual({ type: 'unsigned', value: 2n ** 64n - 1n })
  })
})

describe('printing', () => {
  test('on one line, with the names of the type', () => {
    const data = toData({ mag: { f: 0.1 }, q: '0100000000000', t: moment }, measured)
    expect(printData(data, { type: measured })).toBe('{ mag: { f: 0.1 }, q: 0100000000000, t: 2024-01-31T12:30:00.25Z }')
    expect(printData(data)).toBe('{ { 0.1 }, 0100000000000, 2024-01-31T12:30:00.25Z }')
  })

  test('on a line for each element', () => {
    const type = types.array(2, types.structure({ a: types.boolean }))
    expect(printData(toData([{ a: true }, { a: false }], type), { type, form: 'lines' })).toBe(
      ['[', '  {', '    a: true', '  }', '  {', '    a: false', '  }', ']'].join('\n'),
    )
    expect(printData(toData([]), { form: 'lines' })).toBe('[]')
  })

  test('each kind', () => {
    const texts: readonly (readonly [Data, string])[] = [
      [{ type: 'integer', value: 2n ** 64n }, '18446744073709551616'],
      [{ type: 'octetString', value: unhex('01 ff') }, '01 ff'],
      [{ type: 'octetString', value: new Uint8Array() }, 'no octets'],
      [{ type: 'bitString', value: bitsOf('') }, 'no bits'],
      [{ type: 'visibleString', value: 'a\u001b[31m\u0085b' }, '"a·[31m·b"'],
      [{ type: 'mMSString', value: '\udce9\u2028ä' }, '"··ä"'],
      [{ type: 'generalizedTime', value: '2024\n' }, '2024·'],
      [{ type: 'objId', value: '1.0.9506' }, '1.0.9506'],
      [{ type: 'binaryTime', value: timeOfDayOf(moment) }, '2024-01-31T12:30:00.250Z'],
      [{ type: 'binaryTime', value: timeOfDayOf(moment, 'time') }, '12:30:00.250'],
      [{ type: 'binaryTime', value: { milliseconds: 86_400_000 } }, '86400000 ms'],
      [{ type: 'binaryTime', value: { milliseconds: 86_400_000, days: 3 } }, '86400000 ms of day 3 since 1984'],
      [{ type: 'utcTime', value: { seconds: 0, fraction: 0, quality: 0x60 } }, '1970-01-01T00:00:00Z (clock failure, not synchronized)'],
      [{ type: 'utcTime', value: { seconds: 2 ** 32 - 1, fraction: 2 ** 24 - 1, quality: 0 } }, '2106-02-07T06:28:15.9999999Z'],
      [floatingPoint(-0), '-0'],
      [floatingPoint(Number.NaN), 'NaN'],
      [floatingPoint(16_777_217, 64), '16777217'],
      [floatingPoint(3.4028234663852886e38), '3.4028235e+38'],
      [
        { type: 'floatingPoint', value: { formatWidth: 16, exponentWidth: 5, value: Number.NaN, octets: unhex('3c 00') } },
        '3c 00 (16 bits)',
      ],
    ]
    for (const [data, text] of texts) expect(printData(data)).toBe(text)
  })

  test('RB-19: whatever a peer sends can be printed, without control characters', () => {
    fc.assert(
      fc.property(arbitraryOf(Data), data => {
        const text = printData(data)
        expect([...text].every(character => character >= ' ')).toBe(true)
      }),
    )
  })

  test('a number of 32 bits is printed so that it gives the same bits back', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), value => {
        expect(Math.fround(Number(printData(floatingPoint(value))))).toBe(value)
      }),
    )
  })

  test('bits are text from bit 0 on, and back', () => {
    fc.assert(
      fc.property(bitStrings, value => {
        expect(bitsOf(bitsText(value))).toEqual(value)
      }),
    )
    expect(hex(bitsOf('0100000000000').octets)).toBe('40 00')
  })
})
