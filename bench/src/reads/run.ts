import { atLeast, type Row } from '../report.js'
import { ratiosOf } from '../statistics.js'
import { contest, cpuOf, type Load, type ReadTiming, type Series, told, withPairs } from './contest.js'
import { SWAPPED, subjects } from './protocol.js'

type MustAndStretch<Key extends number> = Readonly<Record<Key, readonly [must: number, stretch: number]>>

const OUTSTANDING = [1, 5, 10, 50] as const
/** Goal 11, by the number outstanding: must, stretch; goal 12 is about 50 alone. */
const OF_ONE_BUFFER: MustAndStretch<1 | 5 | 10 | 50> = { 1: [0.78, 0.88], 5: [0.7, 0.85], 10: [0.6, 0.77], 50: [0.35, 0.55] }
/** Goal 13, by the number of connections. */
const OF_MANY: MustAndStretch<100 | 1_000> = { 100: [0.68, 0.82], 1000: [0.58, 0.75] }

/** Reads of one variable, our client and our server in two processes, against bare sockets in two processes each. */
export function readRows(timing: ReadTiming): Promise<Row[]> {
  const loadOf = (outstanding: number): Load => ({ connections: 1, outstanding })
  return withPairs(
    subjects.map(subject => [subject, subject]),
    async pairs => {
      const seriesOf = await contest(pairs, OUTSTANDING.map(loadOf), timing)
      const rowsOf = (
        goal: number,
        baseline: (typeof subjects)[number],
        target: (outstanding: (typeof OUTSTANDING)[number]) => Row['target'],
      ) =>
        OUTSTANDING.map(outstanding => {
          const load = loadOf(outstanding)
          const what = `reads, ${outstanding} outstanding`
          return row(goal, what, seriesOf('mms', load), baseline, seriesOf(baseline, load), target(outstanding))
        })
      return [
        ...rowsOf(11, 'one buffer per chunk', outstanding => atLeast(...OF_ONE_BUFFER[outstanding])),
        ...rowsOf(12, 'one write per message', outstanding => (outstanding === 50 ? atLeast(1.3, 2) : undefined)),
      ]
    },
  )
}

/** The same on many connections at once, one request outstanding on each. */
export function manyRows(timing: ReadTiming): Promise<Row[]> {
  const baseline = 'one buffer per chunk'
  const connections = [100, 1_000] as const
  const loadOf = (count: number): Load => ({ connections: count, outstanding: 1 })
  return withPairs(
    [
      ['mms', 'mms'],
      [baseline, baseline],
    ],
    async pairs => {
      const seriesOf = await contest(pairs, connections.map(loadOf), timing)
      return connections.map(count => {
        const what = `reads, ${count} connections, 1 outstanding on each`
        return row(13, what, seriesOf('mms', loadOf(count)), baseline, seriesOf(baseline, loadOf(count)), atLeast(...OF_MANY[count]))
      })
    },
  )
}

/** The stack against itself with asn1js for a codec, 10 outstanding. */
export function swappedRows(timing: ReadTiming): Promise<Row[]> {
  const load: Load = { connections: 1, outstanding: 10 }
  return withPairs(
    [
      ['mms', 'mms'],
      [SWAPPED, SWAPPED],
    ],
    async pairs => {
      const seriesOf = await contest(pairs, [load], timing)
      const baseline = 'the stack on asn1js 4.0.0'
      return [row(14, 'reads, 10 outstanding', seriesOf('mms', load), baseline, seriesOf(SWAPPED, load), atLeast(10, 15))]
    },
  )
}

function row(goal: number, what: string, ours: Series, baseline: string, theirs: Series, target: Row['target']): Row {
  return {
    goal,
    what,
    ours: told(ours),
    baseline: `${baseline}: ${told(theirs)}`,
    ratio: ratiosOf(ours.rate, theirs.rate),
    cpuRatio: ratiosOf(cpuOf(theirs), cpuOf(ours)),
    ...(target && { target }),
  }
}
