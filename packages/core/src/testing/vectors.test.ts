import { describe, expect, test } from 'vitest'
import { hex } from '../octets.js'
import { octetsOf, readRecording, streamsOf, turnsOf } from './vectors.js'

const file = {
  name: 'two-connections',
  client: 'one',
  server: 'another',
  segments: [
    { dir: 'c2s', octets: '0300' },
    { dir: 'c2s', octets: '0007' },
    { stream: 4, dir: 'c2s', octets: 'ff' },
    { dir: 's2c', octets: '01' },
    { dir: 'c2s', octets: '', end: 'fin' },
    { dir: 'c2s', octets: '02' },
  ],
  pdus: [{ dir: 'c2s', layer: 'cotp', pdu: 'CR' }],
}

describe('a file of vectors', () => {
  test('is read with its defaults filled in', () => {
    const recording = readRecording(file)!
    expect(recording).toMatchObject({ holds: '', irregular: [] })
    expect(recording.pdus).toEqual([{ stream: 0, dir: 'c2s', layer: 'cotp', pdu: 'CR' }])
    expect(streamsOf(recording)).toEqual([0, 4])
    expect(hex(octetsOf(recording, 0, 'c2s'))).toBe('03 00 00 07 02')
  })

  test('is a dialogue of turns; an end ends a turn', () => {
    const turns = turnsOf(readRecording(file)!, 0).map(({ dir, octets, end }) => [dir, hex(octets), end])
    expect(turns).toEqual([
      ['c2s', '03 00 00 07', undefined],
      ['s2c', '01', undefined],
      ['c2s', '', 'fin'],
      ['c2s', '02', undefined],
    ])
  })

  test('that holds no conversation is none', () => {
    expect(readRecording({ about: 'PDUs', pdus: [] })).toBeUndefined()
  })
})
