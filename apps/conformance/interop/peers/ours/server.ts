import { readFileSync } from 'node:fs'
import { acceptWhen, passwordMechanism } from '@x/acse'
import { directoryStore, listen } from '@x/mms/node'
import { journal, journalEntries, journalStart } from '../../file-steps.js'
import type { Model } from '../../model.js'
import { near } from '../../step.js'
import { vmdOf } from '../../vmd.js'
import { argumentsOf, deadline, emit, inputEnds } from './lines.js'

/** The server of this stack with the model of ../../model.json. Speaks the line protocol of ../../README.md. */
const options = argumentsOf(process.argv.slice(2))
deadline(Number(options.get('deadline') ?? 300))
const password = options.get('password')
const tpduSize = options.get('tpdu')
const folder = options.get('files')
const model = vmdOf(JSON.parse(readFileSync(options.get('model')!, 'utf8')) as Model)
const listening = await listen({
  host: '127.0.0.1',
  port: Number(options.get('port') ?? 0),
  model:
    folder === undefined
      ? model
      : { ...model, domains: { ...model.domains, [near]: { ...model.domains![near], journals: { [journal]: {} } } } },
  ...(folder === undefined ? {} : { files: await directoryStore(folder, { readOnly: false }) }),
  initiate: { minPduSize: 512 },
  closeTimeout: 1_000,
  ...(tpduSize === undefined ? {} : { cotp: { tpduSize: Number(tpduSize) } }),
  ...(password === undefined
    ? {}
    : { acse: { accept: acceptWhen({ authentication: { mechanisms: [passwordMechanism({ peer: password })] } }) } }),
  onEnd: error => process.stderr.write(`${error instanceof Error ? `${error.name} ${error.message}` : String(error)}\n`),
})
if (folder !== undefined) {
  await listening.server.journal(`${near}/${journal}`).write(
    Array.from({ length: journalEntries }, (_, i) => ({
      time: new Date(journalStart + 1_000 * i),
      variables: { counter: { type: 'integer', value: i }, text: { type: 'visibleString', value: 'x'.repeat(i) } },
    })),
  )
}
emit({ event: 'ready', role: 'server', port: listening.port })
await inputEnds()
await listening.close()
emit({ event: 'done' })
process.exit(0)
