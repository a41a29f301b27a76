import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs of the system that the runner and the peers need, and where Debian and its kin have them. */
const packagesOf: { readonly [program: string]: readonly string[] } = {
  python3: ['python3'],
  // A module, not a program; Debian parts it from python3.
  'python3-venv': ['python3-venv'],
  java: ['default-jdk-headless'],
  javac: ['default-jdk-headless'],
  mvn: ['maven'],
  tshark: ['tshark'],
}

/** What `provide` may ask of the machine. */
export interface Machine {
  /** Whether a program is there. */
  has(program: string): Promise<boolean>
  /** Whether this process may install packages of the system. */
  readonly mayInstall: boolean
  /** Runs a command. @returns what it complained of, or nothing when it succeeded */
  run(command: readonly string[]): Promise<string>
  /** Waits, in ms. */
  rest(time: number): Promise<void>
}

/**
 * Sees that programs are there: asks the system's package manager for those that are not, in three tries, where this process may.
 *
 * @returns why one is not there; undefined when all are
 */
export async function provide(programs: readonly string[], machine: Machine, say: (line: string) => void): Promise<string | undefined> {
  let missing = await absent(programs, machine)
  if (missing.length === 0) return undefined
  if (!machine.mayInstall)
    return `${missing.join(', ')} not found on this machine, where this run installs no programs (it is not root, has no apt-get, or was told --no-apt)`
  let reason = ''
  for (let tried = 1; tried <= 3 && missing.length > 0; tried++) {
    const packages = [...new Set(missing.flatMap(program => packagesOf[program] ?? [program]))]
    say(`installing ${packages.join(', ')} with apt-get, try ${tried} of 3`)
    if (tried > 1) await machine.rest(2_000 * (tried - 1))
    reason =
      (await machine.run(['apt-get', '-qq', 'update'])) ||
      (await machine.run(['apt-get', '-qq', '-y', '--no-install-recommends', 'install', ...packages]))
    missing = await absent(programs, machine)
  }
  return missing.length === 0 ? undefined : `${missing.join(', ')} could not be installed with apt-get in three tries: ${reason}`
}

async function absent(programs: readonly string[], machine: Machine): Promise<string[]> {
  const found = await Promise.all(programs.map(program => machine.has(program)))
  return programs.filter((_, i) => !found[i])
}

/** The machine this runs on. @param apt whether packages of the system may be installed, given the rights */
export function thisMachine(apt: boolean): Machine {
  return {
    has: async program => (program === 'python3-venv' ? (await run(['python3', '-c', 'import ensurepip, venv'])) === '' : onPath(program)),
    mayInstall: apt && process.getuid?.() === 0 && onPath('apt-get'),
    run,
    rest: time => new Promise(resolve => setTimeout(resolve, time)),
  }
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, program)))
}

/** Runs one command for at most five minutes; the line it complains in, or nothing when it succeeds. */
export function run(command: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    let said = ''
    const child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    const patience = setTimeout(() => child.kill('SIGKILL'), 300_000)
    const hear = (chunk: unknown): void => {
      said = (said + String(chunk)).slice(-4_000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', error => hear(error.message))
    child.on('close', code => {
      clearTimeout(patience)
      resolve(code === 0 ? '' : firstComplaint(said) || `${command[0]} ended with ${code}`)
    })
  })
}

function firstComplaint(said: string): string {
  const lines = said.split('\n').map(line => withoutColour(line).trim())
  const complains = (line: string): boolean => ['ERROR', 'error:', 'E: '].some(word => line.includes(word))
  return lines.find(complains) ?? lines.filter(line => line !== '').at(-1) ?? ''
}

/** A line without the terminal's colour sequences: escape, bracket, anything, m. */
function withoutColour(line: string): string {
  return line
    .split('\u001b[')
    .map((part, i) => (i === 0 ? part : part.slice(part.indexOf('m') + 1)))
    .join('')
}
