import { createInterface } from 'node:readline'
import type { Json } from '../../model.js'

/** The side of the line protocol (../../README.md) that an adapter in this language has. */

/** The interface has no such call. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered'
}

/** The call ended in an error; the text is class/code as in ISO 9506-2 where there is one. */
export class Failed extends Error {
  override readonly name = 'Failed'
}

/** Answers one command. @throws NotOffered, Failed */
export type Operation = (...rest: readonly string[]) => Promise<Json>

/** Writes one event. */
export function emit(event: { readonly [name: string]: Json }): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}

/** `--name value` pairs of the command line. */
export function argumentsOf(argv: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (let i = 0; i + 1 < argv.length; i += 2) found.set(argv[i]!.slice(2), argv[i + 1]!)
  return found
}

/** Ends the process whatever else happens, so that nothing is ever left running. */
export function deadline(seconds: number): void {
  setTimeout(() => {
    emit({ event: 'done', reason: `own deadline of ${seconds} s` })
    process.exit(2)
  }, seconds * 1_000).unref()
}

/** Resolves when whoever started this process has gone, or asks it to end. */
export function inputEnds(): Promise<void> {
  return new Promise(resolve => {
    process.stdin.on('end', resolve).on('error', () => resolve())
    process.stdin.resume()
  })
}

/**
 * Answers commands from standard input, one after the other.
 *
 * @param describe turns what an operation threw into the text of `error`
 */
export async function serveCommands(
  operations: { readonly [name: string]: Operation },
  describe: (error: unknown) => string,
): Promise<void> {
  let n = 0
  for await (const line of createInterface({ input: process.stdin })) {
    const [operation = '', ...rest] = line.split('\t')
    if (operation === 'quit') break
    const started = performance.now()
    const answer = await answerOf(operations[operation], operation, rest, describe)
    n += 1
    emit({ event: 'answer', n, operation, ms: Math.round((performance.now() - started) * 100) / 100, ...answer })
  }
}

async function answerOf(
  call: Operation | undefined,
  operation: string,
  rest: readonly string[],
  describe: (error: unknown) => string,
): Promise<{ readonly [name: string]: Json }> {
  if (call === undefined) return { notOffered: `no operation ${operation}` }
  try {
    return { value: await call(...rest) }
  } catch (error) {
    if (error instanceof NotOffered) return { notOffered: error.message }
    return { error: error instanceof Failed ? error.message : describe(error) }
  }
}
