import { describe, expect, test } from 'vitest'
import { transport } from '../test/harness.js'
import { class0Answers } from './negotiation.js'
import type { TransportOptions } from './options.js'

/** Parameters of a CR or CC as hex. */
type Offer = string

function octetsOf(code: 'e0' | 'd0', parameters: Offer, classOctet = '00'): string {
  const length = (6 + parameters.replaceAll(' ', '').length / 2).toString(16).padStart(2, '0')
  const references = code === 'e0' ? '00 00 00 02' : '00 01 00 02'
  return `${length} ${code} ${references} ${classOctet} ${parameters}`.trim()
}

/** Our CC's parameters for a CR with these, and the size agreed. */
function answer(offer: Offer, options: TransportOptions): [string, number] {
  const { machine, feed, take } = transport(options)
  feed(octetsOf('e0', offer))
  machine.submit({ type: 'T-CONNECT.response' })
  return [take()[0]!.slice('09 d0 00 02 00 01 00 '.length), machine.tpduSize]
}

/** What holds after a CC with these parameters: sizes to send and to receive, or what went wrong. */
function settled(cc: Offer, options: TransportOptions): [number, number] | string {
  const { machine, feed } = transport(options).to('WFCC')
  feed(octetsOf('d0', cc))
  return machine.state === 'OPEN' ? [machine.tpduSize, machine.receiveSize] : machine.fault!.code
}

describe('C-04, C-07: the size a responder answers; X.224, 6.5.4 j), k)', () => {
  const lenient = { tpduSize: 8192 }
  test.each<[string, Offer, TransportOptions, string, number]>([
    ['128 of more', 'c0 01 07', lenient, 'c0 01 07', 128],
    ['2048 of more', 'c0 01 0b', lenient, 'c0 01 0b', 2048],
    ['never more than ours', 'c0 01 0b', { tpduSize: 512 }, 'c0 01 09', 512],
    ['4096, which libiec61850 and S7 send in class 0', 'c0 01 0c', lenient, 'c0 01 0c', 4096],
    ['8192', 'c0 01 0d', lenient, 'c0 01 0d', 8192],
    ['8192, strict', 'c0 01 0d', { tpduSize: 2048, strict: true }, 'c0 01 0b', 2048],
    ['8192, only this leniency off', 'c0 01 0d', { tpduSize: 2048, largeSizes: false }, 'c0 01 0b', 2048],
    ['RC-05: code 06 is ignored', 'c0 01 06', lenient, 'c0 01 0d', 8192],
    ['RC-05: code 10, which means 65 531 to its sender', 'c0 01 10', lenient, 'c0 01 0d', 8192],
    ['RC-05: two octets of size are ignored', 'c0 02 00 0a', lenient, 'c0 01 0d', 8192],
    ['RC-04: the last of two', 'c0 01 0a c0 01 08', lenient, 'c0 01 08', 256],
    ['nothing: RFC 1006, ours', '', lenient, 'c0 01 0d', 8192],
    ['nothing: X.224, 128', '', { ...lenient, sizeWhenAbsent: 128 }, 'c0 01 07', 128],
    ['nothing, strict', '', { tpduSize: 2048, strict: true }, 'c0 01 07', 128],
    ['nothing, and we say nothing', '', { tpduSize: 65_531 }, '', 65_531],
    ['1024, and we would have said nothing', 'c0 01 0a', { tpduSize: 65_531 }, 'c0 01 0a', 1024],
    ['F0, not ours to use: C0 rules', 'c0 01 0a f0 02 01 ff', lenient, 'c0 01 0a', 1024],
    ['F0 alone, not ours to use: as absent', 'f0 02 01 ff', lenient, 'c0 01 0d', 8192],
    ['F0: the smaller, and no C0', 'c0 01 0a f0 02 01 ff', { ...lenient, preferredTpduSize: 4096 }, 'f0 01 20', 4096],
    ['F0: theirs is the smaller', 'f0 01 03', { ...lenient, preferredTpduSize: 65_408 }, 'f0 01 03', 384],
    ['F0 above what a TPKT holds', 'f0 04 00 00 ff ff', { ...lenient, preferredTpduSize: 65_408 }, 'f0 02 01 ff', 65_408],
    ['F0 of 0 is ignored', 'c0 01 0a f0 01 00', { ...lenient, preferredTpduSize: 4096 }, 'c0 01 0a', 1024],
  ])('%s', (_, offer, options, parameters, size) => {
    expect(answer(offer, options)).toEqual([parameters, size])
  })
})

