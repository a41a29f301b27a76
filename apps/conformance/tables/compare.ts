import { type Bench, isMistake } from './bench.js'
import { type Config, keyOf, type Oracle, type Outcome, type Step } from './table.js'

/** What one event made of one of our machines. */
export interface Effect {
  /** It was refused as the caller's mistake. */
  readonly mistake: boolean
  readonly actions: readonly string[]
  readonly state: string
}

export interface Comparison {
  readonly outcome: Outcome
  /** Where the table is now. */
  readonly config: Config
  /** Layer, configuration and event. */
  readonly where: string
  readonly expected: Effect
  readonly found: Effect
  /** The machine has the event in this state. */
  readonly happened: boolean
}

/** Applies one event to the table and to the machine. */
export function compare(oracle: Oracle, bench: Bench, config: Config, step: Step): Comparison {
  const outcome = oracle.predict(config, step)
  const after = oracle.next(config, outcome)
  const where = `${oracle.table.name}, ${keyOf(config)} × ${step.event} ${step.variant}`.trimEnd()
  const expected = { mistake: outcome.kind === 'usage', actions: outcome.actions, state: after.state }
  if (outcome.kind === 'kept away') return { outcome, config, where, expected, found: expected, happened: false }
  let mistake = false
  let happened = true
  try {
    happened = bench.apply(step)
  } catch (error) {
    if (!isMistake(error)) throw error
    mistake = true
  }
  return { outcome, config: after, where, expected, found: { mistake, actions: bench.take(), state: bench.state }, happened }
}

/** Whether both did the same. */
export function agree({ expected, found, outcome, happened }: Comparison): boolean {
  return (
    found.state === expected.state &&
    found.mistake === expected.mistake &&
    found.actions.length === expected.actions.length &&
    found.actions.every((action, i) => action === expected.actions[i]) &&
    (happened || outcome.kind === 'never' || outcome.kind === 'kept away')
  )
}
