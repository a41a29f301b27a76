import { maySend, p05, p06, p09, p11 } from './predicates.js'
import * as act from './procedures.js'
import { on, type Rows } from './rows.js'

/**
 * Table A.24, context management. Two next states are misprinted in the annex: an AC in STAt0 leads to STAac1, where the response is
 * awaited, and a response in STAac2 to STAac0, where the ACA still is.
 */
export const contextRows: Rows = [
  on('P-ALTER-CONTEXT.request', 'STAt0', {
    // [04]
    to: 'STAac0',
    if: (m, e) => p05(m, e.userData) && p11(m) && e.problem === undefined && maySend(m),
    do: act.sendAC,
  }),
  on('P-ALTER-CONTEXT.request', 'STAac1', {
    // [04]
    to: 'STAac2',
    if: (m, e) => p05(m, e.userData) && e.problem === undefined && maySend(m),
    do: act.sendAC,
  }),
  on('AC', 'STAt0', { to: 'STAac1', if: (m, e) => p05(m, e.values) && p11(m), do: act.indicateAlteration }), // [01] [09]
  on('AC', 'STAac0', { to: 'STAac2', if: (m, e) => p06(m, e.values), do: act.indicateAlteration }), // [01]
  on('P-ALTER-CONTEXT.response', 'STAac1', {
    // [06] [11]
    to: 'STAt0',
    if: (_, e) => p09(e.userData, e.set) && e.problem === undefined,
    do: act.sendACA,
  }),
  on('P-ALTER-CONTEXT.response', 'STAac2', {
    // [06] [11]
    to: 'STAac0',
    if: (_, e) => p09(e.userData, e.set) && e.problem === undefined,
    do: act.sendACA,
  }),
  on('ACA', 'STAac0', { to: 'STAt0', if: (_, e) => p09(e.values, e.set), do: act.confirmAlteration }), // [10] [11]
  on('ACA', 'STAac2', { to: 'STAac1', if: (m, e) => p09(e.values, e.set) && p06(m, e.values), do: act.confirmAlteration }), // [10] [11]
]
