import { type Spdu, spduFormats } from './codec.js'
import { attached, on, p01, p02, released } from './predicates.js'
import {
  abortAndTell,
  abortForError,
  answerAbort,
  confirmDisconnect,
  disconnect,
  forget,
  indicateAbort,
  indicateAbortKept,
  indicateLoss,
  keep,
  sendAndWait,
  takenForDN,
} from './procedures.js'
import { refuse } from './procedures-connection.js'
import { PrepareType, RefuseReason } from './values.js'

/** X.225, Table A.16, and A.4.1.2 with A.4.3.2 for what is invalid. */
export const abort = [
  on('S-U-ABORT.request', 'STA01B', { to: 'STA01', do: disconnect }),
  on('S-U-ABORT.request', attached, { to: 'STA01A', if: p02, do: sendAndWait }),
  on('S-U-ABORT.request', attached, { to: 'STA16', do: sendAndWait }),
  on('AB', attached, { to: 'STA01C', if: (s, e) => !released(e) && p02(s), do: indicateAbortKept }),
  on('AB', attached, { to: 'STA01', do: indicateAbort }),
  on('AB', ['STA01C', 'STA01D'], { to: 'STA01C', if: (s, e) => !released(e) && p02(s), do: answerAbort }),
  on('AB', ['STA01C', 'STA01D'], { to: 'STA01', do: disconnect }),
  on('AB', 'STA01A', { to: 'STA01C', if: (_, e) => !released(e), do: keep }),
  on('AB', ['STA01A', 'STA16'], { to: 'STA01', do: disconnect }),
  on('AA', 'STA01A', { to: 'STA01C', do: keep }),
  on('AA', ['STA01C', 'STA01D', 'STA16'], { to: 'STA01', do: disconnect }),

  on('T-DISCONNECT.indication', 'STA03', { to: 'STA01', if: takenForDN, do: confirmDisconnect }),
  on('T-DISCONNECT.indication', ['STA01B', ...attached], { to: 'STA01', do: indicateLoss }),
  on('T-DISCONNECT.indication', ['STA01A', 'STA01C', 'STA01D', 'STA16'], { to: 'STA01', do: forget }),
  on('TIM', ['STA01A', 'STA16'], { to: 'STA01', do: disconnect }),
  on('kept too long', 'STA01C', { to: 'STA01', do: disconnect }),

  // before a user is attached there is nobody to tell; after its end it is told nothing more
  on('protocol error', attached, { to: 'STA16', do: abortAndTell }),
  on('protocol error', 'STA01C', { to: 'STA16', if: (s, e) => !p01(s) && e.refusable, do: s => refuse(s, RefuseReason.spmNotSpecified) }),
  on('protocol error', 'STA01C', { to: 'STA01', do: disconnect }),
  on('protocol error', 'STA01D', { to: 'STA16', do: abortForError }),
  on('protocol error', ['STA01A', 'STA16'], {}),
]

/** Those that a decoder can give: AE and AEA are told from MAP and MAA only where activities are selected. */
const spdus = spduFormats.map(format => format.type as Spdu['type']).filter(type => type !== 'AE' && type !== 'AEA')
const allBut = (...types: Spdu['type'][]) => spdus.filter(type => !types.includes(type)) as Exclude<Spdu['type'], 'CN'>[]

/** Any other SPDU where no session is, not yet, or no longer. Cells of 01A and 16 that the annex leaves blank follow 7.9.2: discarded. */
export const elsewhere = [
  ...allBut('CN', 'AA', 'AB').map(type => on(type, 'STA01C', { to: 'STA01', do: disconnect })),
  ...allBut('CN', 'AA', 'AB', 'CDO', 'OA', 'AC', 'RF').map(type => on(type, 'STA01D', { to: 'STA01', do: disconnect })),
  on('CN', ['STA01A', 'STA16'], { to: 'STA01', do: disconnect }),
  on('PR', 'STA16', { to: 'STA01', if: (_, e) => e.prepareType === PrepareType.abort, do: disconnect }),
  ...allBut('AA', 'AB', 'CN').map(type => on(type, ['STA01A', 'STA16'], {})),
]
