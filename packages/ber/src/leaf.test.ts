import { hex, Sdu, unhex } from '@x/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type BerReader,
  bitString,
  CONSTRUCTED,
  contextTag,
  DEFAULT_DEPTH,
  decode,
  encode,
  implicit,
  leaf,
  NULL,
  prependBitStringElement,
  prependBoolean,
  prependHeader,
  prependIntegerElement,
  prependObjectIdentifierElement,
  prependOctets,
  prependOctetsElement,
  prependUtf8Element,
  prependVisibleElement,
  readBitString,
  readBoolean,
  readElements,
  readInteger,
  readObjectIdentifier,
  readOctets,
  readUtf8,
  readView,
  readVisible,
  SEQUENCE_OF,
  type Type,
  toJson,
  unencodable,
  within,
} from './index.js'
import { arbitraryOf } from './testing/arbitrary.js'
import { failure, refusal } from './testing/failure.js'
import { Tree } from './testing/types.js'

/** `Tree` written by hand, from what the package exports for that. */
const ByHand: Type<Tree> = leaf<Tree>({
  name: 'Tree',
  tags: [1, 2, 3, 4, 5, 9, 10].flatMap(number =>
    number < 3 ? [contextTag(number, CONSTRUCTED)] : [contextTag(number), contextTag(number, CONSTRUCTED)],
  ),
  get: read,
  put: write,
  as: Tree,
})

function read(reader: BerReader, tag: number): Tree {
  switch (tag) {
    case 0xa1:
      return { type: 'array', value: list(reader, 'array') }
    case 0xa2:
      return { type: 'structure', value: list(reader, 'structure') }
    case 0x83:
      return { type: 'boolean', value: readBoolean(reader) }
    case 0x84:
    case 0xa4:
      return { type: 'bits', value: readBitString(reader, tag) }
    case 0x85:
      return { type: 'integer', value: readInteger(reader) }
    case 0x89:
    case 0xa9:
      return { type: 'octetString', value: readOctets(reader, tag) }
    case 0x8a:
    case 0xaa:
      return { type: 'visibleString', value: readVisible(reader, tag) }
    default:
      throw reader.error('BER_CHOICE', 'expected a Tree', reader.start)
  }
}

function list(reader: BerReader, name: string): readonly Tree[] {
  reader.enter()
  try {
    return readElements(reader, read)
  } catch (error) {
    throw within(error, name)
  } finally {
    reader.leave()
  }
}

function write(sdu: Sdu, tree: Tree): void {
  switch (tree.type) {
    case 'array':
    case 'structure': {
      const before = sdu.length
      for (const part of tree.value.toReversed()) write(sdu, part)
      return prependHeader(sdu, contextTag(tree.type === 'array' ? 1 : 2, CONSTRUCTED), sdu.length - before)
    }
    case 'boolean':
      prependBoolean(sdu, tree.value)
      return prependHeader(sdu, 0x83, 1)
    case 'bits':
      return prependBitStringElement(sdu, tree.value, 0x84)
    case 'integer':
      return prependIntegerElement(sdu, tree.value, 0x85)
    case 'octetString':
      return prependOctetsElement(sdu, tree.value, 0x89)
    case 'visibleString':
      return prependVisibleElement(sdu, tree.value, 0x8a)
    default:
      throw unencodable('BER_CHOICE', 'a Tree', tree)
  }
}

