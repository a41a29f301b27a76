import { passwordMechanism } from '@x/acse'
import { DirectoryClient, explain } from './client.js'
import { serveDirectory } from './server.js'

/** Both roles in one process, over a socket. */
const server = await serveDirectory({
  entries: [{ name: 'substation/breaker', attributes: [{ type: 'location', value: 'bay 3' }] }],
  writers: { '1.3.9999.1': 'sesame' },
})
server.on('established', ({ association }) => console.log(`established: ${association.requestor.apTitle ?? 'a reader'}`))
server.on('rejected', ({ association, error }) => console.log(`rejected:    ${association.requestor.apTitle}: ${error.message}`))
server.on('released', ({ association }) => console.log(`released:    ${association.requestor.apTitle ?? 'a reader'}`))
const at = { host: '127.0.0.1', port: server.port }
const writer = (own: string) => ({ ...at, calling: { apTitle: '1.3.9999.1', aeQualifier: 1 }, authentication: passwordMechanism({ own }) })

{
  await using reader = await DirectoryClient.connect(at)
  console.log('lookup:      ', JSON.stringify(await reader.lookup('substation/breaker')))
  await reader.add({ name: 'x', attributes: [] }).catch(error => console.log('add:         ', error.message))
}
{
  await using client = await DirectoryClient.connect(writer('sesame'))
  await client.add({ name: 'substation/relay', attributes: [{ type: 'location', value: 'bay 4' }] })
  console.log('list:        ', (await client.list('substation/')).join(', '))
}
await DirectoryClient.connect(writer('open up')).catch(error => console.log('refused:     ', explain(error)))
await server.close()
