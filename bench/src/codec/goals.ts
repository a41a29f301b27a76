import type { Letter } from '../pdus.js'

type ByLetter = Readonly<Partial<Record<Letter, number>>>

/** What the ratios must be, by PDU; absent: nothing is asked. Goals 1 to 4, 6 and 7: baseline ÷ ours, at least; 8 and 9: ours ÷ baseline, at most. */
export const musts = {
  decode: {
    'asn1js 4.0.0': { goal: 1, must: { a: 60, b: 90, c: 140, d: 140, e: 140 } },
    'asn1js 3.1.0': { goal: 2, must: { a: 30, b: 45, c: 60, d: 60, e: 55 } },
    JSON: { goal: 6, must: { b: 6, c: 11, d: 1, e: 11 } },
  },
  encode: {
    'asn1js 4.0.0': { goal: 3, must: { a: 55, b: 70, c: 150, d: 35, e: 150 } },
    'asn1js 3.1.0': { goal: 4, must: { a: 32, b: 42, c: 85, d: 20, e: 85 } },
    JSON: { goal: 7, must: { b: 5, c: 13, e: 11 } },
  },
  /** For decoding; encoding is measured beside it. */
  byHand: { goal: 8, must: { a: 2.8, b: 2.8, c: 1.3, d: 1.3, e: 1.3 } },
  walk: { goal: 9, must: { c: 3.5 } },
  /** Decoding the association request: the tree of asn1js alone ÷ all our values. */
  association: { goal: 5, must: { 'asn1js 4.0.0': 50, 'asn1js 3.1.0': 24 } },
} as const satisfies {
  readonly decode: Readonly<Record<string, { readonly goal: number; readonly must: ByLetter }>>
  readonly encode: Readonly<Record<string, { readonly goal: number; readonly must: ByLetter }>>
  readonly byHand: { readonly goal: number; readonly must: ByLetter }
  readonly walk: { readonly goal: number; readonly must: ByLetter }
  readonly association: { readonly goal: number; readonly must: Readonly<Record<string, number>> }
}
