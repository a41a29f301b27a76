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

/** What tshark found wrong, a line each; nothing when all was well. */
export function complaints(report: PairReport): string[] {
  return report.dissections.flatMap(({ sequence, dissection }) => [
    ...dissection.malformed.map(frame => `${sequence}: frame ${frame} malformed`),
    ...dissection.unreassembled.map(frame => `${sequence}: frame ${frame} not put together`),
    ...dissection.remarks.map(remark => `${sequence}: frame ${remark.frame}: ${remark.text}`),
  ])
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
