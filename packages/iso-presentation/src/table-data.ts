import { isOne } from './events.js'
import { hasTokens, isDefined, isKept, maySend, p05, p06, p07, p14 } from './predicates.js'
import * as act from './procedures.js'
import { on, open, type Rows } from './rows.js'

const altering = ['STAac0', 'STAac1', 'STAac2'] as const

/**
 * Table A.25, data transfer, and Table A.26, tokens. STAt0 has rows of its own where there are very many events; elsewhere p06 and p07 say
 * p05 too, which they are where nothing is pending.
 */
export const dataRows: Rows = [
  on('P-DATA.request', 'STAt0', {
    // K29
    if: (m, e) => (isDefined(m, e.presentationContextIdentifier) || (!isOne(e) && p05(m, e.userData))) && maySend(m),
    do: act.sendTD,
  }),
  on('P-DATA.request', altering, {
    if: (m, e) => (isOne(e) ? isKept(m, e.presentationContextIdentifier) : p07(m, e.userData)) && maySend(m),
    do: act.sendTD,
  }),
  on('TD', 'STAt0', { if: (m, e) => p05(m, e.values), do: act.indicateData }), // K30
  on('TD', altering, { if: (m, e) => p06(m, e.values), do: act.indicateData }),
  on('P-TYPED-DATA.request', open, { if: (m, e) => p07(m, e.userData) && p14(m) && maySend(m), do: act.sendTTD }), // K31
  on('TTD', open, { if: (m, e) => p06(m, e.values) && p14(m), do: act.indicateTypedData }), // K32
  on('P-TOKEN-GIVE.request', open, { if: (m, e) => p07(m, e.userData) && hasTokens(m) && maySend(m), do: act.giveTokens }),
  on('S-TOKEN-GIVE.indication', open, { if: (m, e) => p06(m, e.values) && hasTokens(m), do: act.indicateTokensGiven }),
  on('P-TOKEN-PLEASE.request', open, { if: (m, e) => p07(m, e.userData) && hasTokens(m) && maySend(m), do: act.askForTokens }),
  on('S-TOKEN-PLEASE.indication', open, { if: (m, e) => p06(m, e.values) && hasTokens(m), do: act.indicateTokensPleased }),
]
