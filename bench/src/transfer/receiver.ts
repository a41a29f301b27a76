import { createServer } from 'node:net'
import { type Channel, sameOctets } from '@x/core'
import { listenTcp } from '@x/core/node'
import { transportStack } from '@x/cotp/open'
import { answerParent, cpuTime } from '../processes.js'
import { now, type Progress, payload, type ReceiverKind, wireLength } from './protocol.js'

/** A process that receives TSDUs and says how many, and how much of it was well. */
const kind = process.argv[2] as ReceiverKind
const tpduSize = Number(process.argv[3])
const expected = payload()
const LENGTH = wireLength(tpduSize)
let tsdus = 0
let octets = 0
answerParent(await portOf(kind), (): Progress => ({ tsdus: tsdus + octets / LENGTH, time: now(), cpu: cpuTime() }))

async function portOf(receiver: ReceiverKind): Promise<number> {
  if (receiver !== 'counted') return (await listenTcp({ host: '127.0.0.1', port: 0 }, connected)).port
  const server = createServer({ noDelay: true }, socket => {
    socket.on('error', () => {})
    socket.on('data', chunk => {
      octets += chunk.length
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

function connected(channel: Channel): void {
  const reuseBuffers = kind === 'reassembled'
  const machine = transportStack(channel, { network: { reuseBuffers }, transport: { tpduSize, reuseBuffers } })
  machine.onDeliver = primitive => {
    switch (primitive.type) {
      case 'T-CONNECT.indication':
        machine.submit({ type: 'T-CONNECT.response' })
        if (machine.tpduSize !== tpduSize) throw new RangeError(`expected TPDUs of ${tpduSize} octets, found ${machine.tpduSize}`)
        if (kind === 'handshake') countFrom(channel)
        return
      case 'T-DATA.indication':
        // One in a thousand, so that the check costs nothing; the first one is among them.
        if (tsdus % 1_000 === 0 && !sameOctets(primitive.userData, expected)) throw new RangeError('a TSDU is not what was sent')
        tsdus += 1
        return
      case 'T-DISCONNECT.indication':
        process.exit(primitive.cause === undefined ? 0 : 1)
    }
  }
}

function countFrom(channel: Channel): void {
  channel.onData = chunk => {
    octets += chunk.length
  }
}
