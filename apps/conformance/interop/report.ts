import type { DissectedPdu, Dissection } from './dissect.js'
import { firstDifference } from './explained.js'
import type { PairReport, Result } from './run.js'
import { type Paint, width } from './terminal.js'

/** A column of a matrix: a pair that ran, or one that could not. */
export interface Column {
  readonly title: string
  /** Undefined: a side of it could not be installed. */
  readonly results: readonly Result[] | undefined
}

/**
 * Results as a table: a row per service, a column per pair, and the sums below.
 *
 * @param title of the whole
 */
export function matrix(title: string, columns: readonly Column[], paint: Paint): string {
  const services = unique(columns.flatMap(({ results }) => results ?? []).map(result => result.service))
  const row = (name: string, wanted: (result: Result) => boolean): string[] => [
    name,
    ...columns.map(({ results }) => (results === undefined ? paint.warning('NOT RUN') : cell(results.filter(wanted), paint))),
  ]
  const head = [paint.strong(title), ...columns.map(column => paint.strong(column.title))]
  const body = services.map(service => row(service, result => result.service === service))
  const sums = row('all', () => true)
  const widths = head.map((_, i) => Math.max(...[head, ...body, sums].map(cells => width(cells[i]!))))
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => text + ' '.repeat(widths[i]! - width(text)))
      .join('  ')
      .trimEnd()
  const rule = paint.faint(widths.map(count => '─'.repeat(count)).join('  '))
  return [line(head), rule, ...body.map(line), rule, line(sums)].join('\n')
}

/** `12 pass`, `1 FAIL, 11 pass`, `not offered`. Steps not offered are counted beside the others. */
function cell(results: readonly Result[], paint: Paint): string {
  const count = (outcome: Result['outcome']): number => results.filter(result => result.outcome === outcome).length
  if (results.length === 0) return ''
  if (count('not offered') === results.length) return paint.faint('not offered')
  return [
    count('fail') > 0 ? paint.bad(`${count('fail')} FAIL`) : '',
    count('pass') > 0 ? paint.good(`${count('pass')} pass`) : '',
    count('skipped') > 0 ? paint.warning(`${count('skipped')} skipped`) : '',
    count('not offered') > 0 ? paint.faint(`${count('not offered')} n/o`) : '',
  ]
    .filter(part => part !== '')
    .join(', ')
}

/** Every step of one outcome, a line each. */
export function list(results: readonly Result[], outcome: Result['outcome']): string[] {
  return results
    .filter(result => result.outcome === outcome)
    .map(result => `${pairOf(result)}  ${result.sequence}/${result.step}  ${result.reason ?? ''}`)
}

/** What is not offered, a line for each reason with its steps. */
export function reasons(results: readonly Result[]): string[] {
  const found = new Map<string, string[]>()
  for (const result of results.filter(({ outcome }) => outcome === 'not offered')) {
    const key = `${pairOf(result)}  ${result.reason ?? ''}`
    found.set(key, [...(found.get(key) ?? []), result.step])
  }
  return [...found].map(([key, steps]) => `${key}: ${unique(steps).join(', ')}`)
}

/** What cannot be done without other services. */
const ALONGSIDE: Readonly<Record<string, readonly string[]>> = { fileRead: ['fileOpen', 'fileClose'] }

/** By service: the peers whose servers gave ours the right answer, and whose clients got theirs from ours. */
export function servicesRun(results: readonly Result[]): Record<string, { servers: string[]; clients: string[] }> {
  const run: Record<string, { servers: string[]; clients: string[] }> = {}
  const ran = results
    .filter(({ outcome, refused }) => outcome === 'pass' && refused === undefined)
    .flatMap(result => [result, ...(ALONGSIDE[result.service] ?? []).map(service => ({ ...result, service }))])
  for (const service of unique(ran.map(result => result.service)).sort()) {
    const peers = (mine: 'client' | 'server', theirs: 'client' | 'server') =>
      unique(
        ran
          .filter(result => result.service === service && result[mine] === 'ours' && result[theirs] !== 'ours')
          .map(result => result[theirs]),
      ).sort()
    run[service] = { servers: peers('client', 'server'), clients: peers('server', 'client') }
  }
  return run
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
  /** What tshark found wrong, where the two differ, and what `explain` finds broken in octets of ours. */
  readonly wrong: readonly string[]
  /** What `explain` finds not to the letter in octets of others, each once. */
  readonly remarks: readonly string[]
}

/** What tshark and `explain` make of a pair's recordings. */
export function readingOf({ client, server, recordings }: PairReport): Reading {
  const dissected = recordings.filter(recording => recording.dissection !== undefined)
  const problems = recordings.flatMap(({ sequence, explanation }) =>
    explanation.problems.map(({ fromClient, text }) => ({ sender: fromClient ? client : server, sequence, text })),
  )
  const differences = dissected.flatMap(({ sequence, dissection, explanation }) => {
    const { malformed, unreassembled, remarks } = dissection!
    const difference = firstDifference(explanation.pdus, pdusOf(dissection!))
    return [
      ...malformed.map(frame => `${sequence}: frame ${frame} malformed`),
      ...unreassembled.map(frame => `${sequence}: frame ${frame} not put together`),
      ...remarks.map(remark => `${sequence}: frame ${remark.frame}: ${remark.text}`),
      ...(difference === undefined ? [] : [`${sequence}: ${difference}`]),
    ]
  })
  const own = problems.filter(({ sender }) => sender === 'ours')
  return {
    units:
      dissected.length < recordings.length ? undefined : dissected.reduce((sum, { dissection }) => sum + pdusOf(dissection!).length, 0),
    explained: recordings.reduce((sum, { explanation }) => sum + explanation.pdus.length, 0),
    wrong: [...differences, ...own.map(({ sequence, text }) => `${sequence}: explain finds ours broken: ${text}`)],
    remarks: unique(problems.filter(({ sender }) => sender !== 'ours').map(({ sender, text }) => `${sender} sends ${text}`)),
  }
}

function pdusOf(dissection: Dissection): readonly DissectedPdu[] {
  return dissection.frames.flatMap(frame => frame.pdus)
}

/** Lines on what was on the wire of each pair. */
export function wire(reports: readonly PairReport[], paint: Paint): string[] {
  return reports.flatMap(report => {
    const { units, explained, wrong, remarks } = readingOf(report)
    const seen =
      units === undefined
        ? `${paint.warning('tshark NOT RUN')}, explain names ${explained} units`
        : `tshark and explain each name ${units} units, ${wrong.length === 0 ? paint.good('the same, none malformed or incomplete') : paint.bad('but')}`
    return [
      `${pairOf(report)}: ${seen}`,
      ...wrong.map(text => `  ${paint.bad('FAIL')} ${text}`),
      ...remarks.map(text => `  ${paint.faint(text)}`),
    ]
  })
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
