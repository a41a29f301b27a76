import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import * as ber from './index.js'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Everything a file of this package imports, but types alone. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(here + file, 'utf8')
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm)].map(
    match => (match[1] ?? match[2] ?? match[3])!,
  )
}

describe('the package', () => {
  test('the main entry imports no third-party code, directly or through another file', () => {
    const seen = new Set<string>()
    const foreign = new Set<string>()
    const visit = (file: string): void => {
      if (seen.has(file)) return
      seen.add(file)
      for (const name of importsOf(file)) {
        if (name.startsWith('./')) visit(name.slice(2).replace(/\.js$/, '.ts'))
        else foreign.add(name)
      }
    }
    visit('index.ts')
    expect(seen.size).toBeGreaterThan(20)
    expect([...foreign]).toStrictEqual(['@x/core'])
    // The other entry is where asn1js is, so the search above does find such imports.
    expect(importsOf('asn1js.ts')).toContain('asn1js')
    expect(seen.has('asn1js.ts')).toBe(false)
  })

  test('no code is made from text', () => {
    for (const file of readdirSync(here).filter(name => name.endsWith('.ts') && !name.includes('.test'))) {
      expect(readFileSync(here + file, 'utf8')).not.toMatch(/\beval\(|new Function\b/)
    }
  })

  test('every exported value is a type, a function, a class or a constant', () => {
    for (const [name, value] of Object.entries(ber))
      expect([name, typeof value]).toContainEqual(expect.stringMatching(/^(function|object|number)$/))
  })
})

describe('README', () => {
  test('its example runs and prints what it says', () => {
    const readme = readFileSync(`${here}../README.md`, 'utf8')
    const example = /```ts\n([\s\S]*?)```/.exec(readme)![1]!
    const expected = [...example.matchAll(/^\/\/ > (.*)$/gm)].map(match => match[1])
    expect(expected.length).toBeGreaterThan(10)
    const { outputText } = ts.transpileModule(example, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    })
    const program = outputText.replaceAll(`'@x/ber'`, `'${new URL('./index.ts', import.meta.url).href}'`)
    const options = ['--import', 'tsx', '--conditions=source', '--input-type=module', '--eval', program]
    const printed = execFileSync(process.execPath, options, { cwd: here, encoding: 'utf8' })
    expect(printed.trimEnd().split('\n')).toStrictEqual(expected)
  })
})
