import { Child } from '../processes.js'
import { atLeast, type Row } from '../report.js'
import { ratiosOf } from '../statistics.js'
import { contest, cpuOf, type Pair, type ReadTiming, told, withPairs } from './contest.js'

const IDLE = [4, 1_000] as const
const LOAD = { connections: 1, outstanding: 1 } as const

/** A reader whose server holds idle associations as well, against one whose server has no other client. A server each. */
export function besideRows(timing: ReadTiming): Promise<Row[]> {
  return withPairs(
    [
      ['alone', 'mms'],
      ['4', 'mms'],
      ['1000', 'mms'],
    ],
    async pairs => {
      const holders: Child[] = []
      try {
        for (const count of IDLE) holders.push(await hold(pairs.get(`${count}`)!, count))
        const seriesOf = await contest(pairs, [LOAD], timing)
        const alone = seriesOf('alone', LOAD)
        return IDLE.map(count => {
          const ours = seriesOf(`${count}`, LOAD)
          return {
            goal: 25,
            what: `reads, 1 outstanding, ${count} idle associations beside it`,
            ours: told(ours),
            baseline: `alone: ${told(alone)}`,
            ratio: ratiosOf(ours.rate, alone.rate),
            cpuRatio: ratiosOf(cpuOf(alone), cpuOf(ours)),
            target: atLeast(0.9, 0.98),
          }
        })
      } finally {
        for (const holder of holders) holder.stop()
      }
    },
  )
}

async function hold({ port }: Pair, count: number): Promise<Child> {
  const { child } = await Child.start(new URL('../idle/holder.js', import.meta.url), ['mms', port])
  await child.ask(count)
  return child
}
