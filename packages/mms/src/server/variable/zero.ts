import type { Data } from '../../asn1/data.js'
import type { TypeDescription } from '../../asn1/variable-access.js'
import { descriptionIn } from '../../value-types.js'

/** The value of a variable that nobody has given one: false, 0, empty, as long as the type says where the length is fixed. */
export function zeroOf(type: TypeDescription): Data {
  switch (type.type) {
    case 'array': {
      const element = zeroOf(descriptionIn(type.value.elementType))
      return { type: 'array', value: Array.from({ length: type.value.numberOfElements }, () => element) }
    }
    case 'structure':
      return {
        type: 'structure',
        value: type.value.components.map(({ componentType }) => zeroOf(descriptionIn(componentType))),
      }
    case 'boolean':
      return { type: 'boolean', value: false }
    case 'bitString': {
      const size = Math.max(0, type.value)
      return { type: 'bitString', value: { octets: new Uint8Array((size + 7) >> 3), size } }
    }
    case 'integer':
    case 'unsigned':
    case 'bcd':
      return { type: type.type, value: 0 }
    case 'floatingPoint':
      return { type: 'floatingPoint', value: { ...type.value, value: 0 } }
    case 'octetString':
      return { type: 'octetString', value: new Uint8Array(Math.max(0, type.value)) }
    case 'visibleString':
      return { type: 'visibleString', value: ' '.repeat(Math.max(0, type.value)) }
    case 'mMSString':
      return { type: 'mMSString', value: ' '.repeat(Math.max(0, type.value)) }
    case 'generalizedTime':
      return { type: 'generalizedTime', value: '19700101000000Z' }
    case 'binaryTime':
      return { type: 'binaryTime', value: type.value ? { milliseconds: 0, days: 0 } : { milliseconds: 0 } }
    case 'objId':
      return { type: 'objId', value: '0.0' }
    case 'utcTime':
      return { type: 'utcTime', value: { seconds: 0, fraction: 0, quality: 0 } }
    default:
      return type satisfies never
  }
}
