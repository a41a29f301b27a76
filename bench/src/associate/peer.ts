import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = new URL('../../../', import.meta.url)
const path = (relative: string): string => fileURLToPath(new URL(relative, root))
/** Where the interoperability tests install peers. */
const peers = process.env.INTEROP_PEERS ?? path('.peers')
const python = `${peers}/libiec61850/bin/python`
const adapter = path('apps/conformance/interop/peers/libiec61850')

/** What stands against ours. */
export const PEER = 'libiec61850 1.6.1 (pyiec61850-ng 1.6.1.10)'

/** Why the peer cannot be measured; undefined: it can. */
export function peerAbsent(): string | undefined {
  return existsSync(python) ? undefined : 'libiec61850 is not installed: npm run interop:setup installs it into .peers'
}

/** A program that answers a line with a line of JSON. */
export class Program {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(command: readonly string[]) {
    const [program, ...args] = command as [string, ...string[]]
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  /** Its server, with the model of the interoperability tests. */
  static async server(): Promise<{ readonly program: Program; readonly port: number }> {
    const port = await freePort()
    const model = path('apps/conformance/interop/model.json')
    const program = new Program([python, '-B', `${adapter}/server.py`, '--model', model, '--port', String(port), '--deadline', '300'])
    await program.answer()
    return { program, port }
  }

  /** Its client. */
  static async client(port: number): Promise<Program> {
    const program = new Program([python, '-B', path('bench/peers/libiec61850.py'), adapter, String(port)])
    await program.answer()
    return program
  }

  ask<T>(line: string): Promise<T> {
    this.#process.stdin!.write(`${line}\n`)
    return this.answer<T>()
  }

  /** The next line. @throws when it has ended */
  async answer<T>(): Promise<T> {
    const { done, value } = await this.#lines.next()
    if (done) throw new TypeError('a program of the peer has ended')
    return JSON.parse(value) as T
  }

  stop(): void {
    this.#process.kill()
  }
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
