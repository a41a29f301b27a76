import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen as listenAssociations } from '@x/acse/node'
import { listen as listenMms } from '@x/mms/node'
import { answerParent } from '../processes.js'
import type { Holding, IdleSubject } from './run.js'

/** A server process that does nothing but hold what clients open. Needs `--expose-gc`. */
const MOST = 20_000
const listening = { host: '127.0.0.1', port: 0, maxConnections: MOST }
/** What a user of the server would keep. */
const held: unknown[] = []
answerParent(await portOf(process.argv[2] as IdleSubject), holding)

async function portOf(subject: IdleSubject): Promise<number> {
  switch (subject) {
    case 'sockets': {
      const server = createServer({ noDelay: true }, socket => {
        socket.on('error', () => {})
        socket.on('data', () => {})
        held.push(socket)
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      return typeof address === 'object' && address ? address.port : 0
    }
    case 'acse':
      return (await listenAssociations({ ...listening, maxAssociations: MOST, onAssociation: association => held.push(association) })).port
    case 'mms': {
      const model = { identity: { vendorName: 'bench', modelName: 'bench', revision: '1' }, domains: {} }
      return (await listenMms({ ...listening, model, onAssociation: association => held.push(association) })).port
    }
    default:
      return subject satisfies never
  }
}

/** What this process holds once nothing is left to be thrown away. */
async function holding(): Promise<Holding> {
  const collect = globalThis.gc as () => void
  for (let i = 0; i < 3; i++) {
    collect()
    await sleep(100)
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  const timers = process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  return { count: held.length, heap: heapUsed, buffers: arrayBuffers, rss, timers }
}
