/** Prints the state tables to `docs/layers/`. `--check` fails when a print is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { associationStates, associationTable } from '@x/acse'
import type { StateTable } from '@x/core'
import { transportStates, transportTable } from '@x/cotp'
import { presentationStates, presentationTable } from '@x/iso-presentation'
import { sessionStates, sessionTable } from '@x/iso-session'
import { mmsStates, mmsTable } from '@x/mms'

// biome-ignore lint/suspicious/noExplicitAny: prints any table
type AnyTable = StateTable<any, any, any, any>

const root = new URL('..', import.meta.url).pathname
const check = process.argv.includes('--check')
const layers: readonly (readonly [file: string, title: string, source: string, table: AnyTable, states: readonly string[]])[] = [
  ['cotp', 'COTP, class 0: X.224, Annex A', 'packages/cotp/src/states.ts', transportTable, transportStates],
  ['iso-session', 'Session: X.225, Annex A', 'packages/iso-session/src/states.ts', sessionTable, sessionStates],
  [
    'iso-presentation',
    'Presentation, kernel and context management: X.226, Annex A',
    'packages/iso-presentation/src/states.ts',
    presentationTable,
    presentationStates,
  ],
  ['acse', 'ACSE: X.227, Annex A', 'packages/acse/src/states.ts', associationTable, associationStates],
  ['mms', 'The MMS environment: ISO 9506-2', 'packages/mms/src/states.ts', mmsTable, mmsStates],
]

let stale = 0
mkdirSync(join(root, 'docs/layers'), { recursive: true })
for (const [file, title, source, table, states] of layers) {
  const text = [
    `# ${title}`,
    '',
    `Printed from \`${source}\` by \`npm run docs\`. A cell names the next state of each row, in the order in which rows are tried; \`if\` marks a row`,
    'with a predicate. An empty cell is an invalid intersection: a usage error from above, the standard’s procedure from below.',
    '',
    table.toMarkdown(states),
    '```mermaid',
    table.toMermaid().trimEnd(),
    '```',
    '',
  ].join('\n')
  const path = join(root, 'docs/layers', `${file}.md`)
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  stale += 1
  if (check) console.error(`docs/layers/${file}.md is stale: run npm run docs`)
  else writeFileSync(path, text)
}
if (check && stale > 0) process.exit(1)
if (!check) console.log(`${stale} print${stale === 1 ? '' : 's'} of ${layers.length} renewed`)
