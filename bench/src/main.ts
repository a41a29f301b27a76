import { codecRows } from './codec/run.js'
import { readRows } from './reads/run.js'
import { table } from './report.js'

if (process.argv[2] === 'reads') console.log(table(await readRows({ rounds: 7, warm: 150, measured: 350 })))
else console.log(table(await codecRows({ rounds: 15, batch: 12 })))
