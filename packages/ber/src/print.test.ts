import { unhex } from '@x/core'
import { expect, test } from 'vitest'
import {
  ANY,
  application,
  BOOLEAN,
  CHOICE,
  type Choice,
  EXTERNAL,
  type External,
  explicit,
  extensible,
  INTEGER,
  type Integer,
  implicit,
  leaf,
  NULL,
  OCTET_STRING,
  print,
  printModule,
  SEQUENCE,
  SEQUENCE_OF,
  SET,
  sized,
  type Type,
  VisibleString,
} from './index.js'
import { Both, Everything, Options, Point, Reason, Tree, Unsigned8 } from './testing/types.js'

test('a SEQUENCE is printed as in a standard', () => {
  expect(print(Point)).toBe(`Point ::= SEQUENCE {
  x       [0] IMPLICIT Unsigned8,
  y-axis  [1] IMPLICIT Unsigned8 OPTIONAL
}
`)
  expect(print(extensible(Both))).toBe(`Both ::= SET {
  left   [0] IMPLICIT Unsigned8,
  right  UTF8String OPTIONAL,
  ...
}
`)
  expect(print(SEQUENCE<object>('Empty', {}))).toBe('Empty ::= SEQUENCE { }\n')
})

test('a type that contains itself is printed once', () => {
  expect(print(Tree)).toBe(`Tree ::= CHOICE {
  array           [1] IMPLICIT SEQUENCE OF Tree,
  structure       [2] IMPLICIT SEQUENCE OF Tree,
  boolean         [3] IMPLICIT BOOLEAN,
  bit-string      [4] IMPLICIT BIT STRING,
  integer         [5] IMPLICIT INTEGER,
  octet-string    [9] IMPLICIT OCTET STRING,
  visible-string  [10] IMPLICIT VisibleString
}
`)
})

test('one member of every kind', () => {
  expect(print(Everything)).toBe(`Everything ::= SEQUENCE {
  flag            BOOLEAN DEFAULT FALSE,
  nothing         NULL OPTIONAL,
  number          INTEGER,
  small           [0] IMPLICIT Unsigned8,
  reason          [1] IMPLICIT Reason DEFAULT congestion,
  colour          ENUMERATED { red(0), green(1) } OPTIONAL,
  octets          OCTET STRING,
  bits            BIT STRING OPTIONAL,
  options         [2] IMPLICIT BIT STRING { first(0), second(1), third(2) } DEFAULT '010'B,
  oid             OBJECT IDENTIFIER OPTIONAL,
  visible         VisibleString,
  graphic         GraphicString OPTIONAL,
  ia5             IA5String OPTIONAL,
  utf8            UTF8String OPTIONAL,
  time            GeneralizedTime OPTIONAL,
  external        EXTERNAL OPTIONAL,
  any             [3] ANY OPTIONAL,
  names           SEQUENCE OF VisibleString,
  list-of-points  [4] IMPLICIT SET OF Point OPTIONAL,
  tree            [5] Tree,
  high            [72] IMPLICIT Unsigned8,
  set             Both OPTIONAL
}
`)
})

test('DEFAULT values, sizes and tags of other classes', () => {
  type Kind = Choice<{ a: null; b: Integer }>
  interface Defaults {
    number: Integer
    text: string
    octets: Uint8Array
    list: readonly Integer[]
    kind: Kind
    point: Point
    nothing: null
    reason: 'unspecified' | 'congestion' | 'gone' | number
  }
  const Defaults = SEQUENCE<Defaults>('Defaults', {
    number: INTEGER.default(-5),
    text: sized(VisibleString, 1, 32).default('a "b"'),
    octets: sized(OCTET_STRING, 4, 4).default(unhex('0a ff')),
    list: sized(SEQUENCE_OF(INTEGER), 1).default([1, 2]),
    kind: application(7, CHOICE<Kind>('', { a: NULL, b: INTEGER })).default({ type: 'b', value: 5 }),
    point: Point.default({ x: 5 }),
    nothing: explicit(1, NULL).default(null),
    reason: Reason.default('gone'),
  })
  expect(print(Defaults)).toBe(`Defaults ::= SEQUENCE {
  number   INTEGER DEFAULT -5,
  text     VisibleString (SIZE (1..32)) DEFAULT "a \\"b\\"",
  octets   OCTET STRING (SIZE (4)) DEFAULT '0AFF'H,
  list     SEQUENCE (SIZE (1..MAX)) OF INTEGER DEFAULT { 1, 2 },
  kind     [APPLICATION 7] CHOICE {
    a  NULL,
    b  INTEGER
  } DEFAULT b : 5,
  point    Point DEFAULT { x 5 },
  nothing  [1] NULL DEFAULT NULL,
  reason   Reason DEFAULT gone
}
`)
})

test('a module holds every named type once, and none of ASN.1 itself', () => {
  interface Holder {
    external: External
    both: Both
    tree?: Tree
    again?: Tree
    leaf: boolean
    bare: null
  }
  const Leaf: Type<boolean> = leaf({ name: 'Leaf', tags: [1], get: () => true, put: () => undefined, as: BOOLEAN })
  const Bare: Type<null> = leaf({ name: 'Bare', tags: [5], get: () => null, put: () => undefined })
  const Holder = SEQUENCE<Holder>('Holder', {
    external: EXTERNAL,
    both: Both,
    tree: implicit(0, Tree).optional(),
    again: implicit(1, Tree).optional(),
    leaf: Leaf,
    bare: Bare,
  })
  const text = printModule('Test', [Holder, SET<{ any: Uint8Array }>('', { any: ANY })])
  expect(text.match(/^\S+ ::=/gm)).toStrictEqual(['Holder ::=', 'Both ::=', 'Unsigned8 ::=', 'Tree ::=', 'Leaf ::=', 'Bare ::='])
  expect(text).toContain('Leaf ::= BOOLEAN')
  expect(text).toContain('Unsigned8 ::= INTEGER (0..127)')
  expect(text.startsWith('Test DEFINITIONS ::= BEGIN\n')).toBe(true)
  expect(print(Options)).toBe('Unnamed ::= BIT STRING { first(0), second(1), third(2) }\n')
  expect(print(Unsigned8)).toBe('Unsigned8 ::= INTEGER (0..127)\n')
})
