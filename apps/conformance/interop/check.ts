import type { Answer } from './adapter.js'
import type { Json } from './model.js'

/** What a step found: nothing, or in a sentence what was wrong. */
export type Verdict = string | undefined

/** Judges the answers to the commands of a step. */
export type Check = (answers: readonly Answer[]) => Verdict

/** JSON in short, for messages. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 157)}…` : text
}

/** Deep equality; a type given without its size (`null`) equals one with it, since not every interface tells sizes. */
export function same(expected: Json | undefined, found: Json | undefined): boolean {
  if (expected === found) return true
  if (Array.isArray(expected) && Array.isArray(found))
    return expected.length === found.length && expected.every((e, i) => same(e as Json, found[i] as Json))
  if (!isObject(expected) || !isObject(found)) return false
  const names = Object.keys(expected).filter(name => name !== 'exponent')
  const foundNames = Object.keys(found).filter(name => name !== 'exponent')
  if (names.length !== foundNames.length || names.some((name, i) => name !== foundNames[i])) return false
  return names.every(name => same(expected[name], found[name]) || (typeof expected[name] === 'number' && found[name] === null))
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of the last answer, or why there is none. */
export function lastValue(answers: readonly Answer[]): { readonly value: Json } | { readonly wrong: string } {
  for (const answer of answers) if ('error' in answer) return { wrong: `error ${answer.error}` }
  const last = answers.at(-1)
  return last !== undefined && 'value' in last ? { value: last.value } : { wrong: 'no answer' }
}

/** The last answer is this value. */
export function is(expected: Json): Check {
  return satisfies(value => (same(expected, value) ? undefined : `expected ${show(expected)}, found ${show(value)}`))
}

/** The last answer's value passes a test. */
export function satisfies(test: (value: Json) => Verdict): Check {
  return answers => {
    const last = lastValue(answers)
    return 'wrong' in last ? last.wrong : test(last.value)
  }
}

/**
 * The last answer is a refusal: a DataAccessError or a ServiceError of one of these names, or any error when there are none.
 * An interface above MMS tells its own error names (`acsi/…`), and a server may say no more than `others`: both will do.
 */
export function refused(...names: readonly string[]): Check {
  return answers => {
    const last = answers.at(-1)
    const text = last === undefined ? 'no answer' : 'error' in last ? last.error : 'value' in last ? failureOf(last.value) : undefined
    if (text === undefined) return `expected a refusal, found ${show(last)}`
    if (lost(text)) return `expected a refusal, found ${text}`
    if (names.length === 0 || text.startsWith('acsi/') || text.startsWith('other') || names.some(name => text.endsWith(name)))
      return undefined
    return `expected ${names.join(' or ')}, found ${text}`
  }
}

/** The association does not come to be; how the interface says so is its own matter. */
export function notOpened(answers: readonly Answer[]): Verdict {
  const last = answers.at(-1)
  return last !== undefined && 'error' in last && last.error !== 'timeout'
    ? undefined
    : `expected a refused association, found ${show(last)}`
}

function lost(text: string): boolean {
  return text === 'timeout' || text.startsWith('connection-')
}

function failureOf(value: Json): string | undefined {
  return isObject(value) && typeof value.failure === 'string' ? value.failure : undefined
}

/** The last answer lists at least `expected`; what it lists besides must begin with one of `allowed`. */
export function lists(expected: readonly string[], allowed: readonly string[] = []): Check {
  return satisfies(value => {
    if (!Array.isArray(value)) return `expected a list, found ${show(value)}`
    const found = new Set(value as string[])
    const missing = expected.filter(name => !found.has(name))
    const extra = [...found].filter(name => !expected.includes(name) && !allowed.some(start => name.startsWith(start)))
    if (missing.length > 0) return `${missing.length} of ${expected.length} names missing, first ${missing[0]}`
    if (extra.length > 0) return `${extra.length} names too many, first ${extra[0]}`
    return found.size === value.length ? undefined : `${value.length - found.size} names twice`
  })
}
