import { p03, p04 } from './predicates.js'
import * as act from './procedures.js'
import { on, type Rows } from './rows.js'

/** Table A.21, connection establishment. p02 of K01 is part of `problem`, p01, p02 and p22 of K02 and K03 of `refusal`. */
export const connectRows: Rows = [
  on('P-CONNECT.request', 'STAI0', {
    // K01 [04] [05] [02]
    to: 'STAI1',
    if: (m, e) => e.problem === undefined && p03(m, e.userData, e.presentationContextDefinitionList),
    do: act.sendCP,
  }),
  on('CP', 'STAI0', {
    // K02 [01] [02]
    to: 'STAI2',
    if: (m, { refusal, indication: i }) =>
      refusal === undefined && i !== undefined && p03(m, i.userData, i.presentationContextDefinitionList),
    do: act.indicateConnect,
  }),
  on('CP', 'STAI0', { if: (_, e) => e.refusal !== undefined, do: act.refuseConnect }), // K03 [01]
  on('P-CONNECT.response', 'STAI2', {
    // K04 [06] [12]
    to: 'STAt0',
    if: (_, e) => e.result === 'acceptance' && e.problem === undefined && p04(e.userData, e.set),
    do: act.sendCPA,
  }),
  on('CPA', 'STAI1', { to: 'STAt0', if: (_, e) => p04(e.values, e.set), do: act.confirmConnect }), // K05 [03] [12]
  on('P-CONNECT.response', 'STAI2', {
    // K06 [06]
    to: 'STAI0',
    if: (_, e) => e.result === 'user-rejection' && e.problem === undefined && p04(e.userData, e.set),
    do: act.sendCPR,
  }),
  on('CPR', 'STAI1', { to: 'STAI0', if: (_, e) => p04(e.values, e.set), do: act.confirmRefusal }), // K07
  on('S-CONNECT.confirm', 'STAI1', { to: 'STAI0', do: act.confirmSessionRefusal }), // K08
]
