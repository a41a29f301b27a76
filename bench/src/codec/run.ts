import { deepStrictEqual } from 'node:assert/strict'
import { type Candidate, type Group, measure, type Timings } from '../measure.js'
import { benchPdus, type Letter, letters } from '../pdus.js'
import { atLeast, atMost, duration, type Row } from '../report.js'
import { ratiosOf, spreadOf } from '../statistics.js'
import { asn1jsVersions } from './asn1js.js'
import { associationGroup, associationRows } from './association.js'
import { goals } from './goals.js'
import { jsonValue } from './json.js'
import { readOurs, writeOurs } from './ours.js'
import { readByHand } from './reference-read.js'
import { writeByHand } from './reference-write.js'
import { walk } from './walk.js'

const OURS = 'ours'
const BY_HAND = 'by hand'
const WALK = 'bare walk'
const JSON_NAME = 'JSON'

/** Decoding and encoding of the PDUs of the bench against other ways of doing it. */
export async function codecRows(timing: { readonly rounds: number; readonly batch: number }): Promise<Row[]> {
  const groups = [...(await codecGroups()), await associationGroup()]
  const timings = measure(groups, timing)
  const rows = letters.flatMap(letter => [...comparedRows('decode', letter, timings), ...comparedRows('encode', letter, timings)])
  return [...rows, ...associationRows(timings)].sort((one, other) => one.goal - other.goal)
}

async function codecGroups(): Promise<Group[]> {
  const pdus = benchPdus()
  const libraries = await Promise.all(
    (await asn1jsVersions()).map(async ({ name, asn1js }) => {
      // A copy of the module for each version, so that the walk over one tree is not slowed down by the shapes of the other.
      const read = (await import(`./asn1js-read.js?${name}`)) as typeof import('./asn1js-read.js')
      const write = (await import(`./asn1js-write.js?${name}`)) as typeof import('./asn1js-write.js')
      return { name, read: read.asn1jsReader(asn1js), write: write.asn1jsWriter(asn1js) }
    }),
  )
  return letters.flatMap(letter => {
    const { mms } = pdus[letter]
    const value = readOurs(mms)
    const json = jsonValue(value)
    const text = JSON.stringify(json)
    const encoded = writeOurs(value)
    const readers: Candidate[] = [
      { name: OURS, run: () => readOurs(mms) },
      { name: BY_HAND, run: () => readByHand(mms) },
      ...libraries.map(({ name, read }) => ({ name, run: () => read(mms) })),
    ]
    const writers: Candidate[] = [
      { name: OURS, run: () => writeOurs(value) },
      { name: BY_HAND, run: () => writeByHand(value) },
      ...libraries.map(({ name, write }) => ({ name, run: () => write(value) })),
    ]
    // Before anything is timed: all make the same values and the same octets.
    for (const { name, run } of readers) deepStrictEqual(run(), value, `decode (${letter}) by ${name}`)
    for (const { name, run } of writers) deepStrictEqual(run(), encoded, `encode (${letter}) by ${name}`)
    deepStrictEqual(JSON.parse(text), json)
    deepStrictEqual(readOurs(encoded), value)
    if (letter !== 'd') deepStrictEqual(encoded, mms)
    return [
      {
        name: `decode ${letter}`,
        candidates: [...readers, { name: JSON_NAME, run: () => JSON.parse(text) }, { name: WALK, run: () => walk(mms) }],
      },
      { name: `encode ${letter}`, candidates: [...writers, { name: JSON_NAME, run: () => JSON.stringify(json) }] },
    ]
  })
}

function comparedRows(direction: 'decode' | 'encode', letter: Letter, timings: Timings): Row[] {
  const group = timings.get(`${direction} ${letter}`)!
  const ours = group.get(OURS)!
  const row = (goal: number, name: string, ratio: Row['ratio'], target: Row['target']): Row => ({
    goal,
    what: `${direction} (${letter})`,
    ours: duration(spreadOf(ours).median),
    baseline: `${name}: ${duration(spreadOf(group.get(name)!).median)}`,
    ratio,
    ...(target && { target }),
  })
  const rows = Object.entries(goals[direction]).map(([name, { goal, of }]) => {
    const least = of[letter]
    return row(goal, name, ratiosOf(group.get(name)!, ours), least && atLeast(...least))
  })
  // Encoding by hand is measured for information.
  const byHand = direction === 'decode' ? goals.byHand.of[letter] : undefined
  rows.push(row(goals.byHand.goal, BY_HAND, ratiosOf(ours, group.get(BY_HAND)!), byHand && atMost(...byHand)))
  const walked = direction === 'decode' ? goals.walk.of[letter] : undefined
  if (walked) rows.push(row(goals.walk.goal, WALK, ratiosOf(ours, group.get(WALK)!), atMost(...walked)))
  return rows
}
