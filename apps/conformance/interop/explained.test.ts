import { describe, expect, test } from 'vitest'
import { explainSegments, firstDifference, nameOf } from './explained.js'
import { loadVector, segmentsOf, type Vector, vectorsOf } from './vectors.js'

const name = (pdu: Vector['pdus'][number]): string =>
  nameOf({ ...pdu, layer: pdu.layer as 'mms', ...(pdu.pdu === 'reject' ? { service: undefined as never } : {}) })

describe.each(['association', 'browse', 'control', 'reports', 'scripted-server', 'segmentation', 'services'])('vectors/%s', group => {
  test.each(vectorsOf(group).map(vector => [vector.name, vector] as const))(
    'explain names the PDUs of %s as the vector does',
    (_, vector) => {
      const { pdus, problems } = explainSegments(segmentsOf(vector))
      // Where lengths contradict each other, explain stops and says so; the reader behind the vector guessed on.
      if (vector.irregular !== undefined && problems.length > 0) return
      expect(problems).toEqual([])
      expect(pdus.map(nameOf).sort()).toEqual(vector.pdus.map(name).sort())
    },
  )
})

test('octets that come one at a time give the same units', () => {
  const segments = segmentsOf(loadVector('services', 'read-multiple.json'))
  const single = segments.flatMap(one => Array.from(one.octets, (_, i) => ({ ...one, octets: one.octets.subarray(i, i + 1) })))
  expect(explainSegments(single)).toEqual(explainSegments(segments))
})

test('a broken PDU is a problem of whoever sent it', () => {
  const { problems } = explainSegments(segmentsOf(loadVector('scripted-client', 'rawclient-reject-invalid-ber-in-read.json')))
  expect(problems.length).toBeGreaterThan(0)
  expect(problems.every(({ fromClient }) => fromClient)).toBe(true)
})

test('the first difference of two readers is told with what each says', () => {
  const read = { layer: 'mms', pdu: 'confirmed-Request', service: 'read', invokeId: 7 } as const
  expect(firstDifference([read], [read])).toBeUndefined()
  expect(firstDifference([read], [{ ...read, service: 'write' }])).toBe(
    'unit 1: explain says mms confirmed-Request read 7, tshark mms confirmed-Request write 7',
  )
  expect(firstDifference([read], [])).toBe('unit 1: explain says mms confirmed-Request read 7, tshark nothing')
})
