import fc from 'fast-check'
import type { AnyType, BitString, BuiltinShape, Integer, MemberShape, Type } from '../type.js'

/**
 * Any value of a declared type. Values are as decoding gives them: integers are numbers where that is exact, bit strings have their
 * unused bits clear, members with a DEFAULT are present.
 *
 * @param nesting how deep types that contain themselves may go
 */
export function arbitraryOf<T>(type: Type<T>, nesting = 3): fc.Arbitrary<T> {
  return arbitrary(type, nesting) as fc.Arbitrary<T>
}

const octets = (size: fc.SizeForArbitrary | undefined = undefined): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.uint8Array({ maxLength: 12, ...(size && { size }) }) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 120, maxLength: 300 }) },
  )

const text = (least: number, most: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: least, max: most }), { maxLength: 40 }).map(codes => String.fromCharCode(...codes))

export const integers: fc.Arbitrary<Integer> = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.integer({ min: -130, max: 130 }),
  fc.bigInt({ min: -(1n << 72n), max: 1n << 72n }).map(n => (n >= Number.MIN_SAFE_INTEGER && n <= Number.MAX_SAFE_INTEGER ? Number(n) : n)),
)

export const bitStrings: fc.Arbitrary<BitString> = fc.array(fc.boolean(), { maxLength: 40 }).map(bits => {
  const filled = new Uint8Array(Math.ceil(bits.length / 8))
  bits.forEach((bit, i) => {
    if (bit) filled[i >> 3]! |= 0x80 >> (i & 7)
  })
  return { octets: filled, size: bits.length }
})

export const objectIdentifiers: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(0, 1, 2),
    fc.nat(39),
    fc.array(fc.oneof(fc.nat(300), fc.nat(), fc.maxSafeInteger().map(Math.abs)), { maxLength: 6 }),
  )
  .map(([root, second, more]) => [root, root === 2 ? second * 1000 : second, ...more].join('.'))

const times = fc.record(
  {
    year: fc.nat(9999),
    month: fc.nat(99),
    day: fc.nat(99),
    hour: fc.nat(99),
    minute: fc.nat(99),
    fraction: fc.array(fc.nat(9), { minLength: 1, maxLength: 9 }).map(digits => digits.join('')),
    offset: fc.integer({ min: -5999, max: 5999 }),
  },
  { noNullPrototype: true, requiredKeys: ['year', 'month', 'day', 'hour', 'minute'] },
)

function arbitrary(type: AnyType, nesting: number): fc.Arbitrary<unknown> {
  const { shape } = type
  switch (shape.kind) {
    case 'builtin':
      return builtin(shape)
    case 'tagged':
      return arbitrary(shape.type(), nesting)
    case 'sized':
      return arbitrary(shape.type(), nesting).filter(value => {
        const size = (value as { size?: number; length: number }).size ?? (value as { length: number }).length
        return size >= shape.least && size <= shape.most
      })
    case 'leaf':
      if (!shape.as) throw new TypeError(`${type.name} is written by hand and has no declaration`)
      return arbitrary(shape.as(), nesting)
    case 'sequence of':
    case 'set of':
      return nesting <= 0 ? fc.constant([]) : fc.array(arbitrary(shape.element(), nesting - 1), { maxLength: 5 })
    case 'sequence':
    case 'set':
      return members(shape.members, nesting)
    case 'choice': {
      // Where it gets deep, only alternatives that end.
      const ends = shape.alternatives.filter(({ type: inner }) => nesting > 0 || !holdsMore(inner()))
      const usable = ends.length > 0 ? ends : shape.alternatives
      return fc.oneof(...usable.map(({ key, type: inner }) => arbitrary(inner(), nesting).map(value => ({ type: key, value }))))
    }
  }
}

function holdsMore({ shape }: AnyType): boolean {
  if (shape.kind === 'tagged' || shape.kind === 'sized') return holdsMore(shape.type())
  return shape.kind !== 'builtin'
}

function members(shapes: readonly MemberShape[], nesting: number): fc.Arbitrary<unknown> {
  const model = Object.fromEntries(
    shapes.map(({ key, type, presence, value }) => {
      const own = arbitrary(type(), nesting)
      return [key, presence === 'default' ? fc.oneof(own, fc.constant(value)) : own]
    }),
  )
  return fc.record(model, { noNullPrototype: true, requiredKeys: shapes.filter(one => one.presence !== 'optional').map(one => one.key) })
}

function builtin({ asn1, names, range, json }: BuiltinShape): fc.Arbitrary<unknown> {
  if (range) return fc.integer({ min: range[0], max: range[1] })
  if (json === 'bits') return bitStrings
  if (names) {
    const taken = new Set(Object.values(names))
    return fc.oneof(
      fc.constantFrom(...Object.keys(names)),
      fc.integer().filter(n => !taken.has(n)),
    )
  }
  if (asn1 === 'ANY') {
    return octets().map(inner => {
      const length = inner.length < 128 ? [inner.length] : [0x82, inner.length >> 8, inner.length & 255]
      return Uint8Array.of(0xc1, ...length, ...inner)
    })
  }
  switch (asn1) {
    case 'BOOLEAN':
      return fc.boolean()
    case 'NULL':
      return fc.constant(null)
    case 'INTEGER':
      return integers
    case 'OCTET STRING':
      return octets()
    case 'OBJECT IDENTIFIER':
      return objectIdentifiers
    case 'GeneralizedTime':
      return times
    case 'UTF8String':
      return fc.string({ unit: 'grapheme', maxLength: 20 })
    case 'VisibleString':
    case 'PrintableString':
      return text(0x20, 0x7e)
    case 'NumericString':
      return text(0x30, 0x39)
    case 'IA5String':
      return text(0, 0x7f)
    default:
      return text(0, 0xff)
  }
}
