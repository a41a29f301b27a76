import { on, p53, p54, p59 } from './predicates.js'
import { giveTokens, indicateGive, indicatePlease, sendEncoded } from './procedures.js'

/** X.225, Table A.14. GT and PT without a token item are no events (Table A.1, note 2). */
export const tokens = [
  on('S-TOKEN-GIVE.request', 'STA713', { if: (s, e) => p54(s, e.tokens), do: giveTokens }),
  on('GT', 'STA713', { if: (s, e) => p59(s, e.tokenItem!), do: indicateGive }),
  on('S-TOKEN-PLEASE.request', ['STA713', 'STA09'], { if: (s, e) => p53(s, e.tokens), do: sendEncoded }),
  on('PT', ['STA713', 'STA03'], { if: (s, e) => p53(s, e.tokenItem!), do: indicatePlease }),
]
