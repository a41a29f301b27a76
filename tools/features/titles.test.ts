import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exampleOf } from '../readme-example.js'
import { idsIn } from './titles.js'

test('ids come from the titles of suites and tests; skipped ones, comments and other strings do not count', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'titles-')), 'a.test.ts')
  const rows = ['RC', 'RS', 'RP', 'RA', 'C', 'RT', 'N', 'F'].map(letters => `${letters}-01`)
  const [rc, rs, rp, ra, c, rt, n, f] = rows
  writeFileSync(
    file,
    `// ${f}
    describe('${rc}: a suite', () => {
      test.each([1, 2])('${rs} and ${rp}: %s', () => { expect('${n}').toBe('') })
      it(\`${ra}: \${one}\`, () => {})
      test.each([['${c}: in a row', '${f}']])('%s', () => {})
      test.each([['${n}: in a row']])('not %s', () => {})
      test.skip('${rt}: not run', () => {})
    })`,
  )
  expect([...idsIn(file)]).toEqual([rc, rs, rp, ra, c])
})

test('an example is the first block of TypeScript, and what it prints the plain block right after it', () => {
  const fence = '```'
  const readme = `# x\n${fence}ts\nconst a = 1\n${fence}\n\nprints\n\n${fence}\n1\n${fence}\n`
  expect(exampleOf(readme)).toEqual({ source: 'const a = 1\n', prints: '1' })
  expect(exampleOf(readme.replace('\nprints', `\n${'far away\n'.repeat(5)}`)).prints).toBeUndefined()
  expect(() => exampleOf('# x')).toThrow('no example')
})
