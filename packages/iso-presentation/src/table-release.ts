import { mayRefuseRelease, maySend, p06, p07, p08 } from './predicates.js'
import * as act from './procedures.js'
import { on, open, type Rows } from './rows.js'

/**
 * Table A.22, normal release. Where the annex prints p05, nothing is pending that p06 and p07 could leave out, so the three are one.
 * When the first of two releases that collided is complete, an alter-context that is under way is forgotten, as printed.
 */
export const releaseRows: Rows = [
  on('P-RELEASE.request', open, { if: (m, e) => p07(m, e.userData) && maySend(m), do: act.requestRelease }), // K09 [08] [07]
  on('S-RELEASE.indication', open, { if: (m, e) => p06(m, e.values), do: act.indicateRelease }), // K10 [08] [07]
  on('P-RELEASE.response', open, {
    // K11
    to: 'STAI0',
    if: (m, e) => e.result === 'affirmative' && p07(m, e.userData) && !p08(m) && m.variables.indicated,
    do: act.answerRelease,
  }),
  on('P-RELEASE.response', open, {
    // K12 [02]
    to: 'STAt0',
    if: (m, e) => e.result === 'affirmative' && p07(m, e.userData) && p08(m) && m.variables.indicated,
    do: act.answerFirstRelease,
  }),
  on('S-RELEASE.confirm', open, {
    // K13
    to: 'STAI0',
    if: (m, e) => e.result === 'affirmative' && p06(m, e.values) && !p08(m),
    do: act.confirmRelease,
  }),
  on('S-RELEASE.confirm', open, {
    // K14 [02]
    to: 'STAt0',
    if: (m, e) => e.result === 'affirmative' && p06(m, e.values) && p08(m),
    do: act.confirmFirstRelease,
  }),
  on('P-RELEASE.response', open, {
    // K15 [02]
    if: (m, e) => e.result === 'negative' && p07(m, e.userData) && mayRefuseRelease(m),
    do: act.refuseRelease,
  }),
  on('S-RELEASE.confirm', open, { if: (m, e) => e.result === 'negative' && p06(m, e.values), do: act.confirmRefusedRelease }), // K16 [02]
]
