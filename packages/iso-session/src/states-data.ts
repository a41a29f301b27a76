import { on, p03, p04, p05, p06, p07, p10 } from './predicates.js'
import { indicateData, indicateTypedData, sendDT, sendTD } from './procedures.js'

/** X.225, Table A.9. */
export const data = [
  on('S-DATA.request', 'STA713', { if: p03, do: sendDT }),
  on('S-DATA.request', 'STA09', { if: p04, do: sendDT }),
  on('DT', 'STA713', { if: p05, do: indicateData }),
  on('DT', 'STA03', { if: s => p05(s) && p10(s), do: indicateData }),

  on('S-TYPED-DATA.request', 'STA713', { if: p06, do: sendTD }),
  on('S-TYPED-DATA.request', 'STA09', { if: p07, do: sendTD }),
  on('TD', 'STA713', { if: p06, do: indicateTypedData }),
  on('TD', 'STA03', { if: s => p06(s) && p10(s), do: indicateTypedData }),
]
