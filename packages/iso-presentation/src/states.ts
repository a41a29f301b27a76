import { StateTable } from '@x/core'
import type { PresentationEvent, PresentationState } from './events.js'
import type { PresentationMachine } from './machine.js'
import * as act from './procedures.js'
import { connected, on } from './rows.js'
import type { PresentationDelivery } from './service.js'
import { abortRows } from './table-abort.js'
import { connectRows } from './table-connect.js'
import { contextRows } from './table-contexts.js'
import { dataRows } from './table-data.js'
import { releaseRows } from './table-release.js'

/** In the order of Table A.17. */
export const presentationStates: readonly PresentationState[] = ['STAI0', 'STAI1', 'STAI2', 'STAt0', 'STAac0', 'STAac1', 'STAac2']

/**
 * X.226, Annex A, kernel and context management. STAI0 idle, no connection · STAI1 await CPA · STAI2 await P-CONNECT response ·
 * STAt0 connected · STAac0 await ACA · STAac1 await P-ALTER-CONTEXT response · STAac2 await both.
 *
 * K numbers count the action lists of the kernel; brackets are the actions of the annex. Where the annex leaves it to the session
 * (A.6), a row has a guard of its own besides the predicates, see predicates.ts. Events of other units have no row: they are named
 * and refused (A.4.1.2).
 */
export const table: StateTable<PresentationMachine, PresentationState, PresentationEvent, PresentationDelivery> = new StateTable([
  ...connectRows,
  ...releaseRows,
  ...abortRows,
  ...contextRows,
  ...dataRows,

  // Not printed: a blank cell and an invalid PPDU end the connection (A.4.1.2, A.4.3.2), and so does a user to whom the
  // values received are no values of their abstract syntax (6.4.4.3).
  on('protocol error', 'STAI0', { do: act.abortUnseen }),
  on('protocol error', connected, { to: 'STAI0', do: act.abortByProvider }),
  on('P-P-ABORT.request', connected, { to: 'STAI0', do: act.abortForUser }),
])
