import { connect as netConnect, type Socket } from 'node:net'
import type { MmsClient } from '@x/mms'
import { connect } from '@x/mms/node'
import { answering, argument } from './child.js'

/** A process of clients: good ones, and sockets that misbehave. */
const { port, host = '127.0.0.1' } = argument<{ readonly port: number; readonly host?: string }>()

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const held: MmsClient[] = []
/** Milliseconds each socket lived, once it is closed. */
let lives: number[] = []
let opened = 0
let running: { readonly stop: () => void; readonly done: Promise<Measured> } | undefined

export interface Measured {
  readonly tries: number
  readonly failures: number
  readonly firstFailure?: string
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly most: number
  readonly perSecond: number
}

interface Work {
  /** `associate`: connect, associate, read, close; `read`: on one association; `connect`: TCP only. */
  readonly kind: 'associate' | 'read' | 'connect'
  /** Milliseconds between the beginnings of two; 0: one after the other. */
  readonly every?: number
  /** So many at a time. @default 1 */
  readonly lanes?: number
  readonly localAddress?: string
}

async function measured({ kind, every = 0, lanes = 1, localAddress }: Work, goOn: () => boolean): Promise<Measured> {
  const times: number[] = []
  let failures = 0
  let firstFailure: string | undefined
  const options = { host, port, ...(localAddress === undefined ? {} : { localAddress }) }
  const standing = kind === 'read' ? await connect(options) : undefined
  const once = async () => {
    if (standing) return void (await standing.readValue('D/x'))
    if (kind === 'connect') return bare(options)
    const mms = await connect(options)
    await mms.readValue('D/x')
    await mms.close()
  }
  const since = performance.now()
  const lane = async () => {
    while (goOn()) {
      const begin = performance.now()
      try {
        await once()
        times.push(performance.now() - begin)
      } catch (error) {
        failures += 1
        firstFailure ??= String(error)
      }
      const rest = every - (performance.now() - begin)
      if (rest > 0) await sleep(rest)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const seconds = (performance.now() - since) / 1_000
  await standing?.close()
  times.sort((x, y) => x - y)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  const result = { tries: times.length + failures, failures, p50: at(0.5), p99: at(0.99), most: at(1), perSecond: times.length / seconds }
  return firstFailure === undefined ? result : { ...result, firstFailure }
}

/** Connects and goes; whether the server wanted it does not matter. */
function bare(options: { host: string; port: number; localAddress?: string }): Promise<void> {
  return new Promise(resolve => {
    const socket = netConnect(options)
    socket.once('connect', () => socket.resetAndDestroy())
    socket.on('error', () => {})
    socket.once('close', () => resolve())
  })
}

interface Misbehaviour {
  readonly count: number
  /** Hexadecimal. */
  readonly first?: string
  readonly drip?: string
  readonly every?: number
  readonly localAddress?: string
}

/** Sockets that send `first`, and then `drip` again and again. */
async function misbehave({ count, first, drip, every, localAddress }: Misbehaviour): Promise<number> {
  lives = []
  opened = 0
  for (let i = 0; i < count; i++) {
    const socket: Socket = netConnect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) })
    socket.on('error', () => {})
    socket.resume()
    await new Promise(resolve => socket.once('connect', resolve).once('close', resolve))
    const since = performance.now()
    opened += 1
    if (first !== undefined) socket.write(Buffer.from(first, 'hex'))
    const timer = drip === undefined ? undefined : setInterval(() => socket.write(Buffer.from(drip, 'hex')), every)
    socket.once('close', () => {
      clearInterval(timer)
      lives.push(performance.now() - since)
    })
  }
  return opened
}

export const clientAnswers = {
  /** Works until `stop`. */
  start: (work: Work) => {
    let on = true
    running = {
      stop: () => {
        on = false
      },
      done: measured(work, () => on),
    }
  },
  stop: async () => {
    running!.stop()
    return await running!.done
  },
  misbehave,
  lives: () => ({ opened, closed: lives.length, least: Math.min(...lives), most: Math.max(...lives) }),
  /** Associates and stays. @returns how many were refused, and why the first was */
  hold: async (count: number) => {
    let refused = 0
    let why: string | undefined
    for (let at = 0; at < count; at += 50) {
      const results = await Promise.allSettled(
        Array.from({ length: Math.min(50, count - at) }, () => connect({ host, port, timeout: 30_000 })),
      )
      for (const result of results) {
        if (result.status === 'fulfilled') held.push(result.value)
        else {
          refused += 1
          why ??= String(result.reason)
        }
      }
      if (refused > 100) break
    }
    return { held: held.length, refused, why }
  },
  /** Reads once on some of those held. @returns how many answered */
  readHeld: async (count: number) => {
    const step = Math.max(1, Math.floor(held.length / count))
    const some = held.filter((_, i) => i % step === 0).slice(0, count)
    const results = await Promise.allSettled(some.map(mms => mms.readValue('D/x')))
    return { asked: some.length, answered: results.filter(({ status }) => status === 'fulfilled').length }
  },
  /** One association; resolves when it has ended. @returns milliseconds it took from now on, and why it ended */
  untilLost: async (after: number) => {
    const mms = held[0]!
    const since = performance.now()
    const error = await Promise.race([mms.ended, sleep(after).then(() => undefined)])
    return { ms: performance.now() - since, error: error === undefined ? undefined : `${error.name}: ${error.message}` }
  },
}
answering(clientAnswers)
