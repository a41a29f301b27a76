import { p03, p05, p06, p07, p23, p24, p25 } from './predicates.js'
import * as act from './procedures.js'
import { connected, on, open, type Rows } from './rows.js'

/** Table A.23, abort. p21 is `identified`. */
export const abortRows: Rows = [
  on('P-U-ABORT.request', ['STAI1', 'STAI2'], { to: 'STAI0', if: (m, e) => p03(m, e.userData), do: act.sendARU }), // K17 K18
  on('P-U-ABORT.request', open, { to: 'STAI0', if: (m, e) => p07(m, e.userData), do: act.sendARU }), // K19
  on('ARU', 'STAI1', { to: 'STAI0', if: (m, e) => p03(m, e.values) && e.identified, do: act.indicateUserAbort }), // K20
  on('ARU', 'STAI2', {
    // K21
    to: 'STAI0',
    if: (m, e) => p03(m, e.values) && e.identified && p23(m, e),
    do: act.indicateUserAbort,
  }),
  on('ARU', 'STAt0', { to: 'STAI0', if: (m, e) => p05(m, e.values) && e.identified, do: act.indicateUserAbort }), // K22
  on('ARU', 'STAac0', { to: 'STAI0', if: (m, e) => p24(m, e.values) && e.identified, do: act.indicateUserAbort }),
  on('ARU', 'STAac1', { to: 'STAI0', if: (m, e) => p06(m, e.values) && e.identified, do: act.indicateUserAbort }),
  on('ARU', 'STAac2', { to: 'STAI0', if: (m, e) => p25(m, e.values) && e.identified, do: act.indicateUserAbort }),
  on('ARP', connected, { to: 'STAI0', do: act.indicatePeerProviderAbort }), // K23 K24 K25
  on('S-P-ABORT.indication', connected, { to: 'STAI0', do: act.indicateSessionAbort }), // K26 K27 K28
]
