import { TimeoutError } from '@x/core'
import { isThenable } from '@x/core/async'
import type { Association } from './association.js'
import type { CommonOptions } from './common.js'

/** Sees to it that an association on which nothing happens is noticed. Costs a look at the clock for each value while it is on. */
export class IdleWatch {
  readonly #association: Association
  readonly #onIdle: NonNullable<CommonOptions['onIdle']>
  #last = 0
  #on = false

  constructor(association: Association, onIdle: CommonOptions['onIdle'] = 'abort') {
    this.#association = association
    this.#onIdle = onIdle
  }

  /** From now, with the setting as it is. */
  start(): void {
    const { clock } = this.#association
    this.#on = clock.settings.idle !== undefined
    this.#last = clock.timers.now ?? 0
    clock.start('idle', () => this.#expired())
  }

  /** Data came or went. */
  touch(): void {
    if (!this.#on) return
    const { clock } = this.#association
    if (clock.timers.now === undefined) this.start()
    else this.#last = clock.timers.now
  }

  #expired(): void {
    const association = this.#association
    const { clock } = association
    const { now } = clock.timers
    const { idle } = clock.settings
    if (now !== undefined && now - this.#last < idle!) return clock.start('idle', () => this.#expired(), this.#last)
    association.emit('idle', { association })
    if (association.state !== 'associated') return
    if (this.#onIdle === 'release') return void association.release().catch(() => {})
    if (this.#onIdle === 'abort') {
      return association.end(new TimeoutError('acse', 'IDLE_TIMEOUT', `nothing happened for ${idle} ms`, { by: 'local provider' }))
    }
    const decide = this.#onIdle
    association.guard('onIdle', () => {
      const result = decide(association)
      const again = () => association.state === 'associated' && this.start()
      if (isThenable(result)) return result.then(again)
      return again()
    })
  }
}
