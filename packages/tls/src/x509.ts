import {
  ANY,
  type BerReader,
  BIT_STRING,
  type BitString,
  BOOLEAN,
  decode,
  explicit,
  extensible,
  INTEGER,
  type Integer,
  leaf,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  prependOctets,
  prependOctetsElement,
  prependStringElement,
  readLatin1,
  SEQUENCE,
  SEQUENCE_OF,
} from '@x/ber'

/** The parts of certificates and revocation lists that Node does not show. RFC 5280, 4.1 and 5.1. */

export interface AlgorithmIdentifier {
  algorithm: string
  parameters?: Uint8Array
}

interface Signed {
  toBeSigned: Uint8Array
  signatureAlgorithm: AlgorithmIdentifier
  signature: BitString
}

interface TbsCertificate {
  version: Integer
  serialNumber: Uint8Array
  signature: Uint8Array
  issuer: Uint8Array
  validity: Uint8Array
  subject: Uint8Array
  subjectPublicKeyInfo: Uint8Array
}

interface Extension {
  extnID: string
  critical: boolean
  extnValue: Uint8Array
}

interface RevokedCertificate {
  userCertificate: Uint8Array
}

interface TbsCertList {
  version?: Integer
  signature: AlgorithmIdentifier
  issuer: Uint8Array
  thisUpdate: string
  nextUpdate?: string
  revokedCertificates?: readonly RevokedCertificate[]
  crlExtensions?: readonly Extension[]
}

interface PssParameters {
  hashAlgorithm?: AlgorithmIdentifier
}

const AlgorithmIdentifier = SEQUENCE<AlgorithmIdentifier>('AlgorithmIdentifier', {
  algorithm: OBJECT_IDENTIFIER,
  parameters: ANY.optional(),
})

const Signed = SEQUENCE<Signed>('SIGNED', { toBeSigned: ANY, signatureAlgorithm: AlgorithmIdentifier, signature: BIT_STRING })

/** A view that is no `Buffer`. */
const view = ({ octets }: BerReader, from: number, to: number) => new Uint8Array(octets.buffer, octets.byteOffset + from, to - from)

/** One element with this tag, unread. */
const unread = (name: string, tag: number) =>
  leaf<Uint8Array>({
    name,
    tags: [tag],
    get: reader => view(reader, reader.start, reader.end),
    put: prependOctets,
  })

/** Its contents: numbers are compared, and an authority may have written one of them with a redundant octet. */
const SerialNumber = leaf<Uint8Array>({
  name: 'CertificateSerialNumber',
  tags: [0x02],
  get: reader => view(reader, reader.position, reader.end),
  put: (sdu, octets) => prependOctetsElement(sdu, octets, 0x02),
})
const Name = unread('Name', 0x30)
const Unread = unread('SEQUENCE', 0x30)

const TbsCertificate = extensible(
  SEQUENCE<TbsCertificate>('TBSCertificate', {
    version: explicit(0, INTEGER).default(0),
    serialNumber: SerialNumber,
    signature: Unread,
    issuer: Name,
    validity: Unread,
    subject: Name,
    subjectPublicKeyInfo: Unread,
  }),
)

const Extension = SEQUENCE<Extension>('Extension', {
  extnID: OBJECT_IDENTIFIER,
  critical: BOOLEAN.default(false),
  extnValue: OCTET_STRING,
})

const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

/** UTCTime or GeneralizedTime, as it is written. */
const Time = leaf<string>({
  name: 'Time',
  tags: [UTC_TIME, GENERALIZED_TIME],
  get: (reader, tag) => readLatin1(reader, tag, tag),
  put: (sdu, value) => prependStringElement(sdu, value, value.length > 13 ? GENERALIZED_TIME : UTC_TIME),
})

const TbsCertList = SEQUENCE<TbsCertList>('TBSCertList', {
  version: INTEGER.optional(),
  signature: AlgorithmIdentifier,
  issuer: Name,
  thisUpdate: Time,
  nextUpdate: Time.optional(),
  revokedCertificates: SEQUENCE_OF(
    extensible(SEQUENCE<RevokedCertificate>('RevokedCertificate', { userCertificate: SerialNumber })),
  ).optional(),
  crlExtensions: explicit(0, SEQUENCE_OF(Extension)).optional(),
})

const PssParameters = extensible(
  SEQUENCE<PssParameters>('RSASSA-PSS-params', { hashAlgorithm: explicit(0, AlgorithmIdentifier).optional() }),
)

const hex = (octets: Uint8Array) => Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex')

const serialOf = (contents: Uint8Array) => hex(contents).replace(/^(00)+/, '')

/** Names are their DER in hexadecimal: good for comparing, and for nothing else. */
export interface CertificateFields {
  readonly serial: string
  readonly issuer: string
  readonly subject: string
  readonly signatureAlgorithm: AlgorithmIdentifier
}

