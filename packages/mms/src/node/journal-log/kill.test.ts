import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { journalLog } from './journal-log.js'

const folder = mkdtempSync(join(tmpdir(), 'killed-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A process that writes, killed after so many acknowledgements. @returns the numbers that it acknowledged, of two entries each */
async function killed(after: number): Promise<number[]> {
  const program = new URL('../../../test/journal-child.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--conditions=source', program, folder])
  let said = ''
  child.stdout.setEncoding('latin1').on('data', text => {
    said += text
    if (said.split('\n').length > after) child.kill('SIGKILL')
  })
  await new Promise(resolve => child.once('close', resolve))
  // The last line may be cut.
  return said.split('\n').slice(1, -1).map(Number)
}

test('F-19: killed again and again while it writes, a journal has every entry that it acknowledged, and no request by half', async () => {
  const acknowledged = new Set<number>()
  for (const after of [20, 3, 150]) {
    for (const first of await killed(after)) acknowledged.add(first)
    const log = await journalLog(folder)
    const found = new Set((await log.read({ backwards: false, most: 1e9, room: 1e9 })).map(({ number }) => number))
    await log.close()
    for (const first of acknowledged) expect([found.has(first), found.has(first + 1)]).toEqual([true, true])
    expect(found.size % 2).toBe(0)
  }
  expect(acknowledged.size).toBeGreaterThan(150)
}, 120_000)
