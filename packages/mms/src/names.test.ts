import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ObjectName } from './asn1/identifiers.js'
import { AlternateAccess } from './asn1/variable-access.js'
import {
  compareNames,
  formatAlternateAccess,
  formatObjectName,
  formatVariable,
  objectName,
  parseAlternateAccess,
  parseObjectName,
  parseVariable,
  sameObjectName,
} from './names.js'
import { arbitraryOf } from './testing/arbitrary.js'

const names = fc.string({ unit: fc.constantFrom(...'ABCabc019$_'), minLength: 1, maxLength: 20 })
const objectNames: fc.Arbitrary<ObjectName> = fc.oneof(
  names.map(value => ({ type: 'vmdSpecific' as const, value })),
  names.map(value => ({ type: 'aaSpecific' as const, value })),
  fc.tuple(names, names).map(([domainID, itemID]) => ({ type: 'domainSpecific' as const, value: { domainID, itemID } })),
)
const indexes = fc.nat(1000)
const node = fc.oneof(
  names.map(value => ({ type: 'component' as const, value })),
  indexes.map(value => ({ type: 'index' as const, value })),
  fc.record({ lowIndex: indexes, numberOfElements: indexes }).map(value => ({ type: 'indexRange' as const, value })),
  fc.constant({ type: 'allElements' as const, value: null }),
)
const access = fc.letrec<{ list: AlternateAccess; selection: never }>(tie => ({
  selection: fc.oneof(
    { maxDepth: 3 },
    node.map(value => ({ type: 'selectAccess', value })),
    fc.tuple(node, tie('list')).map(([accessSelection, alternateAccess]) => ({
      type: 'selectAlternateAccess',
      value: { accessSelection, alternateAccess },
    })),
  ) as fc.Arbitrary<never>,
  list: fc.array(
    fc.oneof(
      tie('selection').map(value => ({ type: 'unnamed' as const, value })),
      fc
        .tuple(names, tie('selection'))
        .map(([componentName, value]) => ({ type: 'named' as const, value: { componentName, access: value } })),
    ),
    { minLength: 1, maxLength: 3 },
  ),
})).list

describe('M-14: names of objects', () => {
  test.each([
    ['IED1/LLN0$ST$Mod', objectName('LLN0$ST$Mod', 'IED1')],
    ['vmd:item', objectName('item')],
    ['aa:item', { type: 'aaSpecific', value: 'item' }],
  ] as const)('%s is read and written', (text, name) => {
    expect(parseObjectName(text)).toEqual(name)
    expect(formatObjectName(name)).toBe(text)
  })

  test.each([
    ['item', 'vmd:item'],
    ['/item', 'vmd:item'],
    ['@item', 'aa:item'],
    ['vmd:a/b', 'vmd:a/b'],
    ['d/a/b', 'd/a/b'],
  ])('%s is another way to write %s', (text, canonical) => {
    expect(formatObjectName(parseObjectName(text))).toBe(canonical)
  })

  test.each(['', '/', 'd/', 'vmd:', 'aa:', '@'])('"%s" names nothing', text => {
    expect(() => parseObjectName(text)).toThrow(expect.objectContaining({ name: 'UsageError', code: 'MMS_NAME' }))
  })

  test('every name of the alphabet comes back', () => {
    fc.assert(
      fc.property(objectNames, name => {
        expect(parseObjectName(formatObjectName(name))).toEqual(name)
      }),
    )
  })

  test('two names are the same if their scope and parts are', () => {
    const all: ObjectName[] = ['d/i', 'd/j', 'e/i', 'vmd:i', 'aa:i', 'vmd:d'].map(parseObjectName)
    for (const a of all) for (const b of all) expect(sameObjectName(a, structuredClone(b))).toBe(a === b)
  })
})

