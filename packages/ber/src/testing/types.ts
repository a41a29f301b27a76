import {
  ANY,
  BIT_STRING,
  type BitString,
  BOOLEAN,
  CHOICE,
  type Choice,
  ENUMERATED,
  EXTERNAL,
  type External,
  explicit,
  GeneralizedTime,
  GraphicString,
  IA5String,
  INTEGER,
  type Integer,
  implicit,
  integerRange,
  type Named,
  NULL,
  namedBits,
  namedInteger,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  SET,
  SET_OF,
  type Type,
  UTF8String,
  VisibleString,
} from '../index.js'

/** A type that contains itself, as values in MMS do. */
export type Tree = Choice<{
  array: readonly Tree[]
  structure: readonly Tree[]
  boolean: boolean
  integer: Integer
  bits: BitString
  octetString: Uint8Array
  visibleString: string
}>
export const Tree: Type<Tree> = CHOICE<Tree>('Tree', {
  array: implicit(
    1,
    SEQUENCE_OF(() => Tree),
  ),
  structure: implicit(
    2,
    SEQUENCE_OF(() => Tree),
  ),
  boolean: implicit(3, BOOLEAN),
  bits: implicit(4, BIT_STRING, 'bit-string'),
  integer: implicit(5, INTEGER),
  octetString: implicit(9, OCTET_STRING, 'octet-string'),
  visibleString: implicit(10, VisibleString, 'visible-string'),
})

export const Options = namedBits('first', 'second', 'third')
export const Unsigned8 = integerRange('Unsigned8', 0, 127)
export const Reason = namedInteger('Reason', { unspecified: 0, congestion: 1, gone: -7 })

export interface Point {
  x: number
  y?: number
}
export const Point = SEQUENCE<Point>('Point', { x: implicit(0, Unsigned8), y: implicit(1, Unsigned8, 'y-axis').optional() })

/** One member of every kind. */
export interface Everything {
  flag: boolean
  nothing?: null
  number: Integer
  small: number
  reason: Named<'unspecified' | 'congestion' | 'gone'>
  colour?: Named<'red' | 'green'>
  octets: Uint8Array
  bits?: BitString
  options: BitString
  oid?: string
  visible: string
  graphic?: string
  ia5?: string
  utf8?: string
  time?: GeneralizedTime
  external?: External
  any?: Uint8Array
  names: readonly string[]
  points?: readonly Point[]
  tree: Tree
  high: number
  set?: Both
}
export interface Both {
  left: number
  right?: string
}
export const Both = SET<Both>('Both', { left: implicit(0, Unsigned8), right: UTF8String.optional() })

export const Everything = SEQUENCE<Everything>('Everything', {
  flag: BOOLEAN.default(false),
  nothing: NULL.optional(),
  number: INTEGER,
  small: implicit(0, Unsigned8),
  reason: implicit(1, Reason).default('congestion'),
  colour: ENUMERATED({ red: 0, green: 1 }).optional(),
  octets: OCTET_STRING,
  bits: BIT_STRING.optional(),
  options: implicit(2, Options).default(Options.of('second')),
  oid: OBJECT_IDENTIFIER.optional(),
  visible: VisibleString,
  graphic: GraphicString.optional(),
  ia5: IA5String.optional(),
  utf8: UTF8String.optional(),
  time: GeneralizedTime.optional(),
  external: EXTERNAL.optional(),
  any: explicit(3, ANY).optional(),
  names: SEQUENCE_OF(VisibleString),
  points: implicit(4, SET_OF(Point), 'list-of-points').optional(),
  tree: explicit(5, Tree),
  high: implicit(72, Unsigned8),
  set: Both.optional(),
})
