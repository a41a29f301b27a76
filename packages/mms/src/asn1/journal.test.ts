import { decode, encode } from '@x/ber'
import { hex, unhex } from '@x/core'
import { describe, expect, test } from 'vitest'
import { EntryContent, JournalVariable } from './journal.js'

const value = { type: 'array', value: [{ type: 'boolean', value: true }] } as const

describe('journal variables of both editions', () => {
  test('U-46: the edition of 2003 has no context tags, that of 1990 has; both are read, and told apart by the tag of the name', () => {
    const today = { variableTag: 'v', valueSpecification: value }
    const octets = '30 08 1a 01 76 a1 03 83 01 ff'
    expect(hex(encode(JournalVariable, today))).toBe(octets)
    expect(decode(JournalVariable, unhex(octets))).toEqual(today)
    const first = { ...today, firstEdition: true }
    const older = '30 0a 80 01 76 a1 05 a1 03 83 01 ff'
    expect(hex(encode(JournalVariable, first))).toBe(older)
    expect(decode(JournalVariable, unhex(older))).toEqual(first)
  })

  test('U-46: what neither edition has is refused, not guessed', () => {
    for (const octets of ['30 00', '30 03 80 01 76', '30 06 80 01 76 83 01 ff', '30 08 1a 01 76 a5 03 83 01 ff']) {
      expect(() => decode(JournalVariable, unhex(octets))).toThrow(/expected/)
    }
  })

  test('U-46: an annotation is written explicit, as MMSString has no tag of its own, and read implicit, too', () => {
    const entry = { occurrenceTime: { milliseconds: 1, days: 2 }, entryForm: { type: 'annotation', value: 'hi' } } as const
    const explicit = '30 0e 80 06 00 00 00 01 00 02 a3 04 1a 02 68 69'
    expect(hex(encode(EntryContent, entry))).toBe(explicit)
    expect(decode(EntryContent, unhex(explicit))).toEqual(entry)
    expect(decode(EntryContent, unhex('30 0c 80 06 00 00 00 01 00 02 83 02 68 69'))).toEqual(entry)
  })
})