describe('C-04, C-07: what an initiator makes of the answer', () => {
  const proposed = { tpduSize: 1024 }
  const both = { tpduSize: 1024, preferredTpduSize: 4096 }
  test.each<[string, Offer, TransportOptions, [number, number] | string]>([
    ['as proposed', 'c0 01 0a', proposed, [1024, 1024]],
    ['less', 'c0 01 07', proposed, [128, 128]],
    ['more: ours is used', 'c0 01 0d', proposed, [1024, 1024]],
    ['more, strict', 'c0 01 0d', { ...proposed, strict: true }, 'COTP_NEGOTIATION'],
    ['more, only this leniency off', 'c0 01 0d', { ...proposed, largerAnswer: false }, 'COTP_NEGOTIATION'],
    ['RC-05: no value', 'c0 01 0e', proposed, 'COTP_NEGOTIATION'],
    ['RC-05: wrong length', 'c0 02 00 0a', proposed, 'COTP_NEGOTIATION'],
    ['RC-05: an invalid one behind a valid one', 'c0 01 0a c0 01 0e', proposed, 'COTP_NEGOTIATION'],
    ['an invalid one in front of a valid one: the last counts', 'c0 01 0e c0 01 09', proposed, [512, 512]],
    ['nothing: send what we proposed, take what RFC 1006 allows', '', proposed, [1024, 65_531]],
    ['nothing, read by X.224', '', { ...proposed, sizeWhenAbsent: 128 }, [128, 128]],
    ['nothing, strict', '', { ...proposed, strict: true }, [128, 128]],
    ['F0 for F0', 'f0 01 10', both, [2048, 2048]],
    ['F0 for F0, more', 'f0 01 21', both, 'COTP_NEGOTIATION'],
    ['F0 for F0, 0', 'f0 01 00', both, 'COTP_NEGOTIATION'],
    ['C0 for F0', 'c0 01 09', both, [512, 512]],
    ['both', 'c0 01 0a f0 01 08', both, 'COTP_NEGOTIATION'],
    ['F0 that nobody asked for', 'f0 01 08', proposed, 'COTP_NEGOTIATION'],
    ['any size for silence', 'c0 01 0d', { tpduSize: 65_531 }, [8192, 8192]],
    ['silence for silence', '', { tpduSize: 65_531 }, [65_531, 65_531]],
    ['silence for silence, read by X.224', '', { tpduSize: 65_531, strict: true }, [128, 128]],
    ['512 for silence, read by X.224', 'c0 01 09', { tpduSize: 65_531, strict: true }, 'COTP_NEGOTIATION'],
  ])('%s', (_, cc, options, outcome) => {
    expect(settled(cc, options)).toEqual(outcome)
  })

  test('a larger answer is counted', () => {
    const { machine, feed } = transport().to('WFCC')
    feed(octetsOf('d0', 'c0 01 0d'))
    expect(machine.tolerated).toEqual({ largerAnswer: 1 })
  })

  test.each<[TransportOptions, string]>([
    [{}, 'c0 01 0d'],
    [{ strict: true }, 'c0 01 0b'],
    [{ tpduSize: 128 }, 'c0 01 07'],
    [{ tpduSize: 65_531 }, ''],
    [{ tpduSize: 2048, preferredTpduSize: 65_408 }, 'c0 01 0b f0 02 01 ff'],
  ])('with %o the CR proposes %s', (options, parameters) => {
    const { machine, take } = transport({ tpduSize: undefined as never, ...options })
    machine.submit({ type: 'T-CONNECT.request' })
    expect(take()).toEqual([octetsOf('e0', parameters).replace('00 00 00 02', '00 00 00 01')])
  })
})

describe('C-03: the class; X.224, Table 3', () => {
  /** Valid answers by preferred class and alternative, as the table has them; undefined: not valid. */
  const TABLE: readonly (readonly (string | undefined)[])[] = [
    ['0', undefined, undefined, undefined, undefined, undefined],
    ['1, 0', '1, 0', '1, 0', undefined, undefined, undefined],
    ['2', '2, 0', undefined, '2', undefined, undefined],
    ['3, 2', '3, 2, 0', '3, 2, 1, 0', '3, 2', '3, 2', undefined],
    ['4, 2', '4, 2, 0', '4, 2, 1, 0', '4, 2', '4, 3, 2', '4, 2'],
  ]
  const cells = TABLE.flatMap((row, preferred) =>
    row.map((cell, column) => ({ preferred, alternatives: column === 0 ? [] : [column - 1], cell })),
  )

  test.each(cells)('preferred $preferred, alternatives $alternatives: $cell', ({ preferred, alternatives, cell }) => {
    const expected = cell === undefined ? 'invalid' : cell.includes('0') ? 'yes' : 'no'
    expect(class0Answers(preferred, alternatives)).toBe(expected)
    if (preferred === 0 && alternatives.length > 0) return // lenient by default, see the tolerances
    const { machine, feed, take } = transport()
    feed(octetsOf('e0', alternatives.length ? `c7 01 ${alternatives[0]}0` : '', `${preferred}0`))
    const sent = take().map(text => text.slice(3, 5))
    if (expected === 'yes') expect([machine.state, sent]).toEqual(['WFTRESP', []])
    else expect([machine.state, sent]).toEqual(['CLOSED', [expected === 'no' ? '80' : '70', 'se']])
  })

  test('RC-03: a CR that does not offer class 0 gets DR 130; several alternatives are a union', () => {
    const refused = transport()
    refused.feed(octetsOf('e0', 'c7 02 20 30', '40'))
    expect(refused.take()).toEqual(['06 80 00 02 00 00 82', 'close'])
    const accepted = transport()
    accepted.feed(octetsOf('e0', 'c7 03 20 30 00', '40'))
    accepted.machine.submit({ type: 'T-CONNECT.response' })
    expect(accepted.take()).toEqual(['09 d0 00 02 00 01 00 c0 01 0a'])
  })

  test('a class above 4 has no answer', () => {
    expect(class0Answers(5, [])).toBe('invalid')
  })
})
