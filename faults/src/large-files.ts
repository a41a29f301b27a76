import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, openFile } from '@x/mms/node'
import { Child } from './child.js'
import type { fileAnswers } from './file-server.js'
import type { Finding, Scenario } from './scenario.js'

const MEBI = 1_048_576
/** What a process may have, whatever the size of the file: the runtime, and what a few parts take. */
const MEMORY = 256 * MEBI

/** U-45: a sparse file of 10 GB is read from a server, and fetched by it with obtainFile; neither process holds it. */
export const largeFiles: Scenario = async ({ short }) => {
  const size = short ? 512 * MEBI : 10_000_000_000
  const folder = await mkdtemp(join(tmpdir(), 'files-'))
  try {
    await writeFile(join(folder, 'large'), '')
    await truncate(join(folder, 'large'), size)
    using server = new Child<typeof fileAnswers>('./file-server.js', { folder })
    const port = await server.ask('port')
    const mms = await connect({ host: '127.0.0.1', port, initiate: { maxPduSize: 65_000 } })
    const read = await measured(server, async () => {
      let octets = 0
      for await (const part of mms.files.read('large')) octets += part.length
      return octets
    })
    const written = await measured(server, async () => {
      await mms.files.write('target', await openFile(join(folder, 'large')))
    })
    await mms.close()
    return [...findings('read', size, read.result ?? 0, read), ...findings('fetched by obtainFile', size, written.received, written)]
  } finally {
    await rm(folder, { recursive: true })
  }
}

interface Measured<T> {
  readonly result: T
  readonly seconds: number
  readonly received: number
  readonly client: number
  readonly server: number
}

async function measured<T>(server: Child<typeof fileAnswers>, work: () => Promise<T>): Promise<Measured<T>> {
  await server.ask('look')
  let client = 0
  const looking = setInterval(() => {
    client = Math.max(client, process.memoryUsage.rss())
  }, 20)
  const since = performance.now()
  const result = await work()
  const seconds = (performance.now() - since) / 1_000
  clearInterval(looking)
  const { received, most } = await server.ask('look')
  return { result, seconds, received, client, server: most }
}

function findings(how: string, size: number, octets: number, { seconds, client, server }: Measured<unknown>): readonly Finding[] {
  const mebi = (value: number): string => `${(value / MEBI).toFixed(0)} MiB`
  const rate = `${(size / 1e6 / seconds).toFixed(0)} MB/s`
  return [
    {
      id: 'U-45',
      what: `a file of ${size} octets is ${how}, at ${rate}: octets`,
      found: String(octets),
      goal: String(size),
      met: octets === size,
    },
    {
      id: 'U-45',
      what: `a file of ${size} octets is ${how}: most memory of client and server`,
      found: `${mebi(client)}, ${mebi(server)}`,
      goal: `≤ ${mebi(MEMORY)}`,
      met: client <= MEMORY && server <= MEMORY,
    },
  ]
}
