import type { TypeDescription } from './asn1/variable-access.js'
import { descriptionIn } from './value-types.js'

/**
 * Octets that a value of a type takes on the wire at most, with its tag and length: what decides how many values fit an answer.
 *
 * @throws UsageError MMS_TYPE_NAME where a part of the type is only named
 */
export function sizeOfType(type: TypeDescription): number {
  return withHeader(contentsOf(type))
}

/** A tag of one octet, and the length in definite form. */
function withHeader(contents: number): number {
  if (contents < 0x80) return contents + 2
  let lengthOctets = 1
  for (let rest = contents; rest > 0; rest = Math.floor(rest / 256)) lengthOctets++
  return contents + 1 + lengthOctets
}

function contentsOf(type: TypeDescription): number {
  switch (type.type) {
    case 'array':
      return type.value.numberOfElements * sizeOfType(descriptionIn(type.value.elementType))
    case 'structure':
      return type.value.components.reduce((sum, { componentType }) => sum + sizeOfType(descriptionIn(componentType)), 0)
    case 'boolean':
      return 1
    case 'bitString':
      return 1 + Math.ceil(Math.abs(type.value) / 8)
    case 'integer':
    case 'unsigned':
      // One more for an unsigned whose first bit would be a sign.
      return Math.ceil(type.value / 8) + 1
    case 'floatingPoint':
      return 1 + Math.ceil(type.value.formatWidth / 8)
    case 'octetString':
    case 'visibleString':
      return Math.abs(type.value)
    case 'mMSString':
      return 4 * Math.abs(type.value)
    case 'generalizedTime':
      return 25
    case 'binaryTime':
      return type.value ? 6 : 4
    case 'bcd':
      // Sent as an integer of so many digits.
      return Math.ceil((type.value * Math.log2(10)) / 8) + 1
    case 'objId':
      return 64
    case 'utcTime':
      return 8
    default:
      return type satisfies never
  }
}
