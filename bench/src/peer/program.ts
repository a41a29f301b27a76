import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { peers } from '@x/conformance/peers'
import { thisMachine } from '@x/conformance/programs'
import { setUp } from '@x/conformance/setup'

const root = new URL('../../../', import.meta.url)
const path = (relative: string): string => fileURLToPath(new URL(relative, root))
const adapter = path('apps/conformance/interop/peers/libiec61850')

/** What stands against ours. */
export const PEER = 'libiec61850 1.6.1 (pyiec61850-ng 1.6.1.10)'

/** Installs the peer as the interoperability tests do. @returns its Python; undefined, and said why, when it cannot be had */
export async function installedPeer(goals: string): Promise<string | undefined> {
  const peer = peers.find(({ name }) => name === 'libiec61850')!
  const setup = await setUp(peer, thisMachine(true), line => console.error(line))
  if ('folder' in setup) return join(setup.folder, 'bin/python')
  console.error(`${goals} not measured: ${setup.notRun}`)
  return undefined
}

/** A program that answers a line with a line of JSON. */
export class Program {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(command: readonly string[]) {
    const [program, ...args] = command as [string, ...string[]]
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
  }

  /** Its server. */
  static async server(python: string, model: string, files: string): Promise<{ readonly program: Program; readonly port: number }> {
    const port = await freePort()
    const its = ['--model', model, '--files', files, '--port', String(port), '--deadline', '900']
    const program = new Program([python, '-B', `${adapter}/server.py`, ...its])
    await program.answer()
    return { program, port }
  }

  /** Its client. */
  static async client(python: string, port: number): Promise<Program> {
    const program = new Program([python, '-B', path('bench/peers/libiec61850.py'), adapter, String(port)])
    await program.answer()
    return program
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  ask<T>(message: object): Promise<T> {
    this.#process.stdin!.write(`${JSON.stringify(message)}\n`)
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
