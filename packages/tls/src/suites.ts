import { UsageError } from '@x/core'

/**
 * - `default`: offered.
 * - `optional`: offered when asked for: no forward secrecy, or CBC; there for peers that have nothing else.
 * - `absent`: named by the profile, but OpenSSL 3 does not have it, and so neither has Node.
 */
export type SuiteStatus = 'default' | 'optional' | 'absent'

interface Suite {
  readonly openssl: string
  readonly status: SuiteStatus
  readonly version: 'TLSv1.2' | 'TLSv1.3'
}

/** Cipher suites by the names of their registry, in the order in which they are preferred. There is none without encryption. */
export const cipherSuites = {
  TLS_AES_128_GCM_SHA256: { openssl: 'TLS_AES_128_GCM_SHA256', status: 'default', version: 'TLSv1.3' },
  TLS_AES_256_GCM_SHA384: { openssl: 'TLS_AES_256_GCM_SHA384', status: 'default', version: 'TLSv1.3' },
  TLS_CHACHA20_POLY1305_SHA256: { openssl: 'TLS_CHACHA20_POLY1305_SHA256', status: 'default', version: 'TLSv1.3' },
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: { openssl: 'ECDHE-ECDSA-AES128-GCM-SHA256', status: 'default', version: 'TLSv1.2' },
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: { openssl: 'ECDHE-ECDSA-AES256-GCM-SHA384', status: 'default', version: 'TLSv1.2' },
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: { openssl: 'ECDHE-RSA-AES128-GCM-SHA256', status: 'default', version: 'TLSv1.2' },
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: { openssl: 'ECDHE-RSA-AES256-GCM-SHA384', status: 'default', version: 'TLSv1.2' },
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256: { openssl: 'DHE-RSA-AES128-GCM-SHA256', status: 'default', version: 'TLSv1.2' },
  TLS_DHE_RSA_WITH_AES_256_GCM_SHA384: { openssl: 'DHE-RSA-AES256-GCM-SHA384', status: 'default', version: 'TLSv1.2' },
  TLS_RSA_WITH_AES_128_GCM_SHA256: { openssl: 'AES128-GCM-SHA256', status: 'optional', version: 'TLSv1.2' },
  TLS_RSA_WITH_AES_128_CBC_SHA256: { openssl: 'AES128-SHA256', status: 'optional', version: 'TLSv1.2' },
  TLS_DH_RSA_WITH_AES_128_GCM_SHA256: { openssl: 'DH-RSA-AES128-GCM-SHA256', status: 'absent', version: 'TLSv1.2' },
  TLS_DH_DSS_WITH_AES_128_GCM_SHA256: { openssl: 'DH-DSS-AES128-GCM-SHA256', status: 'absent', version: 'TLSv1.2' },
} as const satisfies Record<string, Suite>

export type CipherSuiteName = keyof typeof cipherSuites

const names = Object.keys(cipherSuites) as CipherSuiteName[]

/** What is offered unless options say otherwise. */
export const defaultCipherSuites: readonly CipherSuiteName[] = names.filter(name => cipherSuites[name].status === 'default')

/** Curves of key agreement and of certificates, as OpenSSL names them; P-256 is the one that every peer has. */
export const curves: readonly string[] = ['prime256v1', 'secp384r1', 'secp521r1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1']

/** The list for OpenSSL. @throws UsageError `TLS_SUITE` for one that does not exist here, and for none at all */
export function opensslCiphers(wanted: readonly CipherSuiteName[]): string {
  if (wanted.length === 0) throw new UsageError('tls', 'TLS_SUITE', 'cipherSuites: expected at least one, found none')
  for (const name of wanted) {
    const suite: Suite | undefined = cipherSuites[name]
    if (suite === undefined) throw new UsageError('tls', 'TLS_SUITE', `cipherSuites: expected one of ${names.join(', ')}, found ${name}`)
    if (suite.status === 'absent') throw new UsageError('tls', 'TLS_SUITE', `cipherSuites: ${name} does not exist in the OpenSSL of Node`)
  }
  return wanted.map(name => cipherSuites[name].openssl).join(':')
}
