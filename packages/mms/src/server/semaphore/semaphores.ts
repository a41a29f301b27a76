import { UsageError } from '@x/core'
import { NON_DELETABLE } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { eventsOf } from '../event/events.js'
import { type Scope, whenDeleted } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { Semaphore } from './semaphore.js'

/** A semaphore in a model: it is there from the beginning. The pool form can be made in no other way. */
export type SemaphoreModel = {
  /** @default `M_NonDeletable` */
  readonly accessControlList?: string
} & (
  | {
      /** How many clients may have control at a time, 1 … 65 535. */
      readonly tokens: number
    }
  | {
      /** The names of what a client may have control of, one client each: 1 … 65 535. */
      readonly pool: readonly string[]
    }
)

/** The semaphores of one VMD. */
export class Semaphores {
  readonly #vmd: Vmd
  /** Entries of all semaphores. */
  #entries = 0
  /** Those made by clients. */
  #defined = 0

  constructor(vmd: Vmd) {
    this.#vmd = vmd
  }

  /** Whether clients may define one more. */
  hasRoom(association: ServerAssociation): boolean {
    return this.#defined < association.limits.maxSemaphores
  }

  /**
   * Makes one, with the network-triggered event condition that shares its name, and that no client can delete. ISO 9506-1, 16.1.1. The name must be
   * free in both classes.
   */
  add(scope: Scope, name: string, tokens: number | readonly string[], accessControlList: string, isDefined = false): Semaphore {
    const events = eventsOf(this.#vmd)
    const condition = events.addCondition(scope, { name, accessControlList: NON_DELETABLE })
    const semaphore = new Semaphore(name, tokens, accessControlList, {
      hasRoom: ({ limits }) => this.#entries < limits.maxSemaphoreEntries,
      count: difference => {
        this.#entries += difference
      },
      onTimeOut: () => events.trigger(condition),
    })
    scope.add('semaphore', semaphore)
    if (isDefined) this.#defined += 1
    whenDeleted(semaphore, () => {
      if (isDefined) this.#defined -= 1
      semaphore.tell('reset')
      events.remove('eventCondition', condition)
    })
    return semaphore
  }

  /** Every entry of every semaphore ends: the VMD is reset. That is our own reading. */
  reset(): void {
    for (const scope of this.#vmd.scopes()) for (const semaphore of scope.of('semaphore')) semaphore.tell('reset')
  }
}

const known = new WeakMap<Vmd, Semaphores>()

/** Those of a VMD. */
export function semaphoresOf(vmd: Vmd): Semaphores {
  const semaphores = known.get(vmd) ?? new Semaphores(vmd)
  known.set(vmd, semaphores)
  return semaphores
}

/** Makes those of the model. @throws UsageError `MMS_MODEL` */
export function addSemaphores(vmd: Vmd): void {
  const { semaphores, domains = {} } = vmd.model
  addAll(vmd, vmd.vmdSpecific, semaphores)
  for (const [name, domain] of Object.entries(domains)) addAll(vmd, vmd.domain(name)!.objects, domain.semaphores)
}

function addAll(vmd: Vmd, scope: Scope, models: Readonly<Record<string, SemaphoreModel>> = {}): void {
  for (const [name, model] of Object.entries(models)) {
    const tokens = 'tokens' in model ? model.tokens : model.pool
    const count = typeof tokens === 'number' ? tokens : new Set(tokens).size
    if (!Number.isInteger(count) || count < 1 || count > MOST_TOKENS || (typeof tokens !== 'number' && count !== tokens.length)) {
      throw new UsageError('mms', 'MMS_MODEL', `semaphore ${name}: expected 1 to ${MOST_TOKENS} tokens, of a pool each once`)
    }
    semaphoresOf(vmd).add(scope, name, tokens, model.accessControlList ?? NON_DELETABLE)
  }
}

/** Unsigned16 in every service that tells them. */
export const MOST_TOKENS = 0xffff
