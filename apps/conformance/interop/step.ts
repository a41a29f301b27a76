import { type Check, is, satisfies } from './check.js'
import { dataOf, type Json, type Model, nodeOf } from './model.js'

/** One exchange or a few, with the service that is under test. */
export interface Step {
  /** Unique in its sequence. */
  readonly id: string
  /** Name as in ISO 9506-2, or of the association service. */
  readonly service: string
  /** In order; the first that fails or is not offered ends the step. */
  readonly commands: readonly (readonly string[])[]
  readonly check: Check
}

/** Steps on one server, in order. Each sequence opens its own associations. */
export interface Sequence {
  readonly name: string
  /** The server must be started with this password. */
  readonly password?: string
  /** The server must be started with this as its largest TPDU, in octets. */
  readonly tpdu?: number
  /** The server must be started with a folder of files. */
  readonly files?: boolean
  readonly steps: readonly Step[]
}

export const near = 'INTEROPLD0'
export const far = 'INTEROPLD1'
export const anIn = 'GGIO1$MX$AnIn1'
const nothing: Check = satisfies(() => undefined)

export function step(id: string, service: string, command: readonly string[], check: Check = nothing): Step {
  return { id, service, commands: [command], check }
}

export function open(name?: string, ...options: readonly string[]): Step {
  return step(name ? `associate-${name}` : 'associate', 'associate', ['open', ...options])
}

export function conclude(): Step {
  return step('conclude', 'conclude', ['conclude'])
}

export function expected(model: Model, domain: string, item: string): Json {
  return dataOf(nodeOf(model, domain, item)!)
}

export function readOne(id: string, model: Model, item = anIn, domain = near): Step {
  return step(id, 'read', ['read', domain, item], is(expected(model, domain, item)))
}
