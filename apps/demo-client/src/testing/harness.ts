import { listenTcp } from '@x/core/node'
import { MmsServer, type MmsServerOptions } from '@x/mms'
import { type Bay, makeBay } from '../device/bay.js'
import type { Io } from '../io.js'
import { main } from '../main.js'

/** What a run of the program left behind. */
export interface Run {
  readonly code: number
  /** Standard output and standard error. */
  readonly out: string
  readonly err: string
}

export interface RunOptions {
  readonly env?: Io['env']
  readonly stdin?: string | Uint8Array
  /** Answers to questions, in order; given: standard input is a terminal. */
  readonly answers?: readonly string[]
  /** Columns of the terminal; given: standard output is one. */
  readonly columns?: number
  readonly signal?: AbortSignal
  /** Told of each piece of standard output and standard error. */
  readonly onOutput?: (text: string) => void
}

/** Runs the program in this process. */
export async function mms(args: readonly (string | number)[], options: RunOptions = {}): Promise<Run> {
  const streams = { out: '', err: '' }
  const answers = [...(options.answers ?? [])]
  const into = (stream: 'out' | 'err') => (text: string) => {
    streams[stream] += text
    options.onOutput?.(text)
  }
  const code = await main(args.map(String), {
    out: into('out'),
    err: into('err'),
    env: options.env ?? {},
    outIsTerminal: options.columns !== undefined,
    errIsTerminal: false,
    inIsTerminal: options.answers !== undefined,
    columns: options.columns,
    signal: options.signal ?? new AbortController().signal,
    read: () => Promise.resolve(Buffer.from(options.stdin ?? '')),
    ask: question => {
      streams.err += question
      return Promise.resolve(answers.shift() ?? '')
    },
  })
  return { code, ...streams }
}

/** 2026-01-31 12:30:00 UTC: the clock of a device in tests, which does not move unless a test moves it. */
export const NOON = Date.UTC(2026, 0, 31, 12, 30)

export interface TestDevice extends AsyncDisposable {
  readonly bay: Bay
  readonly server: MmsServer
  readonly port: number
  /** Moves its clock. @param ms forward */
  advance(ms: number): void
  /** Associations that have ended, by the name of the error that says how. */
  readonly ends: readonly string[]
}

/** The bay controller on a free port, with a clock that stands still. */
export async function startDevice(options: Partial<MmsServerOptions> = {}): Promise<TestDevice> {
  const clock = { now: NOON }
  const bay = makeBay({ clock: () => clock.now, reportInterval: 0 })
  const ends: string[] = []
  const server = new MmsServer({ model: bay.model, onEnd: error => ends.push((error as Error).name), ...options })
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, channel => void server.accept(channel).catch(() => {}))
  return {
    bay,
    server,
    port: listener.port,
    ends,
    advance(ms) {
      clock.now += ms
    },
    async [Symbol.asyncDispose]() {
      bay.stop()
      const closed = listener.close()
      await server.close()
      await closed
    },
  }
}
