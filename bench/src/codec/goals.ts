import type { Letter } from '../pdus.js'

/** What a ratio must be, and the stretch, by PDU; absent: nothing is asked. */
type ByLetter = Readonly<Partial<Record<Letter, MustAndStretch>>>
type MustAndStretch = readonly [must: number, stretch: number]

interface Goals {
  readonly decode: Readonly<Record<string, { readonly goal: number; readonly of: ByLetter }>>
  readonly encode: Readonly<Record<string, { readonly goal: number; readonly of: ByLetter }>>
  readonly byHand: { readonly goal: number; readonly of: ByLetter }
  readonly walk: { readonly goal: number; readonly of: ByLetter }
  readonly association: { readonly goal: number; readonly of: Readonly<Record<string, MustAndStretch>> }
}

/** Goals 1 to 7: baseline ÷ ours, at least; 8 and 9: ours ÷ baseline, at most. */
export const goals: Goals = {
  decode: {
    'asn1js 4.0.0': { goal: 1, of: { a: [60, 180], b: [90, 220], c: [140, 220], d: [140, 215], e: [140, 205] } },
    'asn1js 3.1.0': { goal: 2, of: { a: [30, 85], b: [45, 100], c: [60, 92], d: [60, 90], e: [55, 84] } },
    JSON: { goal: 6, of: { b: [6, 14], c: [11, 18], d: [1, 1.6], e: [11, 16.5] } },
  },
  encode: {
    'asn1js 4.0.0': { goal: 3, of: { a: [55, 170], b: [70, 170], c: [150, 250], d: [35, 62], e: [150, 250] } },
    'asn1js 3.1.0': { goal: 4, of: { a: [32, 100], b: [42, 100], c: [85, 140], d: [20, 38], e: [85, 140] } },
    JSON: { goal: 7, of: { b: [5, 11], c: [13, 21], e: [11, 18] } },
  },
  /** For decoding; encoding is measured beside it. */
  byHand: { goal: 8, of: { a: [2.8, 1.3], b: [2.8, 1.3], c: [1.3, 1], d: [1.3, 1], e: [1.3, 1] } },
  walk: { goal: 9, of: { c: [3.5, 2.5] } },
  /** Decoding the association request: the tree of asn1js alone ÷ all our values. */
  association: { goal: 5, of: { 'asn1js 4.0.0': [50, 125], 'asn1js 3.1.0': [24, 57] } },
}
