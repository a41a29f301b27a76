import { describe, expect, test } from 'vitest'
import { is, lists, refused, same } from './check.js'
import { dataKind, dataOf, leaves, loadModel, nodeOf, typeOf, variableNames } from './model.js'
import { list, matrix } from './report.js'
import type { Result } from './run.js'
import { sclOf, sclValues } from './scl.js'
import { sequences } from './steps.js'
import { paintFor } from './terminal.js'

const model = loadModel()

describe('the fixture', () => {
  test('every node of the tree is a variable, named by its path', () => {
    const names = variableNames(model, 'INTEROPLD0')
    expect(names).toContain('GGIO1')
    expect(names).toContain('GGIO1$MX$AnIn1$mag$f')
    expect(names.filter(name => nodeOf(model, 'INTEROPLD0', name) === undefined)).toEqual([])
  })

  test('values and types are spelt as an adapter spells them', () => {
    const node = nodeOf(model, 'INTEROPLD0', 'GGIO1$MX$AnIn1')!
    expect(dataOf(node)).toEqual({
      structure: [{ structure: [{ 'floating-point': 1.5 }] }, { 'bit-string': '0000000000000' }, { 'utc-time': '6553f10000000018' }],
    })
    expect(typeOf(node)).toEqual({
      structure: { mag: { structure: { f: { 'floating-point': 32, exponent: 8 } } }, q: { 'bit-string': -13 }, t: { 'utc-time': null } },
    })
  })

  test('an array of structures has as many elements as the fixture says', () => {
    const node = nodeOf(model, 'INTEROPLD0', 'GGIO1$SP$Grid$pts')!
    expect(typeOf(node)).toMatchObject({ count: 4 })
    expect((dataOf(node) as { array: unknown[] }).array).toHaveLength(4)
  })

  test('the names of one domain need more than one DT TPDU, so that lists are paged or segmented', () => {
    const octets = variableNames(model, 'INTEROPLD1').reduce((sum, name) => sum + name.length + 2, 0)
    expect(octets).toBeGreaterThan(8_192)
  })

  test('each type of the fixture has a Data alternative of its own', () => {
    expect(new Set(leaves(model).map(leaf => dataKind(leaf.type)))).toEqual(
      new Set([
        'boolean',
        'integer',
        'unsigned',
        'floating-point',
        'bit-string',
        'utc-time',
        'visible-string',
        'mMSString',
        'octet-string',
      ]),
    )
  })

  test('as SCL it names every type it uses, and each value has a line', () => {
    const scl = sclOf(model)
    const quoted = (start: string): string[] =>
      scl
        .split(start)
        .slice(1)
        .map(rest => rest.slice(0, rest.indexOf('"')))
    const defined = new Set([...quoted('LNodeType id="'), ...quoted('DOType id="'), ...quoted('DAType id="')])
    const used = [...quoted('lnType="'), ...quoted(' type="')]
    expect(used.length).toBeGreaterThan(100)
    expect(used.filter(type => !defined.has(type))).toEqual([])
    expect(sclValues(model).trimEnd().split('\n')).toHaveLength(leaves(model).length)
  })
})

describe('the steps', () => {
  test('no id comes twice in a sequence, and every sequence opens first', () => {
    for (const sequence of sequences(model)) {
      const ids = sequence.steps.map(step => step.id)
      expect(new Set(ids).size, sequence.name).toBe(ids.length)
      expect(sequence.steps[0]!.service).toBe('associate')
    }
  })

  test('no command holds a tab or a line feed, which part the protocol', () => {
    const texts = sequences(model).flatMap(sequence => sequence.steps.flatMap(step => step.commands.flat()))
    expect(texts.filter(text => text.includes('\t') || text.includes('\n'))).toEqual([])
  })
})

describe('the judge', () => {
  test('a type told without its size is the same as one with it; another name or order is not', () => {
    expect(same({ integer: 32 }, { integer: null })).toBe(true)
    expect(same({ integer: 32 }, { integer: 16 })).toBe(false)
    expect(same({ structure: { a: null, b: null } }, { structure: { b: null, a: null } })).toBe(false)
  })

  test('an error is never taken for the expected value', () => {
    expect(is(true)([{ error: 'timeout' }])).toBe('error timeout')
    expect(is(true)([{ value: false }])).toBe('expected true, found false')
    expect(is(true)([{ value: true }])).toBeUndefined()
  })

  test('a refusal must be of the right name, and a lost association is none', () => {
    const denied = refused('object-access-denied')
    expect(denied([{ value: { failure: 'object-access-denied' } }])).toBeUndefined()
    expect(denied([{ error: 'access/object-access-denied' }])).toBeUndefined()
    expect(denied([{ value: { failure: 'object-non-existent' } }])).toBe('expected object-access-denied, found object-non-existent')
    expect(denied([{ value: 'success' }])).toContain('expected a refusal')
    expect(refused()([{ error: 'connection-lost' }])).toContain('expected a refusal')
  })

  test('a list must hold every name once and none that is not allowed', () => {
    expect(lists(['a', 'b'])([{ value: ['b', 'a'] }])).toBeUndefined()
    expect(lists(['a', 'b'])([{ value: ['a'] }])).toBe('1 of 2 names missing, first b')
    expect(lists(['a'], ['x'])([{ value: ['a', 'x1'] }])).toBeUndefined()
    expect(lists(['a'])([{ value: ['a', 'x1'] }])).toBe('1 names too many, first x1')
    expect(lists(['a'])([{ value: ['a', 'a'] }])).toBe('1 names twice')
  })
})

test('the matrix counts each outcome per service and pair', () => {
  const result = (service: string, outcome: Result['outcome']): Result => ({
    server: 's',
    client: 'c',
    sequence: 'q',
    step: 'x',
    service,
    outcome,
    ms: 1,
    reason: 'why',
  })
  const results = [result('read', 'pass'), result('read', 'fail'), result('status', 'not offered')]
  const columns = [
    { title: 's', results },
    { title: 'absent', results: undefined },
  ]
  expect(matrix('client of', columns, paintFor({}, {}))).toBe(
    [
      'client of  s                      absent',
      '─────────  ─────────────────────  ───────',
      'read       1 FAIL, 1 pass         NOT RUN',
      'status     not offered            NOT RUN',
      '─────────  ─────────────────────  ───────',
      'all        1 FAIL, 1 pass, 1 n/o  NOT RUN',
    ].join('\n'),
  )
  expect(list(results, 'fail')).toEqual(['c → s  q/x  why'])
})