describe('a type written by hand', () => {
  test('has the octets and the values of its declaration', () => {
    fc.assert(
      fc.property(arbitraryOf(Tree, 5), value => {
        const octets = encode(Tree, value)
        expect(hex(encode(ByHand, value))).toBe(hex(octets))
        expect(decode(ByHand, octets)).toStrictEqual(value)
        expect(toJson(ByHand, value)).toStrictEqual(toJson(Tree, value))
      }),
      { numRuns: 300 },
    )
  })

  test('refuses what its declaration refuses, with the same path and offset', () => {
    fc.assert(
      fc.property(arbitraryOf(Tree, 5), fc.nat(), fc.nat(255), (value, at, octet) => {
        const octets = Uint8Array.from(encode(Tree, value))
        octets[at % octets.length] = octet
        const [byHand, declared] = [ByHand, Tree].map(type => failure(() => decode(type, octets)))
        expect(byHand!.offset).toBe(declared!.offset)
        // A leaf names the type where a CHOICE names the alternatives.
        if (!['BER_TAG', 'BER_CHOICE'].includes(byHand!.code)) expect(byHand!.code).toBe(declared!.code)
      }),
      { numRuns: 500 },
    )
    expect(failure(() => decode(SEQUENCE_OF(ByHand), unhex('30 07 a2 05 83 01 ff 86 00')))).toMatchObject({
      code: 'BER_CHOICE',
      path: '[0].structure[1]',
      offset: 7,
    })
    expect(failure(() => decode(SEQUENCE_OF(ByHand), unhex('30 02 86 00')))).toMatchObject({ code: 'BER_TAG', path: '[0]' })
  })

  test('reads indefinite lengths and segments without knowing of them', () => {
    const value = decode(ByHand, unhex('a1 80 a4 80 03 02 00 aa 03 02 04 b0 00 00 aa 80 1a 01 41 04 01 42 00 00 00 00'))
    expect(value).toStrictEqual({
      type: 'array',
      value: [
        { type: 'bits', value: { octets: unhex('aa b0'), size: 12 } },
        { type: 'visibleString', value: 'AB' },
      ],
    })
  })

  test('a CHOICE asked for a tag that it does not have says so', () => {
    const get = Tree.codec().get
    const Misled = leaf<Tree>({ name: 'Misled', tags: [5], get, put: () => undefined })
    expect(failure(() => decode(Misled, unhex('05 00')))).toMatchObject({ code: 'BER_CHOICE', path: 'Misled', offset: 2 })
  })

  test('a limit of depth reached by hand is the same as that of a declaration', () => {
    let octets = unhex('a1 00')
    for (let i = 0; i < DEFAULT_DEPTH; i++) octets = Uint8Array.of(0xa1, octets.length, ...octets)
    expect(failure(() => decode(ByHand, octets)).code).toBe('BER_DEPTH')
    expect(decode(ByHand, octets.subarray(2))).toHaveProperty('type', 'array')
  })
})

test('the rest of what a hand-written node may use', () => {
  const sdu = new Sdu()
  prependUtf8Element(sdu, 'ä', 0x0c)
  prependObjectIdentifierElement(sdu, '1.2.3', 0x06)
  prependOctets(sdu, unhex('01'))
  prependHeader(sdu, 0x84, 1)
  expect(hex(sdu.octets())).toBe('84 01 01 06 02 2a 03 0c 02 c3 a4')
  const Text = leaf<string>({
    name: 'Text',
    tags: [0x06, 0x0c],
    get: (reader, tag) => (tag === 6 ? readObjectIdentifier(reader) : readUtf8(reader, tag)),
    put: prependUtf8Element,
  })
  expect(decode(SEQUENCE_OF(Text), unhex('30 08 06 02 2a 03 0c 02 c3 a4'))).toStrictEqual(['1.2.3', 'ä'])
  const Raw = leaf<Uint8Array>({ name: 'Raw', tags: [0x04], get: readView, put: prependOctetsElement })
  const input = unhex('04 02 aa bb')
  expect(decode(Raw, input)).toStrictEqual(unhex('aa bb'))
  expect(decode(Raw, input).buffer).toBe(input.buffer)
  // One tag in two forms can be replaced; several tags cannot, and the new one is explicit.
  expect(hex(encode(implicit(1, Raw), unhex('aa')))).toBe('81 01 aa')
  expect(hex(encode(implicit(1, ByHand), { type: 'bits', value: bitString([true]) }))).toBe('a1 04 84 02 07 80')
  expect(refusal(() => encode(ByHand, { type: 'gone' } as never)).code).toBe('BER_CHOICE')
  const error = new RangeError('not ours')
  expect(within(error, 'name')).toBe(error)
  const Faulty = leaf<null>({
    name: 'Faulty',
    tags: [5],
    get() {
      throw error
    },
    put() {
      throw error
    },
  })
  // A mistake in the program is not dressed up as one of the peer.
  expect(() => decode(SEQUENCE_OF(Faulty), unhex('30 02 05 00'))).toThrow(error)
  expect(() => decode(SEQUENCE_OF(Faulty), unhex('30 80 05 00 00 00'))).toThrow(error)
  expect(() => encode(SEQUENCE_OF(Faulty), [null])).toThrow(error)
  expect(decode(NULL, unhex('05 00'))).toBeNull()
})
