import { readdirSync, readFileSync } from 'node:fs'
import { type Recording, readRecording } from '@x/core/testing'

export type { Direction, RecordedPdu, Recording, Turn } from '@x/core/testing'

const root = new URL('../../../vectors/', import.meta.url)

/** Every recorded conversation of `vectors/`. */
export const recordings: readonly Recording[] = readdirSync(root, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name)
  .sort()
  .flatMap(folder =>
    readdirSync(new URL(`${folder}/`, root))
      .filter(file => file.endsWith('.json'))
      .sort()
      .flatMap(file => readRecording(JSON.parse(readFileSync(new URL(`${folder}/${file}`, root), 'utf8'))) ?? []),
  )

/** One conversation by its name. */
export function recorded(name: string): Recording {
  const found = recordings.find(recording => recording.name === name)
  if (!found) throw new Error(`vectors/ holds no ${name}`)
  return found
}
