import { type Channel, remembered, seen } from '@x/core'
import { type PresentationStackOptions, presentationStack } from '@x/iso-presentation/open'
import { AssociationMachine } from './machine.js'
import type { AssociationOptions } from './options.js'

/** Options of the machines below the door. */
export interface AssociationStackOptions extends PresentationStackOptions {
  readonly acse?: AssociationOptions
}

/** One object, so that settings made of it are shared. */
const NO_OPTIONS = {}

/** Longest TSDU taken before an association, in octets: room for names, addresses and authentication. */
const EARLY_TSDU_SIZE = 16_384
const below = remembered(
  (options: AssociationStackOptions): PresentationStackOptions => ({
    ...options,
    transport: { earlyTsduSize: EARLY_TSDU_SIZE, ...options.transport },
  }),
)

/** ACSE over presentation over session over COTP over TPKT over a channel. TSDUs before the association have at most 16 KiB by default. */
export function associationStack(channel: Channel, options: AssociationStackOptions = NO_OPTIONS): AssociationMachine {
  return new AssociationMachine(seen(presentationStack(channel, below(options)), 'presentation', options.see), options.acse)
}
