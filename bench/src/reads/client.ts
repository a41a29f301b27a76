import { connect as connectSocket } from 'node:net'
import { connectTcp } from '@x/core/node'
import { connect } from '@x/mms/node'
import { openMms } from '@x/mms/open'
import { answerParent, cpuTime, sleep } from '../processes.js'
import { type Case, type Count, DOMAIN, ITEM, isStack, MOST_OUTSTANDING, REQUEST, RESPONSE, type Subject } from './protocol.js'

/** One connection that keeps requests outstanding until it is stopped. */
interface Driver {
  start(outstanding: number): void
  /** Resolves when the last answer has come. */
  stop(): Promise<void>
}

/** A client process: measures each case that it is sent. */
const subject = process.argv[2] as Subject
const port = Number(process.argv[3])
const address = { host: '127.0.0.1', port }
/** Requests answered so far, on all connections. */
let answered = 0
const drivers: Driver[] = []
/** What bare sockets send; its content does not matter. */
const REQUESTS = Buffer.alloc(1_000 * REQUEST)
if (isStack(subject)) await checkSizes()
answerParent('ready', run)

async function run({ connections, outstanding, warm, measured }: Case): Promise<Count> {
  while (drivers.length < connections) {
    const missing = Math.min(20, connections - drivers.length)
    drivers.push(...(await Promise.all(Array.from({ length: missing }, open))))
  }
  const inUse = drivers.slice(0, connections)
  for (const driver of inUse) driver.start(outstanding)
  await sleep(warm)
  const before = { answered, time: process.hrtime.bigint(), cpu: cpuTime() }
  await sleep(measured)
  const count = answered - before.answered
  const cpu = cpuTime() - before.cpu
  const seconds = Number(process.hrtime.bigint() - before.time) / 1e9
  await Promise.all(inUse.map(driver => driver.stop()))
  return { rate: count / seconds, cpu: cpu / count, total: answered }
}

function open(): Promise<Driver> {
  return isStack(subject) ? mmsDriver() : rawDriver(subject === 'one buffer per chunk')
}

async function mmsDriver(): Promise<Driver> {
  const client = await connect({ ...address, initiate: { maxServOutstanding: MOST_OUTSTANDING } })
  if (client.maxOutstanding < MOST_OUTSTANDING) throw new RangeError(`only ${client.maxOutstanding} outstanding requests were agreed`)
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
async function checkSizes(): Promise<void> {
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
  const socket = connectSocket({ ...address, noDelay: true })
  await new Promise<void>(resolve => socket.once('connect', resolve))
  let open = 0
  let received = 0
  let running = false
  let stopped: () => void = () => {}
  const ask = (count: number) => {
    open += count
    if (together) socket.write(Buffer.from(REQUESTS.subarray(0, count * REQUEST)))
    else for (let i = 0; i < count; i++) socket.write(Buffer.from(REQUESTS.subarray(0, REQUEST)))
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
