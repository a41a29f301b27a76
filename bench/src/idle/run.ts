import { Child } from '../processes.js'
import { atMost, figure, type Row } from '../report.js'
import { ratiosOf, type Spread, spreadOf } from '../statistics.js'

/** Opened first, so that what comes with the first ones is not counted. */
const WARM = 100

export type IdleSubject = 'sockets' | 'acse' | 'mms'

/** What a server process holds, in octets. */
export interface Holding {
  readonly count: number
  readonly heap: number
  readonly buffers: number
  readonly rss: number
  readonly timers: number
}

/** The same for one connection of many. */
export interface HoldingOfOne {
  readonly heap: number
  readonly buffers: number
  readonly rss: number
  /** Timers running in the whole process. */
  readonly timers: number
}

/** What idle associations cost a server process, against bare sockets. */
export async function idleRows({ rounds, count }: { readonly rounds: number; readonly count: number }): Promise<Row[]> {
  const of: Record<IdleSubject, HoldingOfOne[]> = { sockets: [], acse: [], mms: [] }
  for (let round = 0; round < rounds; round++) {
    for (const subject of ['sockets', 'acse', 'mms'] as const) of[subject].push(await holdingOfOne(subject, count))
  }
  const compared = (subject: 'acse' | 'mms', what: 'heap' | 'rss', name: string, target?: Row['target']): Row => {
    const ours = of[subject].map(one => (what === 'heap' ? one.heap + one.buffers : one.rss))
    const theirs = of.sockets.map(one => (what === 'heap' ? one.heap + one.buffers : one.rss))
    return {
      goal: 19,
      what: `${name} for one of ${grouped(count)} idle associations, ${subject === 'acse' ? 'TPKT to ACSE' : 'TPKT to MMS'}`,
      ours: `${figure(spreadOf(ours).median)} octets`,
      baseline: `bare sockets: ${figure(spreadOf(theirs).median)} octets`,
      ratio: ratiosOf(ours, theirs),
      ...(target && { target }),
    }
  }
  const absolute = (subject: 'acse' | 'mms', target?: Row['target']): Row => {
    const octets: Spread = spreadOf(of[subject].map(one => one.heap + one.buffers))
    return {
      goal: 26,
      what: `heap and buffers for an idle association, ${subject === 'acse' ? 'TPKT to ACSE' : 'TPKT to MMS'}`,
      ours: `${figure(octets.median)} octets, ${Math.max(...of[subject].map(one => one.timers))} timers in all`,
      baseline: 'none, absolute',
      ratio: octets,
      ...(target && { target }),
    }
  }
  return [
    compared('acse', 'heap', 'heap and buffers', atMost(3, 2)),
    compared('acse', 'rss', 'resident memory', atMost(2.5, 1.5)),
    compared('mms', 'heap', 'heap and buffers'),
    compared('mms', 'rss', 'resident memory'),
    absolute('acse', atMost(16_384, 8_192)),
    absolute('mms', atMost(16_384, 8_192)),
  ]
}

/** What one more association or socket costs a server. */
export async function holdingOfOne(subject: IdleSubject, count: number): Promise<HoldingOfOne> {
  const server = await Child.start<number>(new URL('./server.js', import.meta.url), [subject], ['--expose-gc'])
  try {
    const { child: holder } = await Child.start(new URL('./holder.js', import.meta.url), [subject, server.first])
    try {
      await holder.ask(WARM)
      const before = await server.child.ask<Holding>('holding')
      await holder.ask(count)
      const after = await server.child.ask<Holding>('holding')
      const opened = after.count - before.count
      if (opened !== count) throw new RangeError(`expected ${count} ${subject} more, found ${opened}`)
      return {
        heap: (after.heap - before.heap) / opened,
        buffers: (after.buffers - before.buffers) / opened,
        rss: (after.rss - before.rss) / opened,
        timers: after.timers,
      }
    } finally {
      holder.stop()
    }
  } finally {
    server.child.stop()
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en').replaceAll(',', ' ')
}
