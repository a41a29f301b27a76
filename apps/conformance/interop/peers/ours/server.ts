import { readFileSync } from 'node:fs'
import { acceptWhen, passwordMechanism } from '@x/acse'
import { listen } from '@x/mms/node'
import type { Model } from '../../model.js'
import { vmdOf } from '../../vmd.js'
import { argumentsOf, deadline, emit, inputEnds } from './lines.js'

/** The server of this stack with the model of ../../model.json. Speaks the line protocol of ../../README.md. */
const options = argumentsOf(process.argv.slice(2))
deadline(Number(options.get('deadline') ?? 300))
const password = options.get('password')
const tpduSize = options.get('tpdu')
const listening = await listen({
  host: '127.0.0.1',
  port: Number(options.get('port') ?? 0),
  model: vmdOf(JSON.parse(readFileSync(options.get('model')!, 'utf8')) as Model),
  initiate: { minPduSize: 512 },
  closeTimeout: 1_000,
  ...(tpduSize === undefined ? {} : { cotp: { tpduSize: Number(tpduSize) } }),
  ...(password === undefined
    ? {}
    : { acse: { accept: acceptWhen({ authentication: { mechanisms: [passwordMechanism({ peer: password })] } }) } }),
  onEnd: error => process.stderr.write(`${error instanceof Error ? `${error.name} ${error.message}` : String(error)}\n`),
})
emit({ event: 'ready', role: 'server', port: listening.port })
await inputEnds()
await listening.close()
emit({ event: 'done' })
process.exit(0)
