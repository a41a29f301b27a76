import { readFileSync } from 'node:fs'
import { unhex } from '@x/core'

/** One PDU of `vectors/bench/pdus.json`. */
export interface BenchPdu {
  readonly name: string
  /** The MMS PDU alone. */
  readonly mms: Uint8Array
  /** The PPDU with it. */
  readonly presentation: Uint8Array
  /** The whole TPKT. */
  readonly tpkt: Uint8Array
}

interface Stored {
  readonly pdus: readonly {
    readonly letter: string | null
    readonly name: string
    readonly mms: string
    readonly presentation: string
    readonly tpkt: string
  }[]
}

/** Letters of the PDUs that carry values, in the order of the conversation they were taken from. */
export const letters = ['a', 'b', 'c', 'd', 'e'] as const
export type Letter = (typeof letters)[number]

/** The PDUs that have a letter, by that letter: a to e, and f, the association request. */
export function benchPdus(): Readonly<Record<Letter | 'f', BenchPdu>> {
  const { pdus } = JSON.parse(readFileSync(new URL('../../vectors/bench/pdus.json', import.meta.url), 'utf8')) as Stored
  const lettered = pdus.filter(pdu => pdu.letter !== null)
  return Object.fromEntries(
    lettered.map(({ letter, name, mms, presentation, tpkt }) => [
      letter,
      { name, mms: unhex(mms), presentation: unhex(presentation), tpkt: unhex(tpkt) },
    ]),
  ) as Record<Letter | 'f', BenchPdu>
}
