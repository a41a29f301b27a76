import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atMost, figure, type Row } from '../report.js'
import type { Allocations } from './allocation.js'

/** What decoding and encoding leave to the garbage collector. Absolute octets: they do not depend on the machine. */
export async function allocationRows(): Promise<Row[]> {
  const child = fork(fileURLToPath(new URL('./allocation.js', import.meta.url)), {
    execArgv: ['--expose-gc', '--max-semi-space-size=128', '--min-semi-space-size=128'],
  })
  const [counts] = (await once(child, 'message')) as [Allocations]
  child.kill()
  const row = (what: string, octets: number, must: number, stretch: number): Row => ({
    goal: 10,
    what: `octets allocated: ${what}`,
    ours: figure(octets),
    baseline: 'none, absolute',
    ratio: { median: octets, min: octets, max: octets },
    target: atMost(must, stretch),
  })
  return [
    row('decode (b)', counts.decodeB, 1_000, 700),
    row('decode (c), per structure', counts.decodeC / 100, 450, 330),
    row('decode (d), per name', counts.decodeD / 200, 95, 75),
    row('encode (b), beyond the PDU', counts.encodeB, 400, 150),
    row('encode (c), beyond the PDU', counts.encodeC, 400, 150),
  ]
}
