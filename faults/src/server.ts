import { monitorEventLoopDelay } from 'node:perf_hooks'
import { heapAbove, type ListenTcpOptions } from '@x/core/node'
import { types } from '@x/mms'
import { listen } from '@x/mms/node'
import { answering, argument } from './child.js'

/** A server process: what it listens with, all of it plain data. */
export interface ServerSettings extends Omit<ListenTcpOptions, 'admit' | 'onRefused'> {
  readonly firstOctetTimeout?: number
  readonly packetTimeout?: number
  readonly tsduTimeout?: number
  readonly associateTimeout?: number
  /** Share of the heap above which newcomers are refused. */
  readonly heap?: number
}

const { firstOctetTimeout, packetTimeout, tsduTimeout, associateTimeout, heap, ...tcp } = argument<ServerSettings>()
const ends: Record<string, number> = {}
const refusedWith = new Set<string>()
const delay = monitorEventLoopDelay({ resolution: 5 })

const given = <N extends string>(name: N, value: number | undefined) =>
  value === undefined ? {} : ({ [name]: value } as Record<N, number>)
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  ...tcp,
  network: { ...given('firstOctetTimeout', firstOctetTimeout), ...given('packetTimeout', packetTimeout) },
  transport: given('tsduTimeout', tsduTimeout),
  ...given('associateTimeout', associateTimeout),
  ...(heap === undefined ? {} : { admit: heapAbove(heap) }),
  model: {
    identity: { vendorName: 'faults', modelName: 'faults', revision: '1' },
    domains: { D: { variables: { x: { type: types.integer(32), value: { type: 'integer', value: 1 } } } } },
  },
  onEnd: error => {
    const { code = 'in order' } = (error ?? {}) as { code?: string }
    ends[code] = (ends[code] ?? 0) + 1
  },
  onRefused: error => refusedWith.add((error as Error).message.replace(/^refused [^ ]+ /, '')),
})

export const serverAnswers = {
  port: () => server.port,
  /** @returns what is there now; `memory` after a collection, in octets */
  look: () => {
    globalThis.gc?.()
    const { heapUsed, external, rss } = process.memoryUsage()
    return {
      connections: server.listener.connections,
      associations: server.server.associations.size,
      refusals: server.listener.refusals,
      maxConnections: server.listener.maxConnections,
      ends,
      /** Milliseconds of processor time. */
      cpu: (({ user, system }) => (user + system) / 1_000)(process.cpuUsage()),
      memory: heapUsed + external,
      rss,
      timers: process.getActiveResourcesInfo().filter(name => name === 'Timeout').length,
    }
  },
  refusedWith: () => [...refusedWith].slice(0, 3),
  /** Milliseconds that the loop was late, since the last time. */
  delay: () => {
    const p99 = delay.percentile(99) / 1e6
    delay.reset()
    delay.enable()
    return p99
  },
}
delay.enable()
answering(serverAnswers)
