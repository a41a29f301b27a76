import type { Channel } from '@x/core'
import type { Emitter } from '@x/core/async'
import type { AssociationMachine } from '../machine.js'
import type { Association } from './association.js'
import type { AssociationLimits, CommonOptions } from './common.js'
import type { AssociationEvents } from './events.js'
import type { TimeoutSettings } from './timeouts.js'

/** What an association is made with. */
export interface AssociationMaking {
  readonly machine: AssociationMachine
  readonly channel: Channel
  readonly role: 'requestor' | 'acceptor'
  readonly options: CommonOptions & AssociationLimits & { readonly signal?: AbortSignal }
  /** Hears of everything, too: the server. */
  readonly parent?: Emitter<AssociationEvents>
  /** @default those of the options */
  readonly timeouts?: TimeoutSettings
}

/** Who counts associations. @internal */
export interface AssociationKeeper {
  left(association: Association): void
}
