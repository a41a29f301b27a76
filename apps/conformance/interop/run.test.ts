import { expect, test } from 'vitest'
import { hasTshark } from './dissect.js'
import { peers } from './peers.js'
import { readingOf } from './report.js'
import { runPair } from './run.js'

const ours = { peer: peers.find(peer => peer.name === 'ours')!, folder: '' }

test('our client and our server, each a process, do with each other what is asked of every pair', { timeout: 120_000 }, async () => {
  const report = await runPair(ours, ours, { only: ['everyday', 'password', 'files and journals'] })
  expect(report.results.filter(({ outcome }) => outcome !== 'pass').map(({ step }) => step)).toEqual([])
  expect(report.results.length).toBeGreaterThan(90)
  const { units, explained, wrong } = readingOf(report)
  expect(wrong).toEqual([])
  expect(explained).toBeGreaterThan(200)
  if (hasTshark()) expect(units).toBe(explained)
})
