import { type ChildProcess, fork } from 'node:child_process'

/** What a child can be asked: a name, what it takes and what it gives. All of it goes through JSON. */
export type Answers = Readonly<Record<string, (asked: never) => unknown>>

/** Another process, so that who measures does not slow down who is measured. */
export class Child<A extends Answers> implements Disposable {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  #next = 0
  /** Set when it has ended by itself. */
  died: string | undefined

  /** @param file in this folder @param flags of node @param wrap a program that runs it, with its arguments */
  constructor(file: string, argument: unknown, flags: readonly string[] = [], wrap?: readonly string[]) {
    const path = new URL(file, import.meta.url).pathname
    const execArgv = ['--expose-gc', ...flags]
    // `exec` with a program in front: that program hands the channel on.
    const [execPath, ...before] = [...(wrap ?? []), process.execPath]
    this.#process = fork(path, [JSON.stringify(argument)], { execPath: execPath!, execArgv: [...before, ...execArgv] })
    this.#process.on('message', (message: { id: number; value?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(message.id)
      this.#waiting.delete(message.id)
      if (message.error === undefined) waiting?.resolve(message.value as never)
      else waiting?.reject(new Error(message.error))
    })
    this.#process.once('exit', (code, signal) => {
      this.died = signal ?? `exit code ${code}`
      for (const { reject } of this.#waiting.values()) reject(new Error(`${file} ended: ${this.died}`))
    })
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  ask<N extends keyof A & string>(name: N, ...asked: Parameters<A[N]>): Promise<Awaited<ReturnType<A[N]>>> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      if (this.died !== undefined) return reject(new Error(`the process has ended: ${this.died}`))
      this.#waiting.set(id, { resolve, reject })
      this.#process.send({ id, name, asked: asked[0] })
    })
  }

  [Symbol.dispose](): void {
    this.#process.removeAllListeners('exit')
    this.#process.kill('SIGKILL')
  }
}

/** In the child: answers until the parent goes. @returns what the parent gave */
export function argument<T>(): T {
  return JSON.parse(process.argv[2]!) as T
}

/** In the child. */
export function answering(answers: Answers): void {
  process.on('disconnect', () => process.exit())
  process.on('message', ({ id, name, asked }: { id: number; name: string; asked: never }) => {
    Promise.resolve()
      .then(() => answers[name]!(asked))
      .then(
        value => process.send!({ id, value }),
        error => process.send!({ id, error: String(error) }),
      )
  })
}
