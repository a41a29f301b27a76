import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'

test('the example of the README is what runs, and prints what the README says', async () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
  const readme = read('../README.md')
  expect(readme).toContain(`\`\`\`ts\n${read('../test/readme-example.ts')}\`\`\``)
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  await import('../test/readme-example.js')
  const printed = log.mock.calls.map(words => words.join(' ')).join('\n')
  log.mockRestore()
  expect(readme).toContain(`\`\`\`\n${printed}\n\`\`\``)
})
