import { finishes, on, p01, p10, p63, p64, p65, p66, p67, p68, p69, p75 } from './predicates.js'
import {
  collide,
  confirmCollision,
  confirmNegative,
  confirmRelease,
  confirmReleaseKept,
  finish,
  indicateCollision,
  indicateRelease,
  sendAndKeep,
  sendAndWait,
  sendEncoded,
} from './procedures.js'
import type { SReleaseResponse } from './service.js'

const yes = (e: SReleaseResponse) => e.result === 'affirmative'

/** X.225, Table A.15: release; without a token both sides may ask at once. */
export const release = [
  on('S-RELEASE.request', 'STA713', { to: 'STA03', if: p63, do: s => finish(s, p64(s)) }),
  on('S-RELEASE.request', 'STA09', { if: s => !p65(s) && p10(s), do: collide }),
  on('FN', 'STA713', { to: 'STA09', if: (s, e) => p68(s) && finishes(s, e), do: indicateRelease }),
  on('FN', 'STA03', { to: 'STA09', if: (s, e) => !p65(s) && p10(s) && finishes(s, e), do: indicateCollision }),
  on('S-RELEASE.response', 'STA09', { to: 'STA713', if: (s, e) => !yes(e) && p67(s), do: sendEncoded }),
  on('S-RELEASE.response', 'STA09', { to: 'STA16', if: (s, e) => yes(e) && !p66(s) && p75(s), do: sendAndWait }),
  on('S-RELEASE.response', 'STA09', { to: 'STA01C', if: (s, e) => yes(e) && p66(s), do: sendAndKeep }),
  on('S-RELEASE.response', 'STA09', { to: 'STA03', if: (s, e) => yes(e) && p69(s) && p01(s), do: sendEncoded }),
  on('DN', 'STA03', { to: 'STA01C', if: p66, do: confirmReleaseKept }),
  on('DN', 'STA03', { to: 'STA01', do: confirmRelease }),
  on('DN', 'STA09', { if: s => p69(s) && !p01(s) && !s.vdnr, do: confirmCollision }),
  on('NF', 'STA03', { to: 'STA713', if: p67, do: confirmNegative }),
]
