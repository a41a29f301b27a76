import { DecodeError, hex, Sdu, unhex } from '@x/core'
import * as asn1js from 'asn1js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromAsn1js, toAsn1js } from './asn1js.js'
import {
  ANY,
  BerReader,
  BIT_STRING,
  type BitString,
  BOOLEAN,
  CONSTRUCTED,
  decode,
  encode,
  GraphicString,
  INTEGER,
  type Integer,
  implicit,
  NULL,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  SET_OF,
  tagClass,
  tagNumber,
  tagOf,
  UTF8String,
  VisibleString,
} from './index.js'
import { arbitraryOf, bitStrings, integers, objectIdentifiers } from './testing/arbitrary.js'
import { failure, refusal } from './testing/failure.js'
import { Everything } from './testing/types.js'
import { prependHeader } from './writer.js'

/** An element with nothing known but its tag. */
interface Tlv {
  readonly tagClass: number
  readonly number: number
  readonly contents: string | readonly Tlv[]
}

const CLASSES = [0x40, 0x80, 0xc0] as const

/** Trees without universal tags: asn1js looks into the contents of those. */
const trees: fc.Arbitrary<Tlv> = fc.letrec<{ tlv: Tlv }>(tie => ({
  tlv: fc.record(
    {
      tagClass: fc.constantFrom(...CLASSES),
      number: fc.oneof(fc.nat(40), fc.nat(100_000)),
      contents: fc.oneof(
        { depthSize: 'small', maxDepth: 8 },
        fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ minLength: 120, maxLength: 300 })).map(octets => hex(octets)),
        fc.array(tie('tlv'), { maxLength: 4 }),
      ),
    },
    { noNullPrototype: true },
  ),
})).tlv

function write(sdu: Sdu, { tagClass: own, number, contents }: Tlv): void {
  const before = sdu.length
  if (typeof contents === 'string') sdu.prepend(unhex(contents))
  else for (const part of contents.toReversed()) write(sdu, part)
  prependHeader(sdu, tagOf(own as 0x80, number, typeof contents === 'string' ? 0 : CONSTRUCTED), sdu.length - before)
}

function read(reader: BerReader, limit: number): Tlv {
  const tag = reader.header(limit)
  const end = reader.end
  const parts: Tlv[] = []
  let contents: Tlv['contents'] = hex(reader.octets.subarray(reader.position, end))
  if (tag & CONSTRUCTED) {
    contents = parts
    while (reader.position < end) parts.push(read(reader, end))
  }
  reader.position = end
  return { tagClass: tagClass(tag), number: tagNumber(tag), contents }
}

function toTree(block: asn1js.BaseBlock): Tlv {
  const { tagClass: own, tagNumber: number } = block.idBlock
  const contents =
    block instanceof asn1js.Constructed
      ? block.valueBlock.value.map(toTree)
      : hex(new Uint8Array((block as asn1js.Primitive).valueBlock.valueHexView))
  return { tagClass: (own - 1) << 6, number, contents }
}

function toBlock({ tagClass: own, number, contents }: Tlv): asn1js.BaseBlock {
  const idBlock = { tagClass: (own >> 6) + 1, tagNumber: number }
  return typeof contents === 'string'
    ? new asn1js.Primitive({ idBlock, valueHex: unhex(contents) as Uint8Array<ArrayBuffer> })
    : new asn1js.Constructed({ idBlock, value: contents.map(toBlock) as never })
}

