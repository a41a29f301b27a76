import { acceptWhen, passwordMechanism } from '@x/acse'
import { connect, listen } from '@x/acse/node'
import { Sdu } from '@x/core'

// An application of our own: its abstract syntax, its application context, and octets that are its own affair.
const echo = { abstractSyntax: '1.3.6.1.4.1.99999.1', applicationContext: '1.3.6.1.4.1.99999.2', id: 3 }
const contexts = [
  { presentationContextIdentifier: 1, abstractSyntaxName: '2.2.1.0.1', transferSyntaxNameList: ['2.1.1'] }, // ACSE itself
  { presentationContextIdentifier: echo.id, abstractSyntaxName: echo.abstractSyntax, transferSyntaxNameList: ['2.1.1'] },
]
const text = (octets: Uint8Array) => new TextDecoder().decode(octets.subarray(2))
const value = (words: string) => Sdu.of([4, words.length, ...new TextEncoder().encode(words)]) // an OCTET STRING

const policy = acceptWhen({
  applicationContexts: [echo.applicationContext],
  authentication: { mechanisms: [passwordMechanism({ peer: ({ apTitle }) => (apTitle === '1.1.1.999' ? 'sesame' : undefined) })] },
})
const server = await listen({ port: 0, host: '127.0.0.1', acse: { accept: policy } }, async connection => {
  for await (const heard of connection) {
    if (heard.type !== 'P-DATA.indication') continue
    for (const { presentationContextIdentifier, octets } of heard.userData) {
      await connection.send({ type: 'P-DATA.request', presentationContextIdentifier, userData: Sdu.of(octets) })
    }
  }
})

const associate = (password: string) =>
  connect({
    host: '127.0.0.1',
    port: server.port,
    request: {
      applicationContextName: echo.applicationContext,
      presentationContextDefinitionList: contexts,
      calling: { apTitle: '1.1.1.999', aeQualifier: 12 },
      authentication: passwordMechanism({ own: password }).prove({}),
    },
  })

const { connection } = await associate('sesame')
await connection.send({ type: 'P-DATA.request', presentationContextIdentifier: echo.id, userData: value('hello') })
for await (const heard of connection) {
  if (heard.type === 'P-DATA.indication') console.log('back:', text(heard.userData[0]!.octets))
  break // leaving the loop releases the association
}
await associate('open up').catch((error: Error) => console.log(`${error.name}: ${error.message}`))
await server.close()
