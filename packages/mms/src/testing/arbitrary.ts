import type { BitString, Shape, Type } from '@x/ber'
import fc from 'fast-check'

// biome-ignore lint/suspicious/noExplicitAny: a type of anything
type AnyType = Type<any>
type Members = Extract<Shape, { kind: 'sequence' }>['members']

/** Values of the types that are written by hand without a declaration, by name. */
const BY_HAND: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  FloatingPoint: fc.oneof(
    fc.float().map(value => ({ formatWidth: 32, exponentWidth: 8, value })),
    fc.double().map(value => ({ formatWidth: 64, exponentWidth: 11, value })),
    fc
      .uint8Array({ minLength: 1, maxLength: 3 })
      .map(octets => ({ formatWidth: 8 * octets.length, exponentWidth: 5, value: Number.NaN, octets })),
  ),
  TimeOfDay: fc.record(
    { milliseconds: fc.nat(0xffff_ffff), days: fc.nat(0xffff) },
    { noNullPrototype: true, requiredKeys: ['milliseconds'] },
  ),
  UtcTime: fc.record({ seconds: fc.nat(0xffff_ffff), fraction: fc.nat(0xff_ffff), quality: fc.nat(255) }, { noNullPrototype: true }),
  'AP-title': fc.constantFrom('1.1.1.999', '2.16.840.1.1', [[{ type: '2.5.4.3', value: Uint8Array.of(0x13, 1, 0x61) }]]),
  'AE-qualifier': fc.oneof(fc.integer(), fc.constant([{ type: '2.5.4.3', value: Uint8Array.of(0x0c, 1, 0x61) }])),
  'Authentication-value': fc.oneof(
    fc.constantFrom('', 'secret').map(value => ({ type: 'charstring', value })),
    fc.constant({ type: 'bitstring', value: { octets: Uint8Array.of(0xa0), size: 3 } }),
    fc.constant({ type: 'other', value: { mechanismName: '2.2.3.1', value: Uint8Array.of(4, 1, 9) } }),
  ),
  EXTERNAL: fc.constantFrom(
    { directReference: '1.3.9999.1', encoding: { type: 'octet-aligned', value: Uint8Array.of(1, 2, 3) } },
    { indirectReference: 5, dataValueDescriptor: 'of no one', encoding: { type: 'single-ASN1-type', value: Uint8Array.of(5, 0) } },
  ),
  GeneralizedTime: fc.constantFrom('20240131123000.25Z', '1984010100', 'no time at all', ''),
  MMSString: fc.string({ unit: 'grapheme', maxLength: 30 }),
  GraphicString: fc.string({ unit: 'grapheme', maxLength: 30 }),
  Identifier: fc.oneof(
    { weight: 5, arbitrary: fc.string({ unit: fc.constantFrom(...'AaZz09$_.-'), minLength: 1, maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom('größe', '名前', 'x'.repeat(200), '') },
  ),
}

export const bitStrings: fc.Arbitrary<BitString> = fc.array(fc.boolean(), { maxLength: 40 }).map(bits => {
  const octets = new Uint8Array(Math.ceil(bits.length / 8))
  bits.forEach((bit, i) => {
    if (bit) octets[i >> 3]! |= 0x80 >> (i & 7)
  })
  return { octets, size: bits.length }
})

const integers = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -130, max: 130 }),
  fc
    .bigInt({ min: -(1n << 72n), max: 1n << 72n })
    .map(n => (BigInt.asIntN(54, n) === n && Number.isSafeInteger(Number(n)) ? Number(n) : n)),
)

/** Any value of a declared type that has an encoding, as decoding gives it. @param nesting how deep types that contain themselves may go */
export function arbitraryOf<T>(type: Type<T>, nesting = 3): fc.Arbitrary<T> {
  return arbitrary(type, nesting) as fc.Arbitrary<T>
}

function arbitrary(type: AnyType, nesting: number): fc.Arbitrary<unknown> {
  const { shape, name } = type
  const own = BY_HAND[name]
  if (own && (shape.kind === 'leaf' || name === 'Authentication-value' || name === 'EXTERNAL')) return own
  switch (shape.kind) {
    case 'builtin':
      return builtin(shape)
    case 'tagged':
    case 'sized':
      return arbitrary(shape.type(), nesting)
    case 'leaf':
      return arbitrary(shape.as!(), nesting)
    case 'sequence of':
    case 'set of':
      return nesting <= 0 ? fc.constant([]) : fc.array(arbitrary(shape.element(), nesting - 1), { maxLength: 5 })
    case 'sequence':
    case 'set':
      return record(shape.members, nesting)
    case 'choice': {
      const ends = shape.alternatives.filter(alternative => nesting > 0 || !isRecursive(alternative.type()))
      return fc.oneof(
        ...(ends.length > 0 ? ends : shape.alternatives).map(alternative =>
          arbitrary(alternative.type(), nesting - 1).map(value => ({
            type: alternative.key,
            value: (alternative.key === 'unsigned' || alternative.key === 'bcd') && (value as number) < 0 ? -(value as number) : value,
          })),
        ),
      )
    }
  }
}

function isRecursive({ shape }: AnyType): boolean {
  if (shape.kind === 'tagged') return isRecursive(shape.type())
  return shape.kind === 'sequence of' || shape.kind === 'sequence' || shape.kind === 'choice'
}

function record(members: Members, nesting: number): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(
    members.map(({ key, type, presence, value }) => {
      const own = arbitrary(type(), nesting)
      return [key, presence === 'default' ? fc.oneof(own, fc.constant(value)) : own]
    }),
  )
  return fc.record(model, { noNullPrototype: true, requiredKeys: members.filter(one => one.presence !== 'optional').map(one => one.key) })
}

function builtin(shape: Extract<Shape, { kind: 'builtin' }>): fc.Arbitrary<unknown> {
  if (shape.range) return fc.integer({ min: shape.range[0], max: shape.range[1] })
  if (shape.json === 'bits') return bitStrings
  if (shape.names) {
    const taken = new Set(Object.values(shape.names))
    return fc.oneof(
      fc.constantFrom(...Object.keys(shape.names)),
      fc.nat().filter(n => !taken.has(n)),
    )
  }
  switch (shape.asn1) {
    case 'ANY':
      return fc.uint8Array({ maxLength: 20 }).map(octets => Uint8Array.of(0x9f, 0x64, octets.length, ...octets))
    case 'BOOLEAN':
      return fc.boolean()
    case 'NULL':
      return fc.constant(null)
    case 'INTEGER':
      return integers
    case 'OCTET STRING':
      return fc.uint8Array({ maxLength: 40 })
    case 'OBJECT IDENTIFIER':
      return fc.constantFrom('1.0.9506.2.1', '2.999.1000000', '1.3.9999.13')
    default:
      return fc.string({ unit: fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)), maxLength: 30 })
  }
}
