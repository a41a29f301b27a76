import type { Data, DataAccessError } from '../../asn1/data.js'
import { insideAssociation } from '../inside.js'
import { whenDeleted } from '../objects.js'
import type { AccessContext, Variable } from '../variable/index.js'
import type { Vmd } from '../vmd.js'
import type { EventLimits } from './limits.js'
import type { EventCondition, Monitoring } from './objects.js'
import type { ConditionEvent } from './states.js'

/**
 * Looks at the variables of monitored conditions: when one is enabled, when it is told that the value may have changed, and whenever the
 * evaluation interval is over. ISO 9506-1, 19.1; the occasions are our own reading.
 */
export class Evaluation {
  readonly #vmd: Vmd
  readonly #limits: EventLimits
  readonly #happened: (condition: EventCondition, event: ConditionEvent) => void
  readonly #watching = new Set<EventCondition>()
  readonly #controller = new AbortController()
  #context: AccessContext | undefined

  /** @param happened told of what an evaluation has found */
  constructor(vmd: Vmd, limits: EventLimits, happened: (condition: EventCondition, event: ConditionEvent) => void) {
    this.#vmd = vmd
    this.#limits = limits
    this.#happened = happened
  }

  /** Watches the variable of a condition until one of them is deleted. */
  watch(condition: EventCondition, monitoring: Monitoring): void {
    if (monitoring.watched.type === 'local' || monitoring.watched.type === 'undefined') return
    this.#watching.add(condition)
    const unwatch = () => {
      this.#watching.delete(condition)
      this.#stop(monitoring)
    }
    whenDeleted(condition, unwatch)
    if (monitoring.watched.type !== 'named') return
    const forget = whenDeleted(monitoring.watched.variable, () => {
      unwatch()
      monitoring.watched = { type: 'undefined' }
      monitoring.enabled = false
      this.#happened(condition, 'variable deleted')
    })
    whenDeleted(condition, forget)
  }

  /** The conditions that watch a variable. */
  *watching(isMeant: (variable: Variable) => boolean): Generator<EventCondition, void, void> {
    for (const condition of this.#watching) {
      const watched = condition.monitoring?.watched
      if ((watched?.type === 'named' || watched?.type === 'unnamed') && isMeant(watched.variable)) yield condition
    }
  }

  /** Looks at it now. Does nothing while it is disabled. */
  evaluate(condition: EventCondition): void {
    const { monitoring } = condition
    if (!monitoring?.enabled || condition.scope === undefined) return
    const { watched } = monitoring
    if (watched.type === 'undefined') return
    if (watched.type === 'local') return this.#happened(condition, watched.value ? 'true' : 'false')
    if (monitoring.evaluating !== 'no') {
      // What is being read may be from before the change.
      monitoring.evaluating = 'again'
      return
    }
    this.#stop(monitoring)
    monitoring.evaluating = 'once'
    const found = (value: Data | DataAccessError) => {
      const again = monitoring.evaluating === 'again'
      monitoring.evaluating = 'no'
      if (!monitoring.enabled || condition.scope === undefined) return
      const isReadable = typeof value === 'object' && value.type === 'boolean'
      this.#happened(condition, isReadable ? (value.value ? 'true' : 'false') : 'unreadable')
      if (again) this.evaluate(condition)
      else this.#wait(condition, monitoring)
    }
    this.#context ??= insideAssociation(this.#vmd, { signal: this.#controller.signal }).context
    const value = watched.variable.read(this.#context)
    if (value instanceof Promise) value.then(found, () => found('hardware-fault'))
    else found(value)
  }

  /** Disabled: nobody looks any more. */
  disabled(monitoring: Monitoring): void {
    this.#stop(monitoring)
  }

  /** Looks at nothing any more: the server closes. */
  end(): void {
    for (const { monitoring } of this.#watching) this.#stop(monitoring!)
    this.#watching.clear()
    this.#controller.abort()
  }

  #wait(condition: EventCondition, monitoring: Monitoring): void {
    if (!this.#watching.has(condition)) return
    const delay = monitoring.evaluationInterval ?? this.#limits.evaluationInterval
    monitoring.stopTimer = this.#vmd.timers.after(delay, () => {
      monitoring.stopTimer = undefined
      this.evaluate(condition)
    })
  }

  #stop(monitoring: Monitoring): void {
    monitoring.stopTimer?.()
    monitoring.stopTimer = undefined
  }
}
