import { exceedsCN, isEnd, on, overflows, p01, p02, p204, released } from './predicates.js'
import { disconnect, sendAndKeep, sendAndWait } from './procedures.js'
import {
  acceptOverflow,
  acceptTransport,
  confirmAccept,
  confirmReject,
  confirmRejectKept,
  indicateConnect,
  indicateWhole,
  keepPart,
  openTransport,
  refuse,
  refuseKept,
  reuseTransport,
  sendAC,
  sendCDOs,
  sendCN,
} from './procedures-connection.js'
import type { SConnectResponse } from './service.js'

type Accept = Extract<SConnectResponse, { result: 'accept' }>

/** X.225, Table A.8. */
export const connection = [
  // we ask
  on('S-CONNECT.request', 'STA01', { to: 'STA01B', do: openTransport }),
  on('S-CONNECT.request', 'STA01C', { to: 'STA02B', if: (s, e) => p01(s) && exceedsCN(e), do: reuseTransport }),
  on('S-CONNECT.request', 'STA01C', { to: 'STA02A', if: p01, do: reuseTransport }),
  on('T-CONNECT.confirm', 'STA01B', { to: 'STA02B', if: p204, do: sendCN }),
  on('T-CONNECT.confirm', 'STA01B', { to: 'STA02A', do: sendCN }),
  on('OA', 'STA02B', { to: 'STA02A', do: sendCDOs }),
  on('AC', 'STA02A', { to: 'STA713', do: confirmAccept }),
  on('RF', ['STA02A', 'STA02B'], { to: 'STA01C', if: (s, e) => !released(e) && p02(s), do: confirmRejectKept }),
  on('RF', ['STA02A', 'STA02B'], { to: 'STA01', do: confirmReject }),

  // the peer asks
  on('T-CONNECT.indication', 'STA01', { to: 'STA01C', do: acceptTransport }),
  on('CN', 'STA01C', { to: 'STA01', if: p01, do: disconnect }),
  on('CN', 'STA01C', { to: 'STA01D', if: (_, e) => e.indication !== undefined && overflows(e), do: acceptOverflow }),
  on('CN', 'STA01C', { to: 'STA08', if: (_, e) => e.indication !== undefined, do: indicateConnect }),
  on('CN', 'STA01C', { if: p02, do: (s, e) => refuseKept(s, e.refusal!) }),
  on('CN', 'STA01C', { to: 'STA16', do: (s, e) => refuse(s, e.refusal!) }),
  on('CDO', 'STA01D', { if: (_, e) => !isEnd(e.enclosureItem), do: keepPart }),
  on('CDO', 'STA01D', { to: 'STA08', do: indicateWhole }),
  on('S-CONNECT.response', 'STA08', { to: 'STA713', if: (_, e) => e.result === 'accept', do: (s, e) => sendAC(s, e as Accept) }),
  on('S-CONNECT.response', 'STA08', { to: 'STA01C', if: p02, do: sendAndKeep }),
  on('S-CONNECT.response', 'STA08', { to: 'STA16', do: sendAndWait }),
]
