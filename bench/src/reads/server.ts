import { createServer, type Socket } from 'node:net'
import type { TypeDescription, VmdModel } from '@x/mms'
import { listen } from '@x/mms/node'
import { answerParent, cpuTime } from '../processes.js'
import { DOMAIN, ITEM, isStack, MOST_CONNECTIONS, MOST_OUTSTANDING, REQUEST, RESPONSE, type Subject } from './protocol.js'

/** A server process: says its port, and its processor time whenever it is asked. */
const subject = process.argv[2] as Subject
/** What bare sockets answer; its content does not matter. */
const RESPONSES = Buffer.alloc(1_000 * RESPONSE)
answerParent(await portOf(subject), cpuTime)

async function portOf(subject: Subject): Promise<number> {
  if (isStack(subject)) {
    const { port } = await listen({
      host: '127.0.0.1',
      port: 0,
      model: model(),
      maxConnections: MOST_CONNECTIONS,
      initiate: { maxServOutstanding: MOST_OUTSTANDING },
    })
    return port
  }
  const server = createServer({ noDelay: true }, socket => answer(socket, subject === 'one buffer per chunk'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** For every request's length received, a response's length. */
function answer(socket: Socket, together: boolean): void {
  let received = 0
  socket.on('error', () => {})
  socket.on('data', chunk => {
    received += chunk.length
    const count = Math.floor(received / REQUEST)
    received -= count * REQUEST
    if (together) socket.write(Buffer.from(RESPONSES.subarray(0, count * RESPONSE)))
    else for (let i = 0; i < count; i++) socket.write(Buffer.from(RESPONSES.subarray(0, RESPONSE)))
  })
}

/** One structure of a measured value, its quality and its time, among a few hundred others. */
function model(): VmdModel {
  const type: TypeDescription = {
    type: 'structure',
    value: {
      packed: false,
      components: [
        ['mag', { type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8 } }],
        ['q', { type: 'bitString', value: -13 }],
        ['t', { type: 'utcTime', value: null }],
      ].map(([componentName, value]) => ({
        componentName: componentName as string,
        componentType: { type: 'typeDescription', value: value as TypeDescription },
      })),
    },
  }
  const value = {
    type: 'structure',
    value: [
      { type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value: 229.5 } },
      { type: 'bitString', value: { octets: new Uint8Array(2), size: 13 } },
      { type: 'utcTime', value: { seconds: 1_748_779_200, fraction: 2_097_152, quality: 10 } },
    ],
  } as const
  const names = [ITEM, ...Array.from({ length: 300 }, (_, i) => `GGIO1$MX$AnIn${i}`)]
  return {
    identity: { vendorName: 'bench', modelName: 'bench', revision: '1' },
    domains: { [DOMAIN]: { variables: Object.fromEntries(names.map(name => [name, { type, value }])) } },
  }
}
