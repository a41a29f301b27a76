import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { is, refused } from './check.js'
import type { Json } from './model.js'
import { conclude, near, open, type Sequence, step } from './step.js'

/** What a server with files has in its folder: octets of each file. */
const files: Readonly<Record<string, number>> = { 'COMTRADE/rec1.cfg': 300, 'COMTRADE/rec1.dat': 150_000, 'readme.txt': 12 }
const small = 3_000
const large = 180_000

/** Contents of a file of so many octets, the same everywhere. */
export function contentOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31) >>> 3)
}

/** Puts the files into a folder. */
export function makeFiles(folder: string): void {
  for (const [name, size] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), contentOf(size))
  }
}

/** Name and entries of the journal that a server with files has in the first domain. */
export const journal = 'LLN0$EventLog'
export const journalStart: number = Date.UTC(2026, 0, 2, 3, 4, 5)
export const journalEntries = 30

const content = (size: number): Json => ({ octets: size, sha1: createHash('sha1').update(contentOf(size)).digest('hex') })
const directory = (more: Readonly<Record<string, number>> = {}): Json =>
  Object.entries({ ...files, ...more })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, size]) => [name, size])

export const fileSequence: Sequence = {
  name: 'files and journals',
  files: true,
  steps: [
    open(),
    step('file-directory', 'fileDirectory', ['files'], is(directory())),
    step('file-read', 'fileRead', ['fileRead', 'readme.txt'], is(content(12))),
    step('file-read-parts', 'fileRead', ['fileRead', 'COMTRADE/rec1.dat'], is(content(150_000))),
    step('file-open-unknown', 'fileOpen', ['fileRead', 'COMTRADE/none'], refused('file-non-existent')),
    step('file-open-outside', 'fileOpen', ['fileRead', '../values.txt'], refused()),
    step('obtain', 'obtainFile', ['fileSend', String(small), 'sent.bin'], is('sent')),
    step('obtain-read', 'fileRead', ['fileRead', 'sent.bin'], is(content(small))),
    step('obtain-parts', 'obtainFile', ['fileSend', String(large), 'sent2.bin'], is('sent')),
    step('obtain-parts-read', 'fileRead', ['fileRead', 'sent2.bin'], is(content(large))),
    step('obtain-existing', 'obtainFile', ['fileSend', '10', 'sent.bin'], refused('duplicate-filename')),
    step('file-delete', 'fileDelete', ['fileDelete', 'sent2.bin'], is('deleted')),
    step('file-rename', 'fileRename', ['fileRename', 'sent.bin', 'kept.bin'], is('renamed')),
    step('file-directory-after', 'fileDirectory', ['files'], is(directory({ 'kept.bin': small }))),
    step(
      'journal',
      'readJournal',
      ['journal', near, journal],
      is(
        Array.from({ length: journalEntries }, (_, i) => ({
          time: journalStart + 1_000 * i,
          variables: { counter: { integer: i }, text: { 'visible-string': 'x'.repeat(i) } },
        })),
      ),
    ),
    step('journal-unknown', 'readJournal', ['journal', near, 'none'], refused('object-non-existent')),
    conclude(),
  ],
}
