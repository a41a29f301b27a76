import { journalLog, listen } from '@x/mms/node'
import { answering, argument } from './child.js'

/** A server with one journal on the disk, to be killed at any time. */
export interface JournalServerSettings {
  readonly folder: string
  readonly segmentOctets: number
}

const { folder, segmentOctets } = argument<JournalServerSettings>()
const store = await journalLog(folder, { segmentOctets, maxOctets: 2 ** 40 })
const server = await listen({
  host: '127.0.0.1',
  port: 0,
  model: {
    identity: { vendorName: 'faults', modelName: 'faults', revision: '1' },
    journals: { log: { store, accessControlList: 'M_Deletable' } },
  },
})

export const journalAnswers = { port: () => server.port, torn: () => store.tornOctets }
answering(journalAnswers)
