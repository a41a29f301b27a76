import { connect, listen } from '@x/iso-session/node'

const text = (octets: Uint8Array) => new TextDecoder().decode(octets)
const octets = (words: string) => new TextEncoder().encode(words)

const listener = await listen({ host: '127.0.0.1', port: 0 }, async session => {
  for await (const question of session) await session.send(octets(`${text(question)} yourself`))
})

const session = await connect({ host: '127.0.0.1', port: listener.port, called: { sessionSelector: Uint8Array.of(0, 1) } })
await session.send(octets('hello'))
for await (const answer of session) {
  console.log(text(answer))
  break // releases the session
}
await listener.close()
