import { connect } from '@x/mms/node'
import type { Done } from '../peer/protocol.js'
import { answerParent, cpuTime } from '../processes.js'

/** A client process: associates, concludes and releases, one after another, for as many seconds as it is told. */
const address = { host: '127.0.0.1', port: Number(process.argv[2]) }
answerParent('ready', async (seconds: number): Promise<Done> => {
  const begin = performance.now()
  const cpu = cpuTime()
  let count = 0
  while (performance.now() - begin < 1_000 * seconds) {
    const client = await connect(address)
    await client.close()
    count += 1
  }
  return { count, seconds: (performance.now() - begin) / 1_000, cpu: (cpuTime() - cpu) / 1e6 }
})
