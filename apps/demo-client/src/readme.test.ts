import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mms, startDevice, type TestDevice } from './testing/harness.js'

/** The commands of the README's session, each with the output that stands below it. */
function sessionOf(readme: string): readonly (readonly [command: string, output: string])[] {
  const from = readme.indexOf('```\n', readme.indexOf('<!-- session')) + 4
  const text = readme.slice(from, readme.indexOf('```', from))
  return text.split('$ mms ').flatMap(block => {
    const [command = '', ...output] = block.split('\n')
    return command === '' ? [] : [[command, `${output.join('\n').trimEnd()}\n`] as const]
  })
}

/** A command line as a shell takes it apart: blanks separate, single quotes hold together. */
function shellWords(line: string): string[] {
  return line.split("'").flatMap((part, i) => (i % 2 === 1 ? [part] : part.split(' ').filter(word => word !== '')))
}

const session = sessionOf(readFileSync(new URL('../README.md', import.meta.url), 'utf8'))
let device: TestDevice
beforeAll(async () => {
  device = await startDevice()
})
afterAll(() => device[Symbol.asyncDispose]())

test('the README has a session', () => {
  expect(session.length).toBeGreaterThan(6)
})

test.each(session)('README: mms %s', async (command, output) => {
  const args = shellWords(command).map(word => (word === '10102' ? String(device.port) : word))
  expect((await mms(args)).out).toBe(output)
})
