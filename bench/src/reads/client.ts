import { connect as connectSocket } from 'node:net'
import { connectTcp } from '@x/core/node'
import { connect } from '@x/mms/node'
import { openMms } from '@x/mms/open'
import { type Case, type Count, cpuTime, DOMAIN, ITEM, MOST_OUTSTANDING, REQUEST, RESPONSE, type Subject, send, sleep } from './protocol.js'

/** Keeps requests outstanding until it is stopped. */
interface Driver {
  /** Requests answered so far. */
  readonly answered: number
  start(outstanding: number): void
  /** Resolves when the last answer has come. */
  stop(): Promise<void>
}

/** A client process: measures each case that it is sent. */
const subject = process.argv[2] as Subject
const port = Number(process.argv[3])
const driver = subject === 'mms' ? await mmsDriver() : await rawDriver(subject === 'one buffer per chunk')
process.on('message', message => void run(message as Case).then(send))
process.on('disconnect', () => process.exit())
send('ready')

async function run({ outstanding, warm, measured }: Case): Promise<Count> {
  driver.start(outstanding)
  await sleep(warm)
  const before = { answered: driver.answered, time: process.hrtime.bigint(), cpu: cpuTime() }
  await sleep(measured)
  const count = driver.answered - before.answered
  const cpu = cpuTime() - before.cpu
  const seconds = Number(process.hrtime.bigint() - before.time) / 1e9
  await driver.stop()
  return { rate: count / seconds, cpu: cpu / count, total: driver.answered }
}

async function mmsDriver(): Promise<Driver> {
  const address = { host: '127.0.0.1', port }
  await checkSizes(address)
  const client = await connect({ ...address, initiate: { maxServOutstanding: MOST_OUTSTANDING } })
  if (client.maxOutstanding < MOST_OUTSTANDING) throw new RangeError(`only ${client.maxOutstanding} outstanding requests were agreed`)
  let answered = 0
  let running = false
  let readers: Promise<void>[] = []
  const readOn = async () => {
    while (running) {
      const [result] = await client.read([`${DOMAIN}/${ITEM}`])
      if (result?.type !== 'success') throw new TypeError('a read failed')
      answered += 1
    }
  }
  return {
    get answered() {
      return answered
    },
    start(outstanding) {
      running = true
      readers = Array.from({ length: outstanding }, readOn)
    },
    async stop() {
      running = false
      await Promise.all(readers)
    },
  }
}

/** The baseline is worth something only if its messages are as long as ours. */
async function checkSizes(address: { readonly host: string; readonly port: number }): Promise<void> {
  const channel = await connectTcp(address)
  const write = channel.write.bind(channel)
  let sent = 0
  let received = 0
  channel.write = octets => {
    sent += octets.length
    return write(octets)
  }
  const client = await openMms(channel)
  const { onData } = channel
  channel.onData = octets => {
    received += octets.length
    onData(octets)
  }
  sent = 0
  await client.read([`${DOMAIN}/${ITEM}`])
  // The first invoke identifier has one octet, those of the bench PDUs two.
  if (sent + 1 !== REQUEST || received + 1 !== RESPONSE) throw new RangeError(`a read has ${sent} and ${received} octets`)
  await client.close()
}

async function rawDriver(together: boolean): Promise<Driver> {
  const socket = connectSocket({ host: '127.0.0.1', port, noDelay: true })
  await new Promise<void>(resolve => socket.once('connect', resolve))
  const requests = Buffer.alloc(1_000 * REQUEST)
  let answered = 0
  let open = 0
  let received = 0
  let running = false
  let stopped: () => void = () => {}
  const ask = (count: number) => {
    open += count
    if (together) socket.write(Buffer.from(requests.subarray(0, count * REQUEST)))
    else for (let i = 0; i < count; i++) socket.write(Buffer.from(requests.subarray(0, REQUEST)))
  }
  socket.on('data', chunk => {
    received += chunk.length
    const count = Math.floor(received / RESPONSE)
    received -= count * RESPONSE
    answered += count
    open -= count
    if (running) ask(count)
    else if (open === 0) stopped()
  })
  return {
    get answered() {
      return answered
    },
    start(outstanding) {
      running = true
      ask(outstanding)
    },
    stop() {
      running = false
      return new Promise(resolve => {
        stopped = resolve
      })
    },
  }
}
