import { readFileSync } from 'node:fs'
import type { Model } from '@x/conformance/model'
import { vmdOf } from '@x/conformance/vmd'
import type { VariableModel, VmdModel } from '@x/mms'
import { directoryStore, listen } from '@x/mms/node'
import { answerParent } from '../processes.js'

/** Our server with the model and the files that the peer's server has. Says its port. */
const [model, files] = process.argv.slice(2) as [string, string]
const { port } = await listen({
  host: '127.0.0.1',
  port: 0,
  model: held(vmdOf(JSON.parse(readFileSync(model, 'utf8')) as Model)),
  files: await directoryStore(files),
  initiate: { maxServOutstanding: 10 },
})
answerParent(port, () => null)

/** The server holds the values, as the peer's does. */
function held(vmd: VmdModel): VmdModel {
  const asHeld = ({ type, read }: VariableModel): VariableModel => ({ type, value: read!(undefined as never) as never })
  const domains = Object.entries(vmd.domains ?? {}).map(([name, domain]) => {
    const variables = Object.entries(domain.variables ?? {}).map(([item, variable]) => [item, asHeld(variable)] as const)
    return [name, { ...domain, variables: Object.fromEntries(variables) }] as const
  })
  return { ...vmd, domains: Object.fromEntries(domains) }
}
