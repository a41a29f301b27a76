import { DisconnectedError, OsiError } from '@x/core'
import { escapeControls, type Finding } from './events.js'

/** What OpenSSL and Node say of a handshake that failed, as what it means. */
const meanings: readonly (readonly [pattern: RegExp, id: Finding['id'], seen: string])[] = [
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE/,
    'handshake.not-tls',
    'the peer does not speak TLS here',
  ],
  [/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|ALERT_PROTOCOL_VERSION/, 'handshake.version', 'the sides have no version of TLS in common'],
  [
    /NO_SHARED_CIPHER|NO_SHARED_SIGNATURE|NO_SUITABLE|ALERT_HANDSHAKE_FAILURE|NO_CIPHER/,
    'handshake.no-common-suite',
    'the sides have no cipher suite in common that fits their keys',
  ],
  [/WRONG_CURVE|ILLEGAL_POINT/, 'certificate.weak-curve', 'the key of its certificate is on a curve that is not offered'],
  [/EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL/, 'certificate.weak-key', 'the key of its certificate is too small'],
  [/MD_TOO_WEAK/, 'certificate.weak-signature', 'the signature of its certificate is too weak'],
  [/EXCESSIVE_MESSAGE_SIZE/, 'certificate.too-large', 'its certificates are longer than OpenSSL takes'],
  [/ALERT/, 'handshake.refused-by-peer', 'the peer has refused this side'],
  [/ECONNRESET|EPIPE|ERR_STREAM_PREMATURE_CLOSE/, 'handshake.closed', 'the peer has closed the connection during the handshake'],
]

export function handshakeFailure(error: NodeJS.ErrnoException): Finding {
  const code = error.code ?? error.message
  const meaning = meanings.find(([pattern]) => pattern.test(code))
  const [, id, seen] = meaning ?? [undefined, 'handshake.failed' as const, 'the handshake has failed']
  return { id, seen: `${seen} (${code})`, error }
}

/** Octets that begin no TLS connection, by what they do begin. */
export function notTls(octets: Uint8Array): Finding {
  return { id: 'handshake.not-tls', seen: `expected a TLS handshake, found ${nameOf(octets)}` }
}

function nameOf(octets: Uint8Array): string {
  if (octets[0] === 3 && octets[1] === 0) return 'a TPKT: the peer speaks without TLS'
  const text = Buffer.from(octets.subarray(0, 8)).toString('latin1')
  if (/^(GET|HEAD|POST|PUT|OPTIONS|CONNECT) /.test(text)) return 'HTTP'
  if (text.startsWith('SSH-')) return 'SSH'
  return `octets ${Buffer.from(octets.subarray(0, 4)).toString('hex')}`
}

/** How an error of an established TLS connection ends its channel. */
export function connectionFailure(error: NodeJS.ErrnoException): OsiError {
  if (error instanceof OsiError) return error
  const code = error.code ?? 'ERROR'
  const hint = /ALERT/.test(code) ? ': the peer has refused this side, and its log says why' : ''
  return new DisconnectedError('tls', `TLS_${code}`, escapeControls(`the TLS connection failed: ${error.message}${hint}`), {
    by: /ALERT|ECONNRESET|EPIPE/.test(code) ? 'peer provider' : 'local provider',
    cause: error,
  })
}
