import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A process of the bench that answers one message after another. */
export class Child {
  /**
   * Starts it and waits for its first message.
   * @param module the compiled file, as a URL; a test has only its source, and runs that @param execArgv options of Node
   */
  static async start<T>(
    module: URL,
    args: readonly (string | number)[],
    execArgv: readonly string[] = [],
  ): Promise<{ readonly child: Child; readonly first: T }> {
    const file = fileURLToPath(module)
    const fromSource = import.meta.url.endsWith('.ts')
    const program = fromSource ? file.replace(/\.js$/, '.ts') : file
    const loader = fromSource ? ['--conditions=source', '--import', import.meta.resolve('tsx')] : []
    const child = new Child(fork(program, args.map(String), { execArgv: [...loader, ...execArgv] }))
    try {
      return { child, first: await child.#answer<T>() }
    } catch (error) {
      child.stop()
      throw error
    }
  }

  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  ask<T>(message: object | string | number): Promise<T> {
    this.#process.send(message)
    return this.#answer<T>()
  }

  stop(): void {
    this.#process.kill()
  }

  /** The next message. @throws when it ends instead */
  #answer<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const onMessage = (answer: unknown) => {
        this.#process.off('exit', onExit)
        resolve(answer as T)
      }
      const onExit = (code: number | null) => {
        this.#process.off('message', onMessage)
        reject(new TypeError(`a process of the bench ended with ${code}`))
      }
      this.#process.once('message', onMessage)
      this.#process.once('exit', onExit)
    })
  }
}

/** In a child: says what it has to say first, then answers each message. Ends with its parent. */
export function answerParent<M>(first: unknown, answer: (message: M) => unknown): void {
  process.on('message', message => void Promise.resolve(answer(message as M)).then(given => process.send!(given ?? null)))
  process.on('disconnect', () => process.exit())
  process.send!(first)
}

/** Microseconds of processor time of this process. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Microseconds of processor time of another process, in steps of 10 000; undefined where the system does not tell it in a file. */
export function cpuTimeOf(pid: number | undefined): number | undefined {
  try {
    // Behind the name, which may hold anything but a closing parenthesis last: fields 14 and 15, in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
    return 10_000 * (Number(fields[11]) + Number(fields[12]))
  } catch {
    return undefined
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}
