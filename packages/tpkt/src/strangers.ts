/** A protocol that is not TPKT, told by the octet that it begins with. */
export interface Stranger {
  /** What speaks, for counting. */
  readonly protocol: 'RFC 983' | 'TLS' | 'HTTP' | 'SSH' | 'S7' | 'COTP' | 'IEC 60870-5-104' | 'DNP3' | 'Telnet'
  /** What the peer seems to be doing, and what to do about it. */
  readonly text: string
}

const TLS = 'use @x/tls on both sides, whose port is 3782'
const ELSEWHERE = 'is this a port of another protocol?'

/**
 * Who may be speaking if his first octet is this; undefined: no idea. One octet decides, since one is all there may be: so every chunking
 * gives the same answer.
 */
export function strangerOf(octet: number): Stranger | undefined {
  switch (octet) {
    case 0x01:
      return { protocol: 'RFC 983', text: 'TPKT version 1 is that of RFC 983, which is obsolete' }
    case 0x02:
      return { protocol: 'COTP', text: 'this looks like a COTP TPDU without TPKT in front of it' }
    case 0x05:
      return { protocol: 'DNP3', text: `this looks like DNP3: ${ELSEWHERE}` }
    case 0x15:
      return { protocol: 'TLS', text: `this looks like a TLS alert: the peer wants TLS; ${TLS}` }
    case 0x16:
      return { protocol: 'TLS', text: `this looks like a TLS ClientHello: the peer speaks TLS, and this side does not; ${TLS}` }
    case 0x14:
    case 0x17:
      return { protocol: 'TLS', text: `this looks like TLS in the middle of a connection: ${TLS}` }
    case 0x32:
      return { protocol: 'S7', text: 'this looks like an S7 PDU without TPKT and COTP in front of it' }
    case 0x53:
      return { protocol: 'SSH', text: `this looks like SSH: ${ELSEWHERE}` }
    case 0x68:
      return { protocol: 'IEC 60870-5-104', text: `this looks like IEC 60870-5-104: ${ELSEWHERE}` }
    case 0xff:
      return { protocol: 'Telnet', text: `this looks like Telnet: ${ELSEWHERE}` }
    // GET, HEAD and the answer of a server, POST and PUT, OPTIONS, DELETE, CONNECT, TRACE.
    case 0x47:
    case 0x48:
    case 0x50:
    case 0x4f:
    case 0x44:
    case 0x43:
    case 0x54:
      return { protocol: 'HTTP', text: `this looks like HTTP: ${ELSEWHERE}` }
    default:
      return undefined
  }
}
