import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const docs = new URL('../docs/layers', import.meta.url).pathname

/** What we use of Mermaid's grammar for state diagrams: names of letters, digits and `_`; labels end at `:`, `;` and `#`. */
const LINES = [
  /^stateDiagram-v2$/,
  /^ {2}state "[^"]+" as \w+$/,
  /^ {2}\[\*\] --> \w+$/,
  /^ {2}(?<from>\w+) --> (?<to>\w+): (?<label>[^:;#]+)$/,
]

describe.each(readdirSync(docs).filter(name => name.endsWith('.md')))('docs/layers/%s', name => {
  const text = readFileSync(join(docs, name), 'utf8')
  const lines = /```mermaid\n([\s\S]*?)\n```/.exec(text)![1]!.split('\n')
  const matrix = text.split('\n').filter(line => line.startsWith('| '))
  const states = matrix[0]!.split('|').slice(2, -1)

  test('its diagram is of lines that Mermaid reads', () => {
    expect(lines.filter(line => !LINES.some(form => form.test(line)))).toEqual([])
    expect(lines[0]).toBe('stateDiagram-v2')
    expect(lines.filter(line => line.startsWith('  [*]'))).toHaveLength(1)
  })

  test('its diagram has the arrows of its matrix, and its figure of cells is that of the matrix', () => {
    const alias = (state: string) => state.trim().replace(/\W/g, '_')
    const wanted = new Set<string>()
    for (const line of matrix.slice(1)) {
      const cells = line.split('|').slice(2, -1)
      for (const [i, cell] of cells.entries()) {
        for (const [, to] of cell.matchAll(/→ ([^<|]+)/g)) wanted.add(`${alias(states[i]!)} ${alias(to!)}`)
      }
    }
    const drawn = lines.flatMap(line => {
      const { from, to } = LINES[3]!.exec(line)?.groups ?? {}
      return from === undefined ? [] : [`${from} ${to}`]
    })
    expect([...drawn].sort()).toEqual([...wanted].sort())
    expect(text).toContain(`${states.length} states × ${matrix.length - 1} events = ${states.length * (matrix.length - 1)} cells`)
  })
})
