import { Child } from './child.js'
import type { clientAnswers } from './client.js'
import type { ServerSettings, serverAnswers } from './server.js'

/** One figure against its goal. */
export interface Finding {
  /** Row of the list of faults. */
  readonly id: string
  readonly what: string
  readonly found: string
  readonly goal: string
  /** Undefined: it could not be run here; `found` says why. */
  readonly met: boolean | undefined
}

/** How much of each fault there is. */
export interface Extent {
  readonly short: boolean
  /** Seconds that a storm, an attack or a hold goes on. */
  readonly seconds: number
  /** How often a process is killed, where that is what is done. */
  readonly kills?: number
}

export type Scenario = (extent: Extent) => Promise<readonly Finding[]>

export type ServerChild = Child<typeof serverAnswers>
export type ClientChild = Child<typeof clientAnswers>

export function serverOf(settings: ServerSettings = {}, flags: readonly string[] = [], wrap?: readonly string[]): ServerChild {
  return new Child('./server.js', settings, flags, wrap)
}

export function clientOf(port: number, host = '127.0.0.1', wrap?: readonly string[]): ClientChild {
  return new Child('./client.js', { port, host }, [], wrap)
}

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))
export const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`
export const kib = (octets: number): string => `${(octets / 1_024).toFixed(1)} KiB`
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
