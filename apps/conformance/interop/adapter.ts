import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Json } from './model.js'

/** One line of an adapter's standard output. README.md describes the protocol. */
export interface AdapterEvent {
  readonly event: 'ready' | 'answer' | 'done'
  readonly role?: string
  readonly port?: number
  readonly n?: number
  readonly operation?: string
  readonly ms?: number
  readonly value?: Json
  readonly error?: string
  readonly notOffered?: string
  readonly reason?: string
}

/** The answer to one command. */
export type Answer = { readonly value: Json } | { readonly error: string } | { readonly notOffered: string }

/** An adapter that did not do what the protocol asks: it died, was silent, or never became ready. */
export class AdapterFailure extends Error {
  override readonly name = 'AdapterFailure'
}

/** A peer in a process of its own, driven by lines. It is stopped by its process id, and gone at the latest `deadline` after its start. */
export class Adapter {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #events: AdapterEvent[] = []
  readonly #exited: Promise<void>
  #wake: () => void = () => {}
  #over = false
  #errors = ''

  private constructor(command: readonly string[], env: NodeJS.ProcessEnv | undefined) {
    this.#child = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    createInterface({ input: this.#child.stdout }).on('line', line => this.#line(line))
    this.#child.stderr.on('data', chunk => {
      this.#errors = (this.#errors + String(chunk)).slice(-2_000)
    })
    this.#child.stdin.on('error', () => {})
    this.#exited = new Promise(resolve => {
      this.#child.on('error', error => {
        this.#errors += error.message
        this.#end(resolve)
      })
      this.#child.on('close', () => this.#end(resolve))
    })
  }

  /**
   * Starts an adapter and waits until it is ready.
   *
   * @param timeout ms
   * @throws AdapterFailure when it is not ready in time
   */
  static async start(
    command: readonly string[],
    timeout = 20_000,
    env?: NodeJS.ProcessEnv,
  ): Promise<{ adapter: Adapter; ready: AdapterEvent }> {
    const adapter = new Adapter(command, env)
    try {
      const ready = await adapter.#next(timeout)
      if (ready.event !== 'ready') throw new AdapterFailure(ready.reason ?? 'not ready')
      return { adapter, ready }
    } catch (error) {
      await adapter.stop()
      throw error
    }
  }

  /** Sends a command and waits for its answer. @throws AdapterFailure when none comes within `timeout` ms */
  async ask(command: readonly string[], timeout = 10_000): Promise<Answer> {
    if (this.#over) throw new AdapterFailure(`the adapter is gone${this.#trace()}`)
    this.#child.stdin.write(`${command.join('\t')}\n`)
    const answer = await this.#next(timeout)
    if (answer.event !== 'answer') throw new AdapterFailure(answer.reason ?? `the adapter is gone${this.#trace()}`)
    if (answer.notOffered !== undefined) return { notOffered: answer.notOffered }
    return answer.error !== undefined ? { error: answer.error } : { value: answer.value ?? null }
  }

  /** Asks it to end by closing its input; ends it by its process id when it has not within 2 s. */
  async stop(): Promise<void> {
    this.#child.stdin.end()
    const patience = setTimeout(() => this.#child.kill('SIGTERM'), 2_000)
    const end = setTimeout(() => this.#child.kill('SIGKILL'), 4_000)
    await this.#exited
    clearTimeout(patience)
    clearTimeout(end)
  }

  async #next(timeout: number): Promise<AdapterEvent> {
    const until = Date.now() + timeout
    while (this.#events.length === 0) {
      const left = until - Date.now()
      if (this.#over) throw new AdapterFailure(`the adapter ended${this.#trace()}`)
      if (left <= 0) throw new AdapterFailure(`no answer in ${timeout} ms${this.#trace()}`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return this.#events.shift()!
  }

  #line(line: string): void {
    if (!line.startsWith('{')) return
    this.#events.push(JSON.parse(line) as AdapterEvent)
    this.#wake()
  }

  #end(resolve: () => void): void {
    this.#over = true
    this.#wake()
    resolve()
  }

  #trace(): string {
    const last = this.#errors.trim().split('\n').at(-1)
    return last ? `: ${last}` : ''
  }
}
