import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type ExtendedKeyUsageType,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509CrlGenerator,
} from '@peculiar/x509'

/** Certificates and revocation lists for tests, made on the spot. */

const crypto = webcrypto
const DAY = 86_400_000
const rsa = (modulusLength: number) => ({
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength,
  publicExponent: Uint8Array.of(1, 0, 1),
})

export interface Authority {
  readonly name: string
  readonly keys: webcrypto.CryptoKeyPair
  readonly pem: string
}

/** What an end entity has: certificate (with those of its intermediate authorities behind it) and key as PEM. */
export interface Entity {
  readonly certificate: string
  readonly key: string
  readonly serialNumber: string
}

let serial = 0x10_00_00

const keyPair = (bits: number) => crypto.subtle.generateKey(rsa(bits), true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>

/** A key is bound to its hash, so this is another view of the same key. */
async function forSha1(key: webcrypto.CryptoKey): Promise<webcrypto.CryptoKey> {
  const octets = await crypto.subtle.exportKey('pkcs8', key)
  return crypto.subtle.importKey('pkcs8', octets, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-1' }, false, ['sign'])
}

/** @param issuer absent: self-signed */
export async function authority(name: string, issuer?: Authority): Promise<Authority> {
  const keys = await keyPair(2048)
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: (serial += 1).toString(16),
      subject: `CN=${name}`,
      issuer: `CN=${issuer?.name ?? name}`,
      notBefore: new Date(Date.now() - 400 * DAY),
      notAfter: new Date(Date.now() + 400 * DAY),
      publicKey: keys.publicKey,
      signingKey: (issuer ?? { keys }).keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    },
    crypto,
  )
  return { name, keys, pem: certificate.toString('pem') }
}

export interface EntityOptions {
  readonly name?: string
  readonly from?: Date
  readonly to?: Date
  /** @default both */
  readonly usages?: readonly ('client' | 'server')[]
  /** @default P-256; a number: RSA with so many bits */
  readonly key?: number | 'P-256' | 'secp224r1' | 'secp256k1' | 'brainpoolP256r1' | 'ed25519'
  /** Hash of the signature. @default SHA-256 */
  readonly hash?: 'SHA-1' | 'SHA-256'
  /** Names and addresses. @default localhost and 127.0.0.1 */
  readonly hosts?: readonly { type: 'dns' | 'ip'; value: string }[]
  /** Octets of the whole certificate. */
  readonly octets?: number
}

const usage = { client: ExtendedKeyUsage.clientAuth, server: ExtendedKeyUsage.serverAuth }

function leafKeys(key: EntityOptions['key'] = 'P-256') {
  if (typeof key === 'number') return generateKeyPairSync('rsa', { modulusLength: key })
  if (key === 'ed25519') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('ec', { namedCurve: key })
}

export async function entity(issuer: Authority, options: EntityOptions = {}): Promise<Entity> {
  const { publicKey, privateKey } = leafKeys(options.key)
  const serialNumber = (serial += 1).toString(16)
  const signingKey = options.hash === 'SHA-1' ? await forSha1(issuer.keys.privateKey) : issuer.keys.privateKey
  const build = (filler: number) =>
    X509CertificateGenerator.create(
      {
        serialNumber,
        subject: `CN=${options.name ?? 'station'}, O=Example`,
        issuer: `CN=${issuer.name}`,
        notBefore: options.from ?? new Date(Date.now() - DAY),
        notAfter: options.to ?? new Date(Date.now() + 30 * DAY),
        publicKey: publicKey.export({ type: 'spki', format: 'der' }) as Uint8Array<ArrayBuffer>,
        signingKey,
        extensions: [
          new BasicConstraintsExtension(false),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
          new ExtendedKeyUsageExtension((options.usages ?? ['client', 'server']).map(name => usage[name] as ExtendedKeyUsageType)),
          new SubjectAlternativeNameExtension([
            ...(options.hosts ?? [
              { type: 'dns' as const, value: 'localhost' },
              { type: 'ip' as const, value: '127.0.0.1' },
            ]),
          ]),
          ...(filler === 0 ? [] : [new Extension('1.3.6.1.4.1.99999.7', false, new Uint8Array(filler))]),
        ],
      },
      crypto,
    )
  let certificate = await build(0)
  if (options.octets !== undefined) {
    // An extension of this size has the same overhead whatever its contents, so the second attempt is exact.
    const first = await build(options.octets - 2_000)
    certificate = await build(options.octets - 2_000 + options.octets - first.rawData.byteLength)
  }
  return {
    serialNumber,
    certificate: certificate.toString('pem'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

export interface CrlOptions {
  readonly thisUpdate?: Date
  /** @default in a day */
  readonly nextUpdate?: Date
  /** Whose key signs, when not the issuer's. */
  readonly signer?: Authority
  readonly extensions?: Extension[]
}

export async function crl(issuer: Authority, revoked: readonly Entity[], options: CrlOptions = {}): Promise<string> {
  const list = await X509CrlGenerator.create(
    {
      issuer: `CN=${issuer.name}`,
      thisUpdate: options.thisUpdate ?? new Date(Date.now() - 2 * DAY),
      nextUpdate: options.nextUpdate ?? new Date(Date.now() + DAY),
      entries: revoked.map(({ serialNumber }) => ({ serialNumber, revocationDate: new Date(Date.now() - 3 * DAY) })),
      signingAlgorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      signingKey: (options.signer ?? issuer).keys.privateKey,
      ...(options.extensions ? { extensions: options.extensions } : {}),
    },
    crypto,
  )
  return list.toString('pem')
}

export { DAY, X509Certificate }
