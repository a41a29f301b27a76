import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { settingsOf } from './options.js'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test('the README has a row for each leniency, and names no other', () => {
  const { sendER, echoSelectors, reuseBuffers, ...settings } = settingsOf({})
  const leniencies = Object.entries(settings).filter(([, value]) => value === true)
  const rows = [...readme.slice(readme.indexOf('| option | takes |')).matchAll(/^\| `(\w+)` \| /gm)].map(match => match[1])
  expect(rows.filter(name => name! in settings)).toEqual(leniencies.map(([name]) => name))
  expect([sendER, echoSelectors, reuseBuffers]).toEqual([true, true, false])
})
