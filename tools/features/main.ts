/**
 * Prints to `docs/features.md` which test files show which row, from the ids in the titles of the tests. `--check` fails when the print is
 * stale, or when a row has neither a test nor a reason.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { idsIn } from './titles.js'

interface Group {
  readonly title: string
  readonly rows: Record<string, string>
}

const root = new URL('../..', import.meta.url).pathname
const json = <T>(name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T
const groups = json<Record<string, Group>>('./rows.json')
/** Rows that are refused on purpose, and rows of layers to come, each with the reason. */
const { refused, later } = json<{ refused: Record<string, string>; later: Record<string, string> }>('./exceptions.json')

function testFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return ['dist', 'node_modules'].includes(entry.name) ? [] : testFiles(path)
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}

const shownBy = new Map<string, string[]>()
for (const file of ['packages', 'apps', 'bench'].flatMap(testFiles).sort()) {
  for (const id of idsIn(join(root, file))) shownBy.set(id, [...(shownBy.get(id) ?? []), file])
}

const link = (file: string) =>
  `[${file
    .replace(/^(packages|apps)\//, '')
    .replace('/src/', '/')
    .replace('.test.ts', '')}](../${file})`
const summary: string[] = []
const sections: string[] = []
const missing: string[] = []
for (const { title, rows } of Object.values(groups)) {
  const ids = Object.keys(rows)
  const covered = ids.filter(id => shownBy.has(id))
  const excepted = ids.filter(id => refused[id] !== undefined || later[id] !== undefined)
  missing.push(...ids.filter(id => !covered.includes(id) && !excepted.includes(id)))
  const share = `${covered.length} of ${ids.length}`
  summary.push(`| ${title} | ${share} | ${excepted.length === 0 ? '' : excepted.join(', ')} |`)
  sections.push(`## ${title}: ${share}`, '', '| row | what | shown by |', '|---|---|---|')
  for (const id of ids) {
    const reason = refused[id] === undefined ? later[id] : `refused: ${refused[id]}`
    const files = (shownBy.get(id) ?? []).map(link).join(' ')
    sections.push(`| ${id} | ${rows[id]} | ${[reason, files].filter(Boolean).join('; ')} |`)
  }
  sections.push('')
}
const text = [
  '# What is there, and which tests show it',
  '',
  'Printed from the ids in the titles of the tests by `npm run docs`. A row counts when at least one test carries its id.',
  '',
  '| rows | covered | refused or to come |',
  '|---|---|---|',
  ...summary,
  '',
  ...sections,
].join('\n')

const path = join(root, 'docs/features.md')
const check = process.argv.includes('--check')
const stale = !existsSync(path) || readFileSync(path, 'utf8') !== text
if (stale && check) console.error(`${relative(root, path)} is stale: run npm run docs`)
if (stale && !check) writeFileSync(path, text)
if (missing.length > 0) console.error(`neither a test nor a reason: ${missing.join(' ')}`)
if (check && (stale || missing.length > 0)) process.exit(1)
if (!check) console.log(summary.map(line => line.replaceAll('|', ' ').trim()).join('\n'))
