/** Prints the state tables to `docs/layers/`, and the figures of the independent ones to `docs/tables.md`. `--check` fails when a print is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { associationStates, associationTable } from '@x/acse'
import type { StateTable } from '@x/core'
import { transportStates, transportTable } from '@x/cotp'
import { presentationTable } from '@x/iso-presentation'
import { sessionStates, sessionTable } from '@x/iso-session'
import { mmsStates, mmsTable } from '@x/mms'
import { machines } from '../apps/conformance/tables/machines.js'
import { Oracle } from '../apps/conformance/tables/table.js'

// biome-ignore lint/suspicious/noExplicitAny: prints any table
type AnyTable = StateTable<any, any, any, any>

interface Print {
  readonly file: string
  readonly title: string
  /** Where the rows stand. */
  readonly source: string
  readonly table: AnyTable
  readonly states: readonly string[]
  /** The independent table of the same layer: its name, and its file in `apps/conformance/tables`. */
  readonly judge: string
  readonly judgeFile: string
}

const root = new URL('..', import.meta.url).pathname
const check = process.argv.includes('--check')
const statesOf = (table: AnyTable): string[] =>
  [...new Set(table.rows.flatMap(row => [...row.states, ...(row.to === undefined ? [] : [row.to])]))].sort() as string[]

const prints: readonly Print[] = [
  {
    file: 'cotp',
    title: 'COTP, class 0: X.224, Annex A',
    source: 'packages/cotp/src/states.ts',
    table: transportTable,
    states: transportStates,
    judge: 'COTP',
    judgeFile: 'cotp',
  },
  {
    file: 'iso-session',
    title: 'Session: X.225, Annex A',
    source: 'packages/iso-session/src/states.ts',
    table: sessionTable,
    states: sessionStates,
    judge: 'Session',
    judgeFile: 'session',
  },
  {
    file: 'iso-presentation',
    title: 'Presentation: X.226, Annex A',
    source: 'packages/iso-presentation/src/states.ts',
    table: presentationTable,
    states: statesOf(presentationTable),
    judge: 'Presentation',
    judgeFile: 'presentation',
  },
  {
    file: 'acse',
    title: 'ACSE: X.227, Annex A',
    source: 'packages/acse/src/states.ts',
    table: associationTable,
    states: associationStates,
    judge: 'ACSE',
    judgeFile: 'acse',
  },
  {
    file: 'mms',
    title: 'The MMS environment: ISO 9506-2',
    source: 'packages/mms/src/states.ts',
    table: mmsTable,
    states: mmsStates,
    judge: 'MMS',
    judgeFile: 'mms',
  },
]

function textOf({ title, source, table, states, judge, judgeFile }: Print): string {
  const independent = machines.find(machine => machine.table.name === judge)
  if (independent === undefined) throw new TypeError(`no independent table ${judge}`)
  const oracle = new Oracle(independent.table)
  const cells = states.length * table.events.length
  const filled = states.flatMap(state => table.events.map(event => table.cell(state, event).length)).filter(rows => rows > 0).length
  const tables = 'apps/conformance/tables'
  return [
    `# ${title}`,
    '',
    `Printed from \`${source}\` by \`npm run docs\`. A cell names the next state of each row, in the order in which rows are tried; in front of the`,
    'arrow stands the name of the row’s predicate, or `if`. An empty cell is an invalid intersection: a usage error from above, the standard’s',
    'procedure from below.',
    '',
    `${states.length} states × ${table.events.length} events = ${cells} cells, ${filled} of them filled by ${table.rows.length} rows.`,
    '',
    `An independent table of ${independent.table.source}, \`${tables}/${judgeFile}.ts\`, was written from the standard and not from these rows. It has`,
    `${oracle.allStates.length} states × ${oracle.events.length} events = ${oracle.size} cells; \`${tables}/${judgeFile}.test.ts\` walks every one of them with the machine, and \`npm run walk\` walks`,
    'both at random.',
    '',
    table.toMarkdown([...states]),
    '```mermaid',
    table.toMermaid(independent.table.initial).trimEnd(),
    '```',
    '',
  ].join('\n')
}

/** Figures of all independent tables, and their sum. */
function figures(): string {
  const rows = machines.map(({ table }) => {
    const oracle = new Oracle(table)
    const entries = new Set(oracle.states.flatMap(state => oracle.events.flatMap(event => oracle.cell(state, event))))
    return { table, oracle, entries: [...entries], configurations: oracle.reach().length }
  })
  const lines = rows.map(({ table, oracle, entries, configurations }) => {
    const count = (...kinds: readonly string[]) => entries.filter(({ kind }) => kinds.includes(kind)).length
    const cells = [table.name, table.source, oracle.allStates.length, oracle.events.length, oracle.size, configurations]
    const alternatives = [count('valid'), count('ignored'), count('usage'), count('error'), count('never', 'kept away')]
    return `| ${[...cells, ...alternatives].join(' | ')} |`
  })
  return [
    '# The independent state tables',
    '',
    'Printed from `apps/conformance/tables` by `npm run docs`. Each table was written from its standard; a test for every cell brings the machine into',
    'each configuration of the state (the state and the facts behind its predicates), applies every kind of the event, as octets where it is a PDU, and',
    'compares next state, what was sent and what was delivered. The figures behind the configurations count entries, which may hold for several states.',
    '',
    '| table | from | states | events | cells | configurations | procedure | ignored | usage error | protocol error | cannot occur |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
    `${rows.reduce((sum, { oracle }) => sum + oracle.size, 0)} cells in all. \`npm run walk\` walks every table at random, and aborts whole associations behind every chunk.`,
    '',
  ].join('\n')
}

const files: readonly (readonly [path: string, text: () => string])[] = [
  ...prints.map(print => [`docs/layers/${print.file}.md`, () => textOf(print)] as const),
  ['docs/tables.md', figures],
]

let stale = 0
mkdirSync(join(root, 'docs/layers'), { recursive: true })
for (const [file, print] of files) {
  const text = print()
  const path = join(root, file)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  stale += 1
  if (check) console.error(`${file} is stale: run npm run docs`)
  else writeFileSync(path, text)
}
if (check && stale > 0) process.exit(1)
if (!check) console.log(`${stale} print${stale === 1 ? '' : 's'} of ${files.length} renewed`)
