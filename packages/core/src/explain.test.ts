import { expect, test } from 'vitest'
import { Explainer, renderTable, unhex } from './index.js'

test('spans print as a table of offset, own octets, layer, meaning, clause and source', () => {
  const inner = new Explainer('COTP', 'b.ts').add(0, 3, 'DT', 'X.224, 13.7', { value: 'last' }).spans
  const outer = new Explainer('TPKT', 'a.ts').add(0, 7, 'packet', 'RFC 1006, 6', { value: 'length 7' }).within(4, inner)
  outer.add(2, 4, 'length', 'RFC 1006, 6', { depth: 1, problem: 'wrong' })
  expect(renderTable(unhex('03 00 00 07 02 f0 80'), outer.spans)).toBe(
    [
      'at  octets    layer  meaning           standard     source',
      ' 0  03 00     TPKT   packet length 7   RFC 1006, 6  a.ts',
      ' 4  02 f0 80  COTP   DT last           X.224, 13.7  b.ts',
      ' 2  00 07     TPKT     length ← wrong  RFC 1006, 6  a.ts',
      '',
    ].join('\n'),
  )
})

test('long spans are cut after eight octets', () => {
  const octets = new Uint8Array(20)
  expect(renderTable(octets, new Explainer('X', 's').add(0, 20, 'all', 'c').spans)).toContain('00 00 00 00 00 00 00 00 …')
})
