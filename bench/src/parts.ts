import { associateRows } from './associate/run.js'
import { allocationRows } from './codec/allocation-rows.js'
import { codecRows } from './codec/run.js'
import { framingRows } from './framing.js'
import { idleRows } from './idle/run.js'
import { browseRows, fileRows, peerRows } from './peer/run.js'
import { besideRows } from './reads/beside.js'
import { manyRows, readRows, swappedRows } from './reads/run.js'
import type { Row } from './report.js'
import { transferRows } from './transfer/run.js'

/** What is measured together, in less than a minute each. */
export interface Part {
  readonly goals: readonly number[]
  /** @param quick shows that it runs, not how fast */
  readonly rows: (quick: boolean) => Row[] | Promise<Row[]>
}

export const parts: Readonly<Record<string, Part>> = {
  codec: { goals: [1, 2, 3, 4, 5, 6, 7, 8, 9], rows: quick => codecRows(quick ? { rounds: 3, batch: 2 } : { rounds: 21, batch: 12 }) },
  allocations: { goals: [10], rows: () => allocationRows() },
  reads: {
    goals: [11, 12],
    rows: quick => readRows(quick ? { rounds: 1, warm: 30, measured: 70 } : { rounds: 11, warm: 100, measured: 250 }),
  },
  many: {
    goals: [13],
    rows: quick => manyRows(quick ? { rounds: 1, warm: 30, measured: 70 } : { rounds: 11, warm: 200, measured: 500 }),
  },
  swapped: {
    goals: [14],
    rows: quick => swappedRows(quick ? { rounds: 1, warm: 30, measured: 70 } : { rounds: 11, warm: 150, measured: 400 }),
  },
  transfer: {
    goals: [15, 16],
    rows: quick => transferRows(quick ? { rounds: 1, warm: 50, measured: 100 } : { rounds: 9, warm: 100, measured: 300 }),
  },
  framing: { goals: [17, 18], rows: quick => framingRows(quick ? { rounds: 3, batch: 5 } : { rounds: 15, batch: 20 }) },
  idle: { goals: [19, 26], rows: quick => idleRows(quick ? { rounds: 1, count: 200 } : { rounds: 1, count: 8_000 }) },
  associate: {
    goals: [23],
    rows: quick => associateRows(quick ? { rounds: 1, seconds: 0.2 } : { rounds: 9, seconds: 1.5 }),
  },
  peer: {
    goals: [20, 21, 22],
    rows: quick => peerRows(quick ? { rounds: 1, seconds: 0.1 } : { rounds: 7, seconds: 0.5 }),
  },
  file: { goals: [24], rows: quick => fileRows(quick ? { rounds: 1, seconds: 0.1 } : { rounds: 9, seconds: 0.7 }) },
  browse: { goals: [27], rows: quick => browseRows(quick ? { rounds: 1, seconds: 0 } : { rounds: 5, seconds: 0 }) },
  beside: {
    goals: [25],
    rows: quick => besideRows(quick ? { rounds: 1, warm: 30, measured: 70 } : { rounds: 15, warm: 150, measured: 400 }),
  },
}
