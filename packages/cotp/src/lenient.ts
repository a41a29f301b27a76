import { Machine } from '@x/core'
import type { Leniency, Settings } from './options.js'
import type { TransportDelivery, TransportSubmit } from './service.js'
import type { TransportEvent, TransportState } from './states.js'
import type { Tolerant } from './validity.js'

const NONE: Readonly<Partial<Record<Leniency, number>>> = {}

/** What a machine puts up with, and how often it had to. */
export abstract class LenientMachine
  extends Machine<TransportState, TransportSubmit, TransportDelivery, TransportEvent>
  implements Tolerant
{
  protected readonly settings: Settings
  #tolerated: Partial<Record<Leniency, number>> | undefined

  protected constructor(settings: Settings) {
    super('CLOSED')
    this.settings = settings
  }

  override get layer(): 'cotp' {
    return 'cotp'
  }

  /** How often each leniency was needed. */
  get tolerated(): Readonly<Partial<Record<Leniency, number>>> {
    return this.#tolerated ?? NONE
  }

  /** @internal Whether what a leniency is about is taken; it is counted. */
  tolerates(leniency: Leniency): boolean {
    if (!this.settings[leniency]) return false
    this.#tolerated ??= {}
    this.#tolerated[leniency] = (this.#tolerated[leniency] ?? 0) + 1
    return true
  }
}
