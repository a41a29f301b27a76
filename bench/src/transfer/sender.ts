import { connect as connectSocket } from 'node:net'
import { connectTcp } from '@x/core/node'
import { openTransport } from '@x/cotp/open'
import { answerParent, cpuTime } from '../processes.js'
import { payload, type SenderKind, segments } from './protocol.js'

/** A process that sends TSDUs as fast as they are taken, between `start` and `stop`. */
const kind = process.argv[2] as SenderKind
const tpduSize = Number(process.argv[3])
const address = { host: '127.0.0.1', port: Number(process.argv[4]) }
/** TSDUs in one large write of octets made before. */
const TOGETHER = 8
const tsdu = payload()
let sending = false
const send = await sender()
answerParent('ready', (message: 'start' | 'stop' | 'cpu') => {
  if (message === 'start') {
    sending = true
    void sendOn()
  }
  if (message === 'stop') sending = false
  return cpuTime()
})

async function sendOn(): Promise<void> {
  while (sending) {
    await send()
    // What is sent at once leaves no turn in which `stop` could be heard.
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** @returns sends some TSDUs and resolves when more are wanted */
async function sender(): Promise<() => Promise<void> | void> {
  if (kind === 'segments') {
    const socket = connectSocket({ ...address, noDelay: true })
    await new Promise<void>(resolve => socket.once('connect', resolve))
    const parts = segments(tsdu, tpduSize)
    return () => {
      let free = true
      for (const part of parts) free = socket.write(part)
      if (!free) return new Promise<void>(resolve => socket.once('drain', resolve))
    }
  }
  const channel = await connectTcp(address)
  if (kind === 'stack') {
    const connection = await openTransport(channel, { transport: { tpduSize } })
    return () => connection.send(tsdu)
  }
  if (kind === 'wire') await openTransport(channel, { transport: { tpduSize } })
  const wire = Buffer.concat(Array.from({ length: TOGETHER }, () => segments(tsdu, tpduSize)).flat())
  return () => {
    if (channel.write(wire)) return
    return new Promise<void>(resolve => {
      channel.onDrain = resolve
    })
  }
}
