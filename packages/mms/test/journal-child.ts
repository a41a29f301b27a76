import { writeSync } from 'node:fs'
import { journalLog } from '../src/node/journal-log/journal-log.js'

/** Writes to a journal for ever, four requests at a time, and says the number of each entry that is acknowledged. To be killed. */
const log = await journalLog(process.argv[2]!, { segmentOctets: 16_384 })
writeSync(1, `open ${log.size}\n`)
await Promise.all(
  [1, 2, 3, 4].map(async () => {
    for (;;) {
      const first = await log.append([1, 2].map(i => ({ time: i, octets: new Uint8Array(50 * i) })))
      writeSync(1, `${first}\n`)
    }
  }),
)
