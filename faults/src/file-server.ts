import type { FileSink } from '@x/mms'
import { directoryStore, listen } from '@x/mms/node'
import { answering, argument } from './child.js'

/** A server with the files of a folder; what it fetches from a client it counts and throws away. */
const { folder } = argument<{ readonly folder: string }>()
const store = await directoryStore(folder)
let received = 0
let most = 0
const look = (): void => {
  most = Math.max(most, process.memoryUsage.rss())
}
setInterval(look, 20)
const sink: FileSink = {
  write: async octets => {
    received += octets.length
  },
  commit: async () => {},
  discard: async () => {},
}
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  model: { identity: { vendorName: 'faults', modelName: 'faults', revision: '1' } },
  initiate: { maxPduSize: 65_000 },
  files: {
    open: name => store.open(name),
    list: (specification, after) => store.list(specification, after),
    delete: name => store.delete(name),
    rename: (from, to) => store.rename(from, to),
    create: async () => sink,
  },
})

export const fileAnswers = {
  port: () => server.port,
  /** @returns octets received, and the most resident memory there was, since the last time */
  look: () => {
    const seen = { received, most }
    received = 0
    most = 0
    return seen
  },
}
answering(fileAnswers)
