/**
 * The entry `@x/ber/asn1js`: octets of a type that the stack does not declare (ANY, open types, the contents of an EXTERNAL) as objects
 * of the package asn1js, and back. Nothing else in `@x/ber` imports it.
 */
import { DecodeError, EncodeError } from '@x/core'
import { type BaseBlock, type FromBerResult, fromBER } from 'asn1js'
import { definite } from './definite.js'
import { CONSTRUCTED } from './identifier.js'
import { readObjectIdentifier } from './object-identifier.js'
import { BerReader, DEFAULT_DEPTH, DEFAULT_ELEMENTS, DEFAULT_LENGTH, type DecodeOptions } from './reader.js'

/**
 * Reads one element that takes all of `octets`, with the limits of this package rather than those of asn1js.
 *
 * @returns an asn1js object: `Sequence`, `Integer`, `Constructed` …; it holds a copy of the octets
 * @throws DecodeError as `decode`, and BER_ASN1JS where asn1js refuses what we take
 */
export function toAsn1js(octets: Uint8Array, options: DecodeOptions = {}): BaseBlock {
  const layer = options.layer ?? 'ber'
  const length = options.length ?? DEFAULT_LENGTH
  if (octets.length > length) throw new DecodeError(layer, 'BER_INPUT', `expected at most ${length} octets, found ${octets.length}`)
  // Our own reading comes first: it bounds depth and number in one pass, and says where something is wrong.
  const { end, octets: plain } = definite(octets, options)
  if (end < octets.length) {
    throw new DecodeError(layer, 'BER_TRAILING', `expected the end of the octets, found ${octets.length - end} more, at octet ${end}`, {
      offset: end,
    })
  }
  checkIdentifiers(
    new BerReader(plain, { elements: Number.MAX_SAFE_INTEGER, ...(options.layer && { layer: options.layer }) }),
    plain.length,
  )
  const parsed = parse(octets, options)
  if (parsed.offset === -1 || parsed.result.error) {
    throw new DecodeError(
      layer,
      'BER_ASN1JS',
      `expected an element that asn1js reads, found: ${parsed.result.error || 'unreadable octets'}`,
    )
  }
  return parsed.result
}

/** asn1js has no limit for OBJECT IDENTIFIER, and takes long for long ones. Offsets are exact where all lengths are definite. */
function checkIdentifiers(reader: BerReader, limit: number): void {
  while (reader.position < limit) {
    const tag = reader.header(limit)
    const { end } = reader
    if (tag & CONSTRUCTED) checkIdentifiers(reader, end)
    else if (tag === 6) readObjectIdentifier(reader)
    reader.position = end
  }
}

function parse(octets: Uint8Array, options: DecodeOptions): FromBerResult {
  try {
    return fromBER(octets as Uint8Array<ArrayBuffer>, {
      maxDepth: (options.depth ?? DEFAULT_DEPTH) + 1,
      // asn1js counts end-of-contents octets as nodes.
      maxNodes: 2 * (options.elements ?? DEFAULT_ELEMENTS),
      maxContentLength: options.length ?? DEFAULT_LENGTH,
    })
  } catch (error) {
    throw new DecodeError(options.layer ?? 'ber', 'BER_ASN1JS', 'expected an element that asn1js reads, found one it fails on', {
      cause: error,
    })
  }
}

/** The octets of an asn1js object, for a member of type ANY. @throws EncodeError BER_ASN1JS */
export function fromAsn1js(block: BaseBlock): Uint8Array {
  let octets: Uint8Array
  try {
    octets = new Uint8Array(block.toBER())
  } catch (error) {
    throw new EncodeError('ber', 'BER_ASN1JS', 'expected an asn1js object with an encoding, found one that fails', { cause: error })
  }
  if (octets.length === 0 || block.error) {
    throw new EncodeError('ber', 'BER_ASN1JS', `expected an asn1js object with an encoding, found: ${block.error || 'no octets'}`)
  }
  return octets
}
