import { createInterface } from 'node:readline'
import pc from 'picocolors'

/** Everything a command touches of the world around it. Tests hand in their own. */
export interface Io {
  /** Results. */
  readonly out: (text: string) => void
  /** Talk: progress, hints, errors. */
  readonly err: (text: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether results go to a terminal, and talk. */
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** Whether somebody can be asked. */
  readonly inIsTerminal: boolean
  /** Columns of the terminal; undefined when results go to a file or a program. */
  readonly columns: number | undefined
  /** Fires at the first Ctrl-C. */
  readonly signal: AbortSignal
  /** All of standard input. */
  readonly read: () => Promise<Uint8Array>
  /** Asks on the terminal. @param secret nothing of the answer is shown */
  readonly ask: (question: string, secret?: 'secret') => Promise<string>
}

/** Colours for one stream: none unless it is a terminal and NO_COLOR is not set; FORCE_COLOR has them always. */
export type Colours = ReturnType<typeof pc.createColors>

export function coloursFor(isTerminal: boolean, env: Io['env']): Colours {
  return pc.createColors(env.FORCE_COLOR ? true : isTerminal && !env.NO_COLOR && env.TERM !== 'dumb')
}

/**
 * The process around us. The first Ctrl-C or SIGTERM fires the signal, so that the association ends in order; a second one ends the
 * process at once. A reader that goes away (`mms names | head`) ends it quietly.
 */
export function processIo(): Io {
  const interrupt = new AbortController()
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(130)
    interrupt.abort(new Interrupted())
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(0)
  })
  return {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    env: process.env,
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    inIsTerminal: process.stdin.isTTY === true,
    columns: process.stdout.isTTY ? Math.max(MIN_COLUMNS, process.stdout.columns || USUAL_COLUMNS) : undefined,
    signal: interrupt.signal,
    read: readAll,
    ask: (question, secret) => ask(question, secret, interrupt.signal),
  }
}

/** Below it tables make no sense; lines are broken by the terminal then. */
const MIN_COLUMNS = 40
/** Of a terminal that does not say. */
const USUAL_COLUMNS = 80

/** The reason of the signal when the user has had enough. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  constructor() {
    super('interrupted')
  }
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function ask(question: string, secret: 'secret' | undefined, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr, terminal: true })
    if (secret) hide(terminal, question)
    const leave = (): void => {
      terminal.close()
      reject(signal.reason)
    }
    signal.addEventListener('abort', leave, { once: true })
    // While a line is read, Ctrl-C arrives here and not as a signal.
    terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    terminal.question(question, answer => {
      signal.removeEventListener('abort', leave)
      terminal.close()
      if (secret) process.stderr.write('\n')
      resolve(answer)
    })
  })
}

/** Readline echoes what is typed through this method; the question itself goes through it, too. */
function hide(terminal: object, question: string): void {
  const shown = terminal as { _writeToOutput: (text: string) => void }
  shown._writeToOutput = text => {
    if (text.includes(question)) process.stderr.write(question)
  }
}
