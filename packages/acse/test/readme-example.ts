import { passwordMechanism } from '@x/acse'
import { associate, listen } from '@x/acse/node'

// An application of our own: its abstract syntax, its application context, and octets that are its own affair.
const echo = { applicationContext: '1.3.6.1.4.1.99999.2', contexts: ['1.3.6.1.4.1.99999.1'] }
const text = (octets: Uint8Array) => new TextDecoder().decode(octets.subarray(2))
const value = (words: string) => Uint8Array.of(4, words.length, ...new TextEncoder().encode(words)) // an OCTET STRING

const password = passwordMechanism({ peer: ({ apTitle }) => (apTitle === '1.1.1.999' ? 'sesame' : undefined) })
const server = await listen({
  port: 0,
  host: '127.0.0.1',
  policy: { applicationContexts: [echo.applicationContext], authentication: { mechanisms: [password] } },
  onAssociation: async association => {
    for await (const { octets } of association) await association.send(octets)
  },
})
server.on('rejected', ({ association, error }) => console.log(`${association.requestor.apTitle} rejected: ${error.message}`))

const calling = { apTitle: '1.1.1.999', aeQualifier: 12 }
const login = (own: string) => ({ calling, authentication: passwordMechanism({ own }), host: '127.0.0.1', port: server.port })

const association = await associate({ ...echo, ...login('sesame') })
await association.send(value('hello'))
console.log('back:', text((await association.receive())!.octets))
await association.release()
console.log(association.closeReason?.type)

await associate({ ...echo, ...login('open up') }).catch((error: Error) => console.log(`${error.name}: ${error.message}`))
await server.close()
