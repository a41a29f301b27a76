import { types } from '@x/mms'
import { describe, expect, test } from 'vitest'
import { coloursFor } from '../io.js'
import { jsonLine, typeJson, valueJson } from './json.js'
import { renderSpans } from './spans.js'
import { renderPairs, renderTable } from './table.js'
import { cellLine, counted, displayWidth, safe, truncated, wrapped } from './text.js'

const plain = coloursFor(false, {})

describe('text in columns', () => {
  test('wide characters take two columns, combining ones none', () => {
    expect([displayWidth('Größe'), displayWidth('変電所'), displayWidth('e\u0301'), displayWidth('🙂'), displayWidth('')]).toEqual([
      5, 6, 1, 2, 0,
    ])
  })

  test('cut with an ellipsis, by columns', () => {
    expect(truncated('変電所', 6)).toBe('変電所')
    expect(truncated('変電所', 5)).toBe('変電…')
    expect(truncated('abcdef', 4)).toBe('abc…')
  })

  test('broken at blanks, or where there are none', () => {
    expect(wrapped('one two three four', 9, '  ')).toEqual(['one two', '  three', '  four'])
    expect(wrapped('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
    expect(wrapped('変電所変電所', 5)).toEqual(['変電', '所変', '電所'])
    expect(wrapped('short', 80)).toEqual(['short'])
  })

  test('what steers terminals, or turns the direction of writing, is a dot', () => {
    expect(safe('a\u001b[31mb\r\n\u0085\u202ec\u2066\ud800')).toBe('a·[31mb···' + '·c··')
    expect(safe('Größe Ω 変電所')).toBe('Größe Ω 変電所')
  })

  test('cells are padded but for the last that says something', () => {
    expect(
      cellLine([
        { text: 'a', width: 3 },
        { text: '7', width: 3, align: 'right' },
        { text: '', width: 9 },
      ]),
    ).toBe('a      7')
  })

  test('counted', () => {
    expect([counted(0, 'list'), counted(1, 'list'), counted(2, 'list')]).toEqual(['0 lists', '1 list', '2 lists'])
  })
})

describe('tables', () => {
  test('columns two apart, the last one cut', () => {
    const rows = [
      ['変電所', 'a'],
      ['x', 'a text that is too long for the table'],
    ]
    expect(renderTable([{ title: 'name' }, { title: 'value' }], rows, plain, 24)).toEqual([
      'name    value',
      '変電所  a',
      'x       a text that is …',
    ])
    expect(renderTable([{ title: 'name' }], [], plain, undefined)).toEqual(['name'])
  })

  test('long values of pairs go on below', () => {
    expect(renderPairs([['services', 'read, write, identify, status']], plain, 32)).toEqual([
      'services  read, write, identify,',
      '          status',
    ])
  })
})

describe('JSON of values', () => {
  const floats = [1.1, Number.NaN, Number.POSITIVE_INFINITY, -0].map(value =>
    valueJson({ type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value: Math.fround(value) } }, undefined),
  )

  test('floating-point numbers without digits that mean nothing; what JSON has no number for is text', () => {
    expect(floats).toEqual([1.1, 'NaN', 'Infinity', '-0'])
  })

  test('components without names, or with one twice, stay a list', () => {
    const data = { type: 'structure', value: [{ type: 'boolean', value: true }] } as const
    const unnamed = {
      type: 'structure',
      value: { packed: false, components: [{ componentType: { type: 'typeDescription', value: types.boolean } }] },
    } as const
    expect(valueJson(data, unnamed)).toEqual([true])
    expect(valueJson(data, undefined)).toEqual([true])
    expect(typeJson(unnamed)).toEqual({ structure: ['boolean'] })
  })

  test('a component called __proto__ is a component', () => {
    const type = types.structure({ ['__proto__']: types.boolean })
    expect(jsonLine(valueJson({ type: 'structure', value: [{ type: 'boolean', value: true }] }, type))).toBe('{"__proto__":true}')
  })

  test('big integers and octets are text', () => {
    expect(jsonLine({ a: 2n ** 60n, b: Uint8Array.of(1, 255) })).toBe('{"a":"1152921504606846976","b":"01ff"}')
  })
})

describe('spans', () => {
  const span = { layer: 'TEST', clause: '1', source: 'x.ts' }

  test('an octet behind what is inside a span belongs to the span; nothing is shown twice', () => {
    const spans = [
      { ...span, from: 0, to: 6, depth: 0, label: 'outer' },
      { ...span, from: 2, to: 4, depth: 1, label: 'inner' },
      { ...span, from: 4, to: 4, depth: 1, label: 'empty' },
    ]
    const lines = renderSpans({ title: '', octets: Uint8Array.of(1, 2, 3, 4, 5, 6), at: 10, spans }, { colours: plain })
    expect(lines.slice(1).map(line => line.slice(0, 52).trimEnd())).toEqual([
      '10  01 02                    TEST   outer',
      '12  03 04                    TEST     inner',
      '14  05 06',
      '                             TEST     empty',
    ])
  })

  test('long runs take more lines, long meanings too, and a problem has a line of its own', () => {
    const spans = [
      { ...span, from: 0, to: 10, depth: 0, label: 'a label of many words that say a lot', problem: 'it is too long to be true' },
    ]
    const lines = renderSpans(
      { title: '', octets: new Uint8Array(10), at: 0, spans },
      { colours: plain, width: 48, octetsPerLine: 4, sources: false },
    )
    expect(lines).toEqual([
      'at  octets       layer  meaning',
      ' 0  00 00 00 00  TEST   a label of many words',
      ' 4  00 00 00 00           that say a lot',
      ' 8  00 00',
      '                        ^ broken: it is too long',
      '                          to be true',
    ])
  })
})
