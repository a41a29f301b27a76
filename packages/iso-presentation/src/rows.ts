import { type AnyRow, rowsFor } from '@x/core'
import type { PresentationEvent, PresentationState } from './events.js'
import type { PresentationMachine } from './machine.js'
import type { PresentationDelivery } from './service.js'

/** What the tables of X.226, Annex A are written in. */
export const on = rowsFor<PresentationMachine, PresentationState, PresentationEvent, PresentationDelivery>()
export type Rows = readonly AnyRow<PresentationMachine, PresentationState, PresentationDelivery>[]

/** Connected: data transfer, and the three states in which an alter-context is under way. */
export const open = ['STAt0', 'STAac0', 'STAac1', 'STAac2'] as const
/** A connection exists, or is being made. */
export const connected = ['STAI1', 'STAI2', ...open] as const