describe('X-02: variables with an access path', () => {
  const select = (...value: [AlternateAccess[number]]) => value

  test('the whole variable has no alternate access', () => {
    expect(parseVariable('LD0/LLN0$MX$A')).toEqual({ name: objectName('LLN0$MX$A', 'LD0') })
    expect(formatVariable({ name: objectName('LLN0$MX$A', 'LD0') })).toBe('LD0/LLN0$MX$A')
  })

  test('an element, and a component of it', () => {
    expect(parseVariable('LD0/LLN0$MX$A(3).phsA')).toEqual({
      name: objectName('LLN0$MX$A', 'LD0'),
      alternateAccess: select({
        type: 'unnamed',
        value: {
          type: 'selectAlternateAccess',
          value: {
            accessSelection: { type: 'index', value: 3 },
            alternateAccess: select({ type: 'unnamed', value: { type: 'selectAccess', value: { type: 'component', value: 'phsA' } } }),
          },
        },
      }),
    })
  })

  test('ranges, all elements and several selections', () => {
    const end = (value: object) => [{ type: 'unnamed', value: { type: 'selectAccess', value } }]
    expect(parseAlternateAccess('(2..4)')).toEqual(end({ type: 'indexRange', value: { lowIndex: 2, numberOfElements: 3 } }))
    expect(parseAlternateAccess('(7..7)')).toEqual(end({ type: 'indexRange', value: { lowIndex: 7, numberOfElements: 1 } }))
    expect(parseAlternateAccess('(0..)')).toEqual(end({ type: 'indexRange', value: { lowIndex: 0, numberOfElements: 0 } }))
    expect(parseAlternateAccess('(*)')).toEqual(end({ type: 'allElements', value: null }))
    expect(parseAlternateAccess('{.a,second=(1).b}')).toEqual([
      ...end({ type: 'component', value: 'a' }),
      {
        type: 'named',
        value: {
          componentName: 'second',
          access: {
            type: 'selectAlternateAccess',
            value: { accessSelection: { type: 'index', value: 1 }, alternateAccess: end({ type: 'component', value: 'b' }) },
          },
        },
      },
    ])
  })

  test('every variable and every access path comes back', () => {
    fc.assert(
      fc.property(objectNames, access, (name, alternateAccess) => {
        expect(parseVariable(formatVariable({ name, alternateAccess }))).toEqual({ name, alternateAccess })
        expect(parseAlternateAccess(formatAlternateAccess(alternateAccess))).toEqual(alternateAccess)
      }),
    )
  })

  test('whatever a peer sends as alternate access can be printed', () => {
    fc.assert(
      fc.property(arbitraryOf(AlternateAccess), value => {
        expect(formatAlternateAccess(value)).not.toBe('')
      }),
    )
  })

  test.each([
    ['v(', 'a number at character 1, found the end'],
    ['v(x)', 'a number at character 1, found "x"'],
    ['v(1', '")" at character 2, found the end'],
    ['v(1.2)', '".." at character 3, found "2"'],
    ['v(4..2)', 'a number not below 4 at character 4, found "2"'],
    ['v(99999999999)', 'a number below 2³²'],
    ['v.', 'a component name at character 1'],
    ['v.a}', 'one of ". ( {" at character 2'],
    ['v{.a', '"," or "}"'],
    ['v{a}', '"="'],
    ['v{}', 'a component name'],
    ['v{{.a}}', '"." or "(" at character 1, found "{"'],
    [`v${'{.a'.repeat(100)}`, 'at most 64 selections'],
    ['v{.a,}', 'a component name'],
    ['(3)', 'expected a name in ""'],
  ])('%s is no variable', (text, message) => {
    expect(() => parseVariable(text)).toThrow(expect.objectContaining({ code: 'MMS_NAME', message: expect.stringContaining(message) }))
  })

  test('anything is either a variable or a UsageError', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab1.(){},=*/:@'), maxLength: 12 }), text => {
        try {
          expect(formatVariable(parseVariable(text))).not.toBe('')
        } catch (error) {
          expect(error).toMatchObject({ name: 'UsageError', code: 'MMS_NAME' })
        }
      }),
    )
  })
})

test('names are ordered by the alphabet of Identifier, and before it by code point', () => {
  const ordered = ['', '.a', 'é', '名', 'A', 'Aa', 'AB', 'a', 'B', 'b', 'Z', 'z', '$', '_', '0', '00', '01', '9']
  expect([...ordered].reverse().sort(compareNames)).toEqual(ordered)
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(Math.sign(compareNames(a, b)) + Math.sign(compareNames(b, a))).toBe(0)
      expect(compareNames(a, b) === 0).toBe(a === b)
    }),
  )
})
