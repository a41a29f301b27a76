import { connect as connectSocket } from 'node:net'
import { connect as connectAssociation } from '@x/acse/node'
import { BER_TRANSFER_SYNTAX } from '@x/iso-presentation'
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
      return connectAssociation({ ...address, request })
    case 'mms':
      return connectMms(address)
    default:
      return subject satisfies never
  }
}

/** ACSE, and a context of some application, as an association usually has them. */
const request = {
  applicationContextName: '1.0.9506.2.3',
  presentationContextDefinitionList: ['2.2.1.0.1', '1.0.9506.2.1'].map((abstractSyntaxName, i) => ({
    presentationContextIdentifier: 2 * i + 1,
    abstractSyntaxName,
    transferSyntaxNameList: [BER_TRANSFER_SYNTAX],
  })),
}
