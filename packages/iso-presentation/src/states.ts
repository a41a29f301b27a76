import { rowsFor, StateTable } from '@x/core'
import type { PresentationEvent, PresentationState } from './events.js'
import type { PresentationMachine } from './machine.js'
import { isDefined, isHalfReleased, isRequested, mayRefuseRelease, p03, p04, p05, p08, p23 } from './predicates.js'
import * as act from './procedures.js'
import type { PresentationDelivery } from './service.js'

const on = rowsFor<PresentationMachine, PresentationState, PresentationEvent, PresentationDelivery>()
const connected = ['STAI1', 'STAI2', 'STAt0'] as const

/**
 * X.226, Annex A, kernel. STAI0 idle, no connection · STAI1 await CPA · STAI2 await P-CONNECT response · STAt0 connected.
 *
 * K numbers count the action lists of the annex; brackets are its actions. Where the annex leaves it to the session (A.6),
 * a row has a guard of its own besides the predicates, see predicates.ts.
 */
export const table: StateTable<PresentationMachine, PresentationState, PresentationEvent, PresentationDelivery> = new StateTable([
  // Table A.21, connection establishment. p02 of K01 is part of `problem`, p01, p02 and p22 of K02 and K03 of `refusal`.
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

  // Table A.22, normal release
  on('P-RELEASE.request', 'STAt0', {
    // K09 [08] [07]
    if: (m, e) => p05(m, e.userData) && !isRequested(m) && !isHalfReleased(m),
    do: act.requestRelease,
  }),
  on('S-RELEASE.indication', 'STAt0', { if: (m, e) => p05(m, e.values), do: act.indicateRelease }), // K10 [08] [07]
  on('P-RELEASE.response', 'STAt0', {
    // K11
    to: 'STAI0',
    if: (m, e) => e.result === 'affirmative' && p05(m, e.userData) && !p08(m) && m.variables.indicated,
    do: act.answerRelease,
  }),
  on('P-RELEASE.response', 'STAt0', {
    // K12 [02]
    if: (m, e) => e.result === 'affirmative' && p05(m, e.userData) && p08(m) && m.variables.indicated,
    do: act.answerFirstRelease,
  }),
  on('S-RELEASE.confirm', 'STAt0', {
    // K13
    to: 'STAI0',
    if: (m, e) => e.result === 'affirmative' && p05(m, e.values) && !p08(m),
    do: act.confirmRelease,
  }),
  on('S-RELEASE.confirm', 'STAt0', {
    // K14 [02]
    if: (m, e) => e.result === 'affirmative' && p05(m, e.values) && p08(m),
    do: act.confirmFirstRelease,
  }),
  on('P-RELEASE.response', 'STAt0', {
    // K15 [02]
    if: (m, e) => e.result === 'negative' && p05(m, e.userData) && mayRefuseRelease(m),
    do: act.refuseRelease,
  }),
  on('S-RELEASE.confirm', 'STAt0', { if: (m, e) => e.result === 'negative' && p05(m, e.values), do: act.confirmRefusedRelease }), // K16 [02]

  // Table A.23, abort. p21 is `identified`.
  on('P-U-ABORT.request', ['STAI1', 'STAI2'], { to: 'STAI0', if: (m, e) => p03(m, e.userData), do: act.sendARU }), // K17 K18
  on('P-U-ABORT.request', 'STAt0', { to: 'STAI0', if: (m, e) => p05(m, e.userData), do: act.sendARU }), // K19
  on('ARU', 'STAI1', { to: 'STAI0', if: (m, e) => p03(m, e.values) && e.identified, do: act.indicateUserAbort }), // K20
  on('ARU', 'STAI2', {
    // K21
    to: 'STAI0',
    if: (m, e) => p03(m, e.values) && e.identified && p23(m, e),
    do: act.indicateUserAbort,
  }),
  on('ARU', 'STAt0', { to: 'STAI0', if: (m, e) => p05(m, e.values) && e.identified, do: act.indicateUserAbort }), // K22
  on('ARP', connected, { to: 'STAI0', do: act.indicatePeerProviderAbort }), // K23 K24 K25
  on('S-P-ABORT.indication', connected, { to: 'STAI0', do: act.indicateSessionAbort }), // K26 K27 K28

  // Table A.25, data transfer
  on('P-DATA.request', 'STAt0', {
    // K29
    if: (m, e) => isDefined(m, e.presentationContextIdentifier) && !isRequested(m) && !isHalfReleased(m),
    do: act.sendTD,
  }),
  on('TD', 'STAt0', { if: (m, e) => p05(m, e.values), do: act.indicateData }), // K30

  // Not printed: a blank cell and an invalid PPDU end the connection (A.4.1.2, A.4.3.2), and so does a user to whom the
  // values received are no values of their abstract syntax (6.4.4.3).
  on('protocol error', 'STAI0', { do: act.abortUnseen }),
  on('protocol error', connected, { to: 'STAI0', do: act.abortByProvider }),
  on('P-P-ABORT.request', connected, { to: 'STAI0', do: act.abortForUser }),
])
