import { readFileSync, writeFileSync } from 'node:fs'

const BEGIN = '<!-- table: npm run bench -- --write -->'
const END = '<!-- end of table -->'

/** Puts what a run printed into the README, between its two marks. @throws TypeError when the marks are not there */
export function writeTable(text: string, file = new URL('../README.md', import.meta.url)): void {
  const readme = readFileSync(file, 'utf8')
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin < 0 || end < begin) throw new TypeError('the README has no place for the table')
  writeFileSync(file, `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`)
}
