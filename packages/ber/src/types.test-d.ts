/**
 * What must not compile. `tsc -p tsconfig.test.json` fails where an expected error is missing; nothing here runs.
 */
import {
  type BitString,
  BOOLEAN,
  CHOICE,
  type Choice,
  decode,
  ENUMERATED,
  encode,
  explicit,
  INTEGER,
  type Integer,
  implicit,
  integerRange,
  type Lazy,
  type Named,
  NULL,
  namedBits,
  namedInteger,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  SET,
  type Type,
  VisibleString,
} from './index.js'

const Small = integerRange('Small', 0, 9)

interface Point {
  x: number
  y: number
  label?: string
}

// What it should be.
export const Good: Type<Point> = SEQUENCE<Point>('Point', { x: Small, y: implicit(1, Small).default(3), label: VisibleString.optional() })
export const GoodSet: Type<Point> = SET<Point>('Point', { x: Small, y: () => Small, label: implicit(2, VisibleString).optional() })

// @ts-expect-error SEQUENCE: y is missing
SEQUENCE<Point>('Point', { x: Small, label: VisibleString.optional() })
// @ts-expect-error SEQUENCE: an optional member is missing
SEQUENCE<Point>('Point', { x: Small, y: Small })
// @ts-expect-error SEQUENCE: z is too many
SEQUENCE<Point>('Point', { x: Small, y: Small, label: VisibleString.optional(), z: Small })
// @ts-expect-error SEQUENCE: y is a number, not a string
SEQUENCE<Point>('Point', { x: Small, y: VisibleString, label: VisibleString.optional() })
// @ts-expect-error SEQUENCE: y is a number, never a bigint
SEQUENCE<Point>('Point', { x: Small, y: INTEGER, label: VisibleString.optional() })
// @ts-expect-error SEQUENCE: label is optional in the interface only
SEQUENCE<Point>('Point', { x: Small, y: Small, label: VisibleString })
// @ts-expect-error SEQUENCE: y is optional in the declaration only
SEQUENCE<Point>('Point', { x: Small, y: Small.optional(), label: VisibleString.optional() })
// @ts-expect-error SEQUENCE: a member with a DEFAULT is always there
SEQUENCE<Point>('Point', { x: Small, y: Small, label: VisibleString.default('') })
// @ts-expect-error SEQUENCE: a DEFAULT of another type
SEQUENCE<Point>('Point', { x: Small, y: Small.default('3'), label: VisibleString.optional() })
// @ts-expect-error SEQUENCE: a wrong type behind a tag
SEQUENCE<Point>('Point', { x: Small, y: explicit(1, BOOLEAN), label: VisibleString.optional() })
// @ts-expect-error SEQUENCE: a wrong type behind optional
SEQUENCE<Point>('Point', { x: Small, y: Small, label: OCTET_STRING.optional() })
// @ts-expect-error SEQUENCE: a wrong type given as a function
SEQUENCE<Point>('Point', { x: Small, y: () => BOOLEAN, label: VisibleString.optional() })
// @ts-expect-error SET: y is missing
SET<Point>('Point', { x: Small, label: VisibleString.optional() })
// @ts-expect-error SET: z is too many
SET<Point>('Point', { x: Small, y: Small, label: VisibleString.optional(), z: Small })

type Name = Choice<{ number: Integer; text: string; nothing: null }>

export const GoodChoice: Type<Name> = CHOICE<Name>('Name', { number: INTEGER, text: VisibleString, nothing: NULL })

// @ts-expect-error CHOICE: nothing is missing
CHOICE<Name>('Name', { number: INTEGER, text: VisibleString })
// @ts-expect-error CHOICE: more is too many
CHOICE<Name>('Name', { number: INTEGER, text: VisibleString, nothing: NULL, more: NULL })
// @ts-expect-error CHOICE: text is no BOOLEAN
CHOICE<Name>('Name', { number: INTEGER, text: BOOLEAN, nothing: NULL })
// @ts-expect-error CHOICE: number is wider than Small
CHOICE<Name>('Name', { number: Small, text: VisibleString, nothing: NULL })
// @ts-expect-error CHOICE: an alternative is not optional
CHOICE<Name>('Name', { number: INTEGER, text: VisibleString.optional(), nothing: NULL })

// Values.
encode(Good, { x: 1, y: 2 })
encode(GoodChoice, { type: 'text', value: 'a' })
// @ts-expect-error a value without y
encode(Good, { x: 1 })
// @ts-expect-error undefined is not absent
encode(Good, { x: 1, y: 2, label: undefined })
// @ts-expect-error an alternative with the value of another
encode(GoodChoice, { type: 'text', value: 5 })
// @ts-expect-error an alternative that is none
encode(GoodChoice, { type: 'gone', value: null })

export const x: number = decode(Good, new Uint8Array()).x
export const label: string | undefined = decode(Good, new Uint8Array()).label
// @ts-expect-error may be absent
export const always: string = decode(Good, new Uint8Array()).label
// @ts-expect-error may be a bigint
export const safe: number = decode(INTEGER, new Uint8Array())

export const Reason: Type<Named<'a' | 'b'>> = namedInteger('Reason', { a: 0, b: 1 })
export const Colour: Type<Named<'a' | 'b'>> = ENUMERATED({ a: 0, b: 1 })
// @ts-expect-error the names differ
export const Other: Type<Named<'a' | 'c'>> = namedInteger('Reason', { a: 0, b: 1 })
encode(Reason, 7)
// @ts-expect-error no such name
encode(Reason, 'c')

const Bits = namedBits('one', 'two')
export const bits: BitString = Bits.of('one')
// @ts-expect-error no such bit
Bits.of('three')

// A list of a wider type is not a list of a narrower one, in either direction.
export const list: Type<readonly Integer[]> = SEQUENCE_OF(INTEGER)
// @ts-expect-error numbers are not all Integers can be
export const narrow: Type<readonly number[]> = SEQUENCE_OF(INTEGER)
// @ts-expect-error encoding would get bigints
export const wide: Type<readonly Integer[]> = SEQUENCE_OF(Small)
// @ts-expect-error the same through a function
export const lazy: Lazy<Integer> = () => Small

/** A type that contains itself needs its annotation, and then checks like any other. */
type Tree = Choice<{ leaf: boolean; branch: readonly Tree[] }>
export const Tree: Type<Tree> = CHOICE<Tree>('Tree', {
  leaf: BOOLEAN,
  branch: implicit(
    1,
    SEQUENCE_OF(() => Tree),
  ),
})
