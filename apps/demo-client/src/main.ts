import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Io, processIo } from './io.js'
import { runProgram } from './program.js'

/**
 * The command line client.
 * @param argv what follows the name of the program
 * @returns the exit code, see `ExitCode`
 */
export function main(argv: readonly string[], io: Io): Promise<number> {
  return runProgram(argv, io)
}

/** The command line client for the process around it: sets its exit code. */
export async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), processIo())
}

const started = process.argv[1]
if (started !== undefined && realpathSync(started) === fileURLToPath(import.meta.url)) await run()
