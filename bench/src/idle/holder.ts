import { connect as connectSocket } from 'node:net'
import { associate } from '@x/acse/node'
import { connect as connectMms } from '@x/mms/node'
import { answerParent } from '../processes.js'
import type { IdleSubject } from './run.js'

/** A client process that opens as many as it is asked to, and leaves them alone. */
const AT_A_TIME = 20
const subject = process.argv[2] as IdleSubject
const address = { host: '127.0.0.1', port: Number(process.argv[3]) }
const held: unknown[] = []
answerParent('ready', async (count: number) => {
  let missing = count
  const openOn = async () => {
    while (missing-- > 0) held.push(await open())
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, openOn))
  return held.length
})

function open(): Promise<unknown> {
  switch (subject) {
    case 'sockets':
      return new Promise((resolve, reject) => {
        const socket = connectSocket(address, () => resolve(socket))
        socket.on('error', reject)
      })
    case 'acse':
      return associate({ ...address, applicationContext: '1.0.9506.2.3', contexts: ['1.0.9506.2.1'] })
    case 'mms':
      return connectMms(address)
    default:
      return subject satisfies never
  }
}
