import type { DissectedPdu, Dissection } from './dissect.js'
import { firstDifference } from './explained.js'
import type { PairReport, Result } from './run.js'

/** Results of all pairs, as a table: a row per service, a column per pair. */
export function matrix(results: readonly Result[]): string {
  const pairs = unique(results.map(pairOf))
  const services = unique(results.map(result => result.service))
  const rows = [
    ['service', ...pairs],
    ...services.map(service => [service, ...pairs.map(pair => cell(results.filter(r => r.service === service && pairOf(r) === pair)))]),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const lines = rows.map(row =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  return [lines[0], widths.map(width => '─'.repeat(width)).join('  '), ...lines.slice(1)].join('\n')
}

/** `12 pass`, `11 pass, 1 FAIL`, `not offered`. Steps not offered are counted beside the others. */
function cell(results: readonly Result[]): string {
  const count = (outcome: Result['outcome']): number => results.filter(result => result.outcome === outcome).length
  if (results.length === 0) return ''
  if (count('not offered') === results.length) return 'not offered'
  const parts = [
    count('pass') > 0 ? `${count('pass')} pass` : '',
    count('fail') > 0 ? `${count('fail')} FAIL` : '',
    count('skipped') > 0 ? `${count('skipped')} skipped` : '',
    count('not offered') > 0 ? `${count('not offered')} n/o` : '',
  ]
  return parts.filter(part => part !== '').join(', ')
}

/** Every step of one outcome, a line each. */
export function list(results: readonly Result[], outcome: Result['outcome']): string[] {
  return results
    .filter(result => result.outcome === outcome)
    .map(result => `${pairOf(result)}  ${result.sequence}/${result.step}  ${result.reason ?? ''}`)
}

/** `client → server`. */
export function pairOf(result: { readonly client: string; readonly server: string }): string {
  return `${result.client} → ${result.server}`
}

/** What the readers of a pair's recordings found. */
export interface Reading {
  /** Protocol units that tshark named; undefined without tshark. */
  readonly units: number | undefined
  /** Units that `explain` named. */
  readonly explained: number
  /** What tshark found wrong, and where the two differ. */
  readonly wrong: readonly string[]
  /** What `explain` finds broken: ours first, and what the other side sent. */
  readonly broken: { readonly own: readonly string[]; readonly peer: readonly string[] }
}

/** What tshark and `explain` make of a pair's recordings. */
export function readingOf(report: PairReport, ourSides: { readonly client: boolean; readonly server: boolean }): Reading {
  const { recordings } = report
  const dissected = recordings.filter(recording => recording.dissection !== undefined)
  const problems = recordings.flatMap(({ sequence, explanation }) =>
    explanation.problems.map(({ fromClient, text }) => ({
      own: fromClient ? ourSides.client : ourSides.server,
      text: `${sequence}: ${text}`,
    })),
  )
  return {
    units:
      dissected.length < recordings.length ? undefined : dissected.reduce((sum, { dissection }) => sum + pdusOf(dissection!).length, 0),
    explained: recordings.reduce((sum, { explanation }) => sum + explanation.pdus.length, 0),
    wrong: dissected.flatMap(({ sequence, dissection, explanation }) => {
      const { malformed, unreassembled, remarks } = dissection!
      const difference = firstDifference(explanation.pdus, pdusOf(dissection!))
      return [
        ...malformed.map(frame => `${sequence}: frame ${frame} malformed`),
        ...unreassembled.map(frame => `${sequence}: frame ${frame} not put together`),
        ...remarks.map(remark => `${sequence}: frame ${remark.frame}: ${remark.text}`),
        ...(difference === undefined ? [] : [`${sequence}: ${difference}`]),
      ]
    }),
    broken: {
      own: problems.filter(({ own }) => own).map(({ text }) => text),
      peer: problems.filter(({ own }) => !own).map(({ text }) => text),
    },
  }
}

function pdusOf(dissection: Dissection): readonly DissectedPdu[] {
  return dissection.frames.flatMap(frame => frame.pdus)
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
