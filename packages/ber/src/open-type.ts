import { BIT_STRING } from './bit-string.js'
import { NULL } from './boolean.js'
import { CHOICE } from './choice.js'
import { decodePart } from './codec.js'
import { unencodable } from './failure.js'
import { integerRange } from './integer.js'
import { OBJECT_IDENTIFIER } from './object-identifier.js'
import { OCTET_STRING_VIEW } from './octet-string.js'
import { type BerReader, copyOf, viewOf } from './reader.js'
import { SEQUENCE } from './sequence.js'
import { ObjectDescriptor } from './strings.js'
import { explicit, implicit, named } from './tagging.js'
import { type BitString, type Choice, makeType, recognizer, type Type } from './type.js'
import { prependOctets } from './writer.js'

/**
 * Any one element, as its octets: identifier, length and contents. Decoding gives a view and does not look inside; encoding checks
 * that it is one element. X.208, 33; open types of X.681, 14.
 */
export const ANY: Type<Uint8Array> = anyBy(reader => viewOf(reader.octets, reader.start, reader.end))

/** As `ANY`, but decoding gives a copy: for octets that are kept longer than what they came in. */
export const ANY_COPY: Type<Uint8Array> = anyBy(reader => copyOf(reader.octets, reader.start, reader.end))

function anyBy(get: (reader: BerReader) => Uint8Array): Type<Uint8Array> {
  return makeType<Uint8Array>({
    name: 'ANY',
    shape: { kind: 'builtin', asn1: 'ANY', json: 'octets' },
    tags: () => undefined,
    compile: () => ({
      ...recognizer(undefined),
      get,
      put(sdu, value) {
        if (!(value instanceof Uint8Array)) throw unencodable('BER_VALUE', 'the octets of an element', value)
        if (!isOneElement(value)) throw unencodable('BER_VALUE', 'the octets of exactly one element', value)
        prependOctets(sdu, value)
      },
    }),
  })
}

function isOneElement(octets: Uint8Array): boolean {
  try {
    return decodePart(ANY, octets, { length: Number.MAX_SAFE_INTEGER, elements: Number.MAX_SAFE_INTEGER }).end === octets.length
  } catch {
    return false
  }
}

/** A value of EXTERNAL. X.690, 8.18. Octets are views when decoded. */
export interface External {
  /** Transfer syntax, or abstract and transfer syntax together. */
  directReference?: string
  /** Presentation context. */
  indirectReference?: number
  dataValueDescriptor?: string
  encoding: Choice<{ 'single-ASN1-type': Uint8Array; 'octet-aligned': Uint8Array; arbitrary: BitString }>
}

const ExternalSequence = SEQUENCE<External>('EXTERNAL', {
  directReference: named(OBJECT_IDENTIFIER, 'direct-reference').optional(),
  indirectReference: named(integerRange('', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), 'indirect-reference').optional(),
  dataValueDescriptor: named(ObjectDescriptor, 'data-value-descriptor').optional(),
  encoding: CHOICE<External['encoding']>('', {
    'single-ASN1-type': explicit(0, ANY),
    'octet-aligned': implicit(1, OCTET_STRING_VIEW),
    arbitrary: implicit(2, BIT_STRING),
  }),
})

/** X.690, 8.18: a value of a type this place does not know, with what identifies it. */
export const EXTERNAL: Type<External> = universal('EXTERNAL', 8, ExternalSequence)

/** What identifies the value in an EMBEDDED PDV. X.680, 36.5. */
export type EmbeddedPdvIdentification = Choice<{
  syntaxes: EmbeddedPdvSyntaxes
  syntax: string
  'presentation-context-id': number
  'context-negotiation': EmbeddedPdvNegotiation
  'transfer-syntax': string
  fixed: null
}>

/** Abstract and transfer syntax apart. */
export interface EmbeddedPdvSyntaxes {
  abstract: string
  transfer: string
}

/** A context that is still being negotiated. */
export interface EmbeddedPdvNegotiation {
  presentationContextId: number
  transferSyntax: string
}

/** A value of EMBEDDED PDV. The octets are a view when decoded. */
export interface EmbeddedPdv {
  identification: EmbeddedPdvIdentification
  dataValue: Uint8Array
}

const safe = integerRange('', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)

const EmbeddedPdvSequence = SEQUENCE<EmbeddedPdv>('EMBEDDED PDV', {
  identification: explicit(
    0,
    CHOICE<EmbeddedPdvIdentification>('', {
      syntaxes: implicit(
        0,
        SEQUENCE<EmbeddedPdvSyntaxes>('', { abstract: implicit(0, OBJECT_IDENTIFIER), transfer: implicit(1, OBJECT_IDENTIFIER) }),
      ),
      syntax: implicit(1, OBJECT_IDENTIFIER),
      'presentation-context-id': implicit(2, safe),
      'context-negotiation': implicit(
        3,
        SEQUENCE<EmbeddedPdvNegotiation>('', {
          presentationContextId: implicit(0, safe, 'presentation-context-id'),
          transferSyntax: implicit(1, OBJECT_IDENTIFIER, 'transfer-syntax'),
        }),
      ),
      'transfer-syntax': implicit(4, OBJECT_IDENTIFIER),
      fixed: implicit(5, NULL),
    }),
  ),
  dataValue: implicit(2, OCTET_STRING_VIEW, 'data-value'),
})

/** X.690, 8.17. */
export const EMBEDDED_PDV: Type<EmbeddedPdv> = universal('EMBEDDED PDV', 11, EmbeddedPdvSequence)

/** A constructed type under a universal tag of its own. */
function universal<T>(name: string, number: number, type: Type<T>): Type<T> {
  const tags = [number | 0x20]
  return makeType<T>({
    name,
    shape: type.shape,
    tags: () => tags,
    compile: () => ({ ...type.codec(), ...recognizer(tags) }),
  })
}