describe('the same octets, read and written by asn1js', () => {
  test('trees of elements: our octets give asn1js the same tree, and its octets give us the same', () => {
    fc.assert(
      fc.property(trees, tree => {
        const sdu = new Sdu()
        write(sdu, tree)
        const ours = sdu.octets()
        expect(toTree(toAsn1js(ours))).toStrictEqual(tree)
        const theirs = fromAsn1js(toBlock(tree))
        expect(hex(theirs)).toBe(hex(ours))
        expect(read(new BerReader(theirs), theirs.length)).toStrictEqual(tree)
      }),
      { numRuns: 300 },
    )
  })

  interface Scalars {
    flag: boolean
    number: Integer
    bits: BitString
    octets: Uint8Array
    nothing: null
    oid: string
    utf8: string
    visible: string
    names: readonly string[]
    numbers: readonly Integer[]
  }
  const Scalars = SEQUENCE<Scalars>('Scalars', {
    flag: BOOLEAN,
    number: INTEGER,
    bits: BIT_STRING,
    octets: OCTET_STRING,
    nothing: NULL,
    oid: OBJECT_IDENTIFIER,
    utf8: UTF8String,
    visible: VisibleString,
    names: SEQUENCE_OF(GraphicString),
    numbers: SET_OF(INTEGER),
  })

  /** The values as asn1js sees them. */
  function values(root: asn1js.BaseBlock): Scalars {
    const parts = (root as asn1js.Sequence).valueBlock.value as unknown
    const [flag, number, bits, octets, , oid, utf8, visible, names, numbers] = parts as [
      asn1js.Boolean,
      asn1js.Integer,
      asn1js.BitString,
      asn1js.OctetString,
      asn1js.Null,
      asn1js.ObjectIdentifier,
      asn1js.Utf8String,
      asn1js.VisibleString,
      asn1js.Sequence,
      asn1js.Set,
    ]
    const bitOctets = new Uint8Array(bits.valueBlock.valueHexView)
    return {
      flag: flag.getValue(),
      number: normal(number.toBigInt()),
      bits: { octets: bitOctets, size: 8 * bitOctets.length - bits.valueBlock.unusedBits },
      octets: new Uint8Array(octets.valueBlock.valueHexView),
      nothing: null,
      oid: oid.getValue(),
      utf8: utf8.getValue(),
      visible: visible.getValue(),
      names: names.valueBlock.value.map(one => (one as asn1js.GraphicString).getValue()),
      numbers: numbers.valueBlock.value.map(one => normal((one as asn1js.Integer).toBigInt())),
    }
  }
  const normal = (n: bigint): Integer => (n >= Number.MIN_SAFE_INTEGER && n <= Number.MAX_SAFE_INTEGER ? Number(n) : n)

  // asn1js reads arcs above 2^31 as text of another form.
  const scalars = arbitraryOf(Scalars).map(value => ({
    ...value,
    oid: value.oid
      .split('.')
      .map(arc => (Number(arc) > 2 ** 31 - 1 ? '7' : arc))
      .join('.'),
  }))

  test('values of declared types: asn1js finds the same values in our octets', () => {
    fc.assert(
      fc.property(scalars, value => {
        expect(values(toAsn1js(encode(Scalars, value)))).toStrictEqual(value)
      }),
      { numRuns: 300 },
    )
  })

  test('values of declared types: we find the same values in octets of asn1js, which are ours', () => {
    const string = <T>(value: T) => ({ value })
    fc.assert(
      fc.property(scalars, value => {
        const root = new asn1js.Sequence({
          value: [
            new asn1js.Boolean({ value: value.flag }),
            asn1js.Integer.fromBigInt(BigInt(value.number)),
            new asn1js.BitString({
              valueHex: value.bits.octets as Uint8Array<ArrayBuffer>,
              unusedBits: 8 * value.bits.octets.length - value.bits.size,
            }),
            new asn1js.OctetString({ valueHex: value.octets as Uint8Array<ArrayBuffer> }),
            new asn1js.Null(),
            new asn1js.ObjectIdentifier(string(value.oid)),
            new asn1js.Utf8String(string(value.utf8)),
            new asn1js.VisibleString(string(value.visible)),
            new asn1js.Sequence({ value: value.names.map(name => new asn1js.GraphicString(string(name))) }),
            new asn1js.Set({ value: value.numbers.map(number => asn1js.Integer.fromBigInt(BigInt(number))) }),
          ] as never,
        })
        const octets = fromAsn1js(root)
        expect(decode(Scalars, octets)).toStrictEqual(value)
        expect(hex(encode(Scalars, value))).toBe(hex(octets))
      }),
      { numRuns: 300 },
    )
  })

  test('whatever we encode, asn1js reads to the end', () => {
    fc.assert(
      fc.property(arbitraryOf(Everything), value => {
        const octets = encode(Everything, value)
        expect(toAsn1js(octets).blockLength).toBe(octets.length)
      }),
    )
  })

  test('single values in isolation', () => {
    fc.assert(
      fc.property(integers, bitStrings, objectIdentifiers, (number, bits, oid) => {
        expect(normal((toAsn1js(encode(INTEGER, number)) as asn1js.Integer).toBigInt())).toBe(number)
        expect((toAsn1js(encode(BIT_STRING, bits)) as asn1js.BitString).valueBlock.unusedBits).toBe(8 * bits.octets.length - bits.size)
        expect(toAsn1js(encode(OBJECT_IDENTIFIER, oid))).toBeInstanceOf(asn1js.ObjectIdentifier)
      }),
    )
  })
})

