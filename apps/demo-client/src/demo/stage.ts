import type { MmsClient } from '@x/mms'
import type { Context } from '../context.js'
import { Failed } from '../errors.js'
import { displayWidth, wrapped } from '../render/text.js'

/** What a step needs. */
export interface Stage {
  /** Prints into the step, and runs commands on the association of the tour. */
  readonly context: Context
  readonly mms: MmsClient
}

/** How a step went. */
export interface StepResult {
  readonly title: string
  readonly ok: boolean
  readonly ms: number
  readonly problem?: string
}

/** Columns that the tour takes at most, and where no terminal says how many there are. */
const WIDEST = 110
const INDENT = '  '

/** Columns of the tour. */
export function tourWidth(context: Context): number {
  return Math.min(WIDEST, context.io.columns ?? 100)
}

/** A context whose commands use the association of the tour and print indented, talk as well. */
export function stageContext(context: Context, mms: MmsClient, port: number): Context {
  const { settings, io, colours } = context
  const print = (...lines: readonly string[]): void =>
    context.print(...lines.flatMap(line => line.split('\n')).map(line => (line === '' ? '' : INDENT + line)))
  return {
    ...context,
    settings: { ...settings, host: '127.0.0.1', port, json: false },
    io: { ...io, columns: tourWidth(context) - INDENT.length, inIsTerminal: false },
    print,
    talk: text => print(...wrapped(text, tourWidth(context) - INDENT.length).map(colours.dim)),
    associated: run => run(mms, { signal: io.signal }),
  }
}

/** The line above a step: its title, and the command that does the same. */
export function headline(context: Context, number: number, title: string, command: string | undefined): string {
  const { bold, dim, cyan } = context.colours
  const name = `${number}. ${title}`
  const shown = command === undefined ? '' : `$ ${command}`
  const gap = tourWidth(context) - displayWidth(name) - displayWidth(shown) - 6
  if (gap >= 4) return `${dim('──')} ${bold(name)} ${dim('─'.repeat(gap))}${shown === '' ? dim('──') : ` ${cyan(shown)}`}`
  return `${dim('──')} ${bold(name)}\n   ${cyan(shown)}`
}

/** Something that the tour counts on is not so. */
export class TourFault extends Error {
  override readonly name = 'TourFault'
}

/** @throws TourFault where it does not hold */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new TourFault(`not as it should be: ${what}`)
}

/** Runs a command that must fail, as commands do whose items the device refuses. */
export async function refusedBy(run: Promise<void>): Promise<void> {
  try {
    await run
  } catch (error) {
    if (error instanceof Failed) return
    throw error
  }
  throw new TourFault('expected the device to refuse, but it did not')
}