/** @throws DecodeError */
export function readCertificate(der: Uint8Array): CertificateFields {
  const { toBeSigned, signatureAlgorithm } = decode(Signed, der, { layer: 'tls' })
  const { serialNumber, issuer, subject } = decode(TbsCertificate, toBeSigned, { layer: 'tls' })
  return { serial: serialOf(serialNumber), issuer: hex(issuer), subject: hex(subject), signatureAlgorithm }
}

export interface RevocationList {
  /** DER of the name, in hexadecimal. */
  readonly issuer: string
  /** Milliseconds since 1970. */
  readonly thisUpdate: number
  /** Absent: it does not say. */
  readonly nextUpdate: number | undefined
  /** Serial numbers, as in `CertificateFields`. */
  readonly revoked: ReadonlySet<string>
  /** Critical extensions: whoever does not know one of them must not rely on the list. */
  readonly critical: readonly string[]
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly toBeSigned: Uint8Array
  readonly signature: Uint8Array
}

/** Lists of real authorities have hundreds of thousands of entries; they come from the operator, not from a peer. */
const LIST_LIMITS = { layer: 'tls', elements: Number.MAX_SAFE_INTEGER, length: Number.MAX_SAFE_INTEGER } as const

/** @throws DecodeError */
export function readRevocationList(der: Uint8Array): RevocationList {
  const { toBeSigned, signatureAlgorithm, signature } = decode(Signed, der, LIST_LIMITS)
  const list = decode(TbsCertList, toBeSigned, LIST_LIMITS)
  return {
    issuer: hex(list.issuer),
    thisUpdate: moment(list.thisUpdate),
    nextUpdate: list.nextUpdate === undefined ? undefined : moment(list.nextUpdate),
    revoked: new Set(list.revokedCertificates?.map(entry => serialOf(entry.userCertificate))),
    critical: (list.crlExtensions ?? []).filter(extension => extension.critical).map(extension => extension.extnID),
    signatureAlgorithm,
    toBeSigned,
    signature: signature.octets,
  }
}

/** RFC 5280, 4.1.2.5: `YYMMDDhhmmssZ`, where YY from 50 on is 19YY, or `YYYYMMDDhhmmssZ`. @returns NaN for anything else */
function moment(text: string): number {
  const century = text.length > 13 ? '' : Number(text.slice(0, 2)) >= 50 ? '19' : '20'
  const digits = century + text.slice(0, -1)
  if (!text.endsWith('Z') || digits.length !== 14) return Number.NaN
  const part = (from: number, to: number) => Number(digits.slice(from, to))
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14))
}

/** How a signature is made, as far as it matters here. */
export interface SignatureKind {
  readonly name: string
  readonly hash: string
  readonly pss: boolean
  /** SHA-256 or better, with RSA or ECDSA. */
  readonly strong: boolean
}

const kinds: Readonly<Record<string, Omit<SignatureKind, 'strong'>>> = {
  '1.2.840.113549.1.1.4': { name: 'md5WithRSAEncryption', hash: 'md5', pss: false },
  '1.2.840.113549.1.1.5': { name: 'sha1WithRSAEncryption', hash: 'sha1', pss: false },
  '1.2.840.113549.1.1.14': { name: 'sha224WithRSAEncryption', hash: 'sha224', pss: false },
  '1.2.840.113549.1.1.11': { name: 'sha256WithRSAEncryption', hash: 'sha256', pss: false },
  '1.2.840.113549.1.1.12': { name: 'sha384WithRSAEncryption', hash: 'sha384', pss: false },
  '1.2.840.113549.1.1.13': { name: 'sha512WithRSAEncryption', hash: 'sha512', pss: false },
  '1.2.840.10045.4.1': { name: 'ecdsa-with-SHA1', hash: 'sha1', pss: false },
  '1.2.840.10045.4.3.1': { name: 'ecdsa-with-SHA224', hash: 'sha224', pss: false },
  '1.2.840.10045.4.3.2': { name: 'ecdsa-with-SHA256', hash: 'sha256', pss: false },
  '1.2.840.10045.4.3.3': { name: 'ecdsa-with-SHA384', hash: 'sha384', pss: false },
  '1.2.840.10045.4.3.4': { name: 'ecdsa-with-SHA512', hash: 'sha512', pss: false },
}

const hashes: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}

const STRONG = ['sha256', 'sha384', 'sha512']
const RSASSA_PSS = '1.2.840.113549.1.1.10'

/** @throws DecodeError for parameters that cannot be read */
export function signatureKind({ algorithm, parameters }: AlgorithmIdentifier): SignatureKind {
  if (algorithm === RSASSA_PSS) {
    const named = parameters && decode(PssParameters, parameters, { layer: 'tls' }).hashAlgorithm?.algorithm
    // RFC 4055, 3.1: the default is SHA-1.
    const hash = named === undefined ? 'sha1' : (hashes[named] ?? named)
    return { name: `RSASSA-PSS with ${hash}`, hash, pss: true, strong: STRONG.includes(hash) }
  }
  const kind = kinds[algorithm] ?? { name: `algorithm ${algorithm}`, hash: '', pss: false }
  return { ...kind, strong: STRONG.includes(kind.hash) }
}