describe('toAsn1js and fromAsn1js', () => {
  test('B-05: an open type becomes typed objects and goes back unchanged', () => {
    const octets = unhex('30 0b 02 01 05 a1 06 0c 04 74 65 78 74'.replace('30 0b', '30 0b'))
    const sequence = toAsn1js(decode(ANY, octets)) as asn1js.Sequence
    expect(sequence).toBeInstanceOf(asn1js.Sequence)
    expect((sequence.valueBlock.value[0] as asn1js.Integer).valueBlock.valueDec).toBe(5)
    expect(hex(encode(implicit(0, ANY), fromAsn1js(sequence)))).toBe(`a0 0d ${hex(octets)}`)
  })

  test('RB-10, RB-11: our limits hold, not those of asn1js', () => {
    const nested = (n: number) => {
      let octets: number[] = []
      for (let i = 0; i < n; i++)
        octets = octets.length < 128 ? [0x30, octets.length, ...octets] : [0x30, 0x82, octets.length >> 8, octets.length & 255, ...octets]
      return Uint8Array.from(octets)
    }
    expect(toAsn1js(nested(32))).toBeInstanceOf(asn1js.Sequence)
    expect(failure(() => toAsn1js(nested(33))).code).toBe('BER_DEPTH')
    expect(toAsn1js(nested(99), { depth: 200 })).toBeInstanceOf(asn1js.Sequence)
    expect(toAsn1js(nested(150), { depth: 200 })).toBeInstanceOf(asn1js.Sequence)
    const list = (n: number) =>
      Uint8Array.of(0x30, 0x83, 0, (2 * n) >> 8, (2 * n) & 255, ...Array.from({ length: 2 * n }, (_, i) => (i % 2 ? 0 : 5)))
    expect(toAsn1js(list(16_383))).toBeInstanceOf(asn1js.Sequence)
    expect(failure(() => toAsn1js(list(16_384))).code).toBe('BER_ELEMENTS')
    expect(failure(() => toAsn1js(unhex('04 02 01 02'), { length: 3 })).code).toBe('BER_INPUT')
  })

  test('RB-17: a long object identifier is refused before asn1js spends time on it', () => {
    const octets = new Uint8Array(60_004).fill(0x81)
    octets.set(unhex('06 82 ea 60'))
    octets[60_003] = 1
    const begin = performance.now()
    expect(failure(() => toAsn1js(octets)).code).toBe('BER_OID')
    expect(performance.now() - begin).toBeLessThan(100)
    expect(failure(() => toAsn1js(Uint8Array.of(0x30, 0x82, 0xea, 0x64, ...octets))).code).toBe('BER_OID')
  })

  test('broken octets are one typed error with an offset', () => {
    expect(failure(() => toAsn1js(unhex('30 03 02 02 05')))).toMatchObject({ code: 'BER_LENGTH', offset: 3 })
    expect(failure(() => toAsn1js(unhex('05 00 05 00')))).toMatchObject({ code: 'BER_TRAILING', offset: 2 })
    expect(failure(() => toAsn1js(unhex(''))).code).toBe('BER_TRUNCATED_TAG')
    expect(failure(() => toAsn1js(unhex('01 02 00 00'), { layer: 'mms' })).code).toMatch(/^BER_|none/)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), octets => {
        try {
          toAsn1js(octets)
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('an object without an encoding is one typed error', () => {
    const failing = new asn1js.Null()
    failing.toBER = () => {
      throw new TypeError('no')
    }
    expect(refusal(() => fromAsn1js(failing)).code).toBe('BER_ASN1JS')
    const empty = new asn1js.Null()
    empty.toBER = () => new ArrayBuffer(0)
    expect(refusal(() => fromAsn1js(empty)).code).toBe('BER_ASN1JS')
  })
})
