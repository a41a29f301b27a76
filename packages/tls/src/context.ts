import { constants } from 'node:crypto'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'
import { UsageError } from '@x/core'
import { listOf } from './gate.js'
import type { Credentials, SecureOptions } from './options.js'
import { curves, defaultCipherSuites, opensslCiphers } from './suites.js'

/** The longest that a session may be resumed, in seconds: a day. */
export const MAX_RESUMPTION = 86_400

/** Offered in addition when versions below TLS 1.2 are allowed: the others do not exist there, and OpenSSL wants its level lowered. */
const OLD_CIPHERS = 'ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:AES128-SHA:@SECLEVEL=0'

const text = (pem: string | Uint8Array) => (typeof pem === 'string' ? pem : Buffer.from(pem))

/** @throws UsageError `TLS_SUITE`, `TLS_RESUMPTION`, `TLS_CREDENTIALS` */
export function contextOptions(options: SecureOptions, credentials: Credentials): SecureContextOptions {
  const { resumption = false, allowInsecure } = options
  if (resumption !== false && !(resumption.lifetime > 0 && resumption.lifetime <= MAX_RESUMPTION)) {
    throw new UsageError('tls', 'TLS_RESUMPTION', `resumption.lifetime: expected 1 to ${MAX_RESUMPTION} s, found ${resumption.lifetime}`)
  }
  const ciphers = opensslCiphers(options.cipherSuites ?? defaultCipherSuites)
  const context: SecureContextOptions = {
    key: text(credentials.key),
    cert: text(credentials.certificate),
    ...(credentials.passphrase === undefined ? {} : { passphrase: credentials.passphrase }),
    // Also when there are none: otherwise Node takes the authorities of the web.
    ca: listOf(options.ca).map(text),
    minVersion: allowInsecure?.minVersion ?? 'TLSv1.2',
    maxVersion: options.maxVersion ?? 'TLSv1.3',
    ciphers: allowInsecure === undefined ? ciphers : `${ciphers}:${OLD_CIPHERS}`,
    honorCipherOrder: true,
    ecdhCurve: ['X25519', ...curves].join(':'),
    dhparam: 'auto',
    ...(resumption === false ? { secureOptions: constants.SSL_OP_NO_TICKET } : { sessionTimeout: resumption.lifetime }),
  }
  checked(context)
  return context
}

/** The context, tried out. @throws UsageError `TLS_CREDENTIALS`: a key or certificate cannot be read, or they do not fit each other */
function checked(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new UsageError('tls', 'TLS_CREDENTIALS', `key, certificate and ca cannot be used together: ${why}`, '', { cause })
  }
}
