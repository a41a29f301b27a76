import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Machine, provide, run } from './programs.js'
import { setUp } from './setup.js'

/** A machine with some programs, on which `apt-get install` works from the given try on. */
function machine(programs: readonly string[], worksFrom: number, mayInstall = true): { machine: Machine; commands: string[] } {
  const there = new Set(programs)
  const commands: string[] = []
  return {
    commands,
    machine: {
      mayInstall,
      has: async program => there.has(program),
      rest: async () => {},
      run: async command => {
        commands.push(command.join(' '))
        if (!command.includes('install')) return ''
        if (commands.filter(line => line.includes('install')).length < worksFrom) return 'E: no network'
        for (const program of ['mvn', 'java', 'javac']) there.add(program)
        return ''
      },
    },
  }
}

const quiet = () => {}

describe('programs of the system', () => {
  test('those that are there are not touched', async () => {
    const { machine: own, commands } = machine(['java'], 1)
    expect(await provide(['java'], own, quiet)).toBeUndefined()
    expect(commands).toEqual([])
  })

  test('those that are missing are installed by their packages, each package once', async () => {
    const { machine: own, commands } = machine([], 1)
    expect(await provide(['java', 'javac', 'mvn'], own, quiet)).toBeUndefined()
    expect(commands).toEqual(['apt-get -qq update', 'apt-get -qq -y --no-install-recommends install default-jdk-headless maven'])
  })

  test('an install is tried three times, and the third may be the one', async () => {
    const said: string[] = []
    expect(await provide(['mvn'], machine([], 3).machine, line => said.push(line))).toBeUndefined()
    expect(said.at(-1)).toContain('try 3 of 3')
    const never = await provide(['mvn'], machine([], 4).machine, quiet)
    expect(never).toBe('mvn could not be installed with apt-get in three tries: E: no network')
  })

  test('where this process may not install, the reason says so', async () => {
    const { machine: own, commands } = machine([], 1, false)
    expect(await provide(['tshark'], own, quiet)).toContain('tshark not found on this machine')
    expect(commands).toEqual([])
  })
})

test('a command that fails is told by the line it complains in, without colours', async () => {
  const script = (body: string): string[] => [process.execPath, '-e', body]
  expect(await run(script('console.log("fine")'))).toBe('')
  expect(await run(script('console.error("\\u001b[31m[ERROR]\\u001b[0m no such thing\\nhelp"); process.exit(1)'))).toBe(
    '[ERROR] no such thing',
  )
  expect(await run(script('console.log("first\\nlast"); process.exit(1)'))).toBe('last')
  expect(await run(script('process.exit(4)'))).toContain('ended with 4')
  expect(await run(['/nowhere/program'])).toContain('ENOENT')
})

describe('a peer', () => {
  const at = mkdtempSync(join(tmpdir(), 'setup-'))
  afterAll(() => rmSync(at, { recursive: true, force: true }))

  test('that cannot be installed is tried three times, then not run, with the reason', async () => {
    const { machine: own, commands } = machine(['mvn'], 9)
    const peer = { name: 'a', packaged: 'a 1.0', needs: ['mvn'], install: () => [['fetch', 'install', 'a']], proof: 'lib/a*' }
    expect(await setUp(peer, own, quiet, at)).toEqual({ notRun: 'a 1.0 could not be installed in three tries: E: no network' })
    expect(commands).toEqual(['fetch install a', 'fetch install a', 'fetch install a'])
  })

  test('that is installed is not installed again, but prepared each time', async () => {
    const { machine: own, commands } = machine([], 1)
    const install = (folder: string): string[][] => {
      writeFileSync(join(folder, 'b-1.0.jar'), '')
      return [['fetch', 'b']]
    }
    const peer = { name: 'b', packaged: 'b 1.0', needs: [], install, proof: 'b*', prepare: () => [['compile', 'b']] }
    expect(await setUp(peer, own, quiet, at)).toEqual({ folder: join(at, 'b') })
    expect(await setUp(peer, own, quiet, at)).toEqual({ folder: join(at, 'b') })
    expect(commands).toEqual(['fetch b', 'compile b', 'compile b'])
    expect(readdirSync(join(at, 'b'))).toEqual(['b-1.0.jar'])
  })

  test('whose program is missing is not run', async () => {
    const peer = { name: 'c', packaged: 'c 1.0', needs: ['mvn'], install: () => [], proof: 'c' }
    expect(await setUp(peer, machine([], 1, false).machine, quiet, at)).toEqual({ notRun: expect.stringContaining('mvn not found') })
  })
})
