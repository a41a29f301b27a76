import { Sdu } from '@x/core'
import { encodeMmsPdu, type MmsPdu } from '../src/asn1/pdu.js'
import { encodeTpkt, prependSingleValue } from './layers.js'

/** A TSDU as one DT in one TPKT; what does not fit is left out. */
export function packed(tsdu: Uint8Array): Uint8Array {
  const tpdu = new Uint8Array(3 + Math.min(tsdu.length, 65_000))
  tpdu.set([2, 0xf0, 0x80])
  tpdu.set(tsdu.subarray(0, 65_000), 3)
  return encodeTpkt({ reserved: 0, tpdu })
}

/** An MMS PDU of the data phase as octets on the wire, in presentation context 3. */
export function wire(pdu: MmsPdu): Uint8Array {
  const sdu = new Sdu()
  encodeMmsPdu(pdu, sdu)
  return wireOctets(sdu.octets())
}

/** Whatever should be an MMS PDU as octets on the wire. */
export function wireOctets(octets: Uint8Array): Uint8Array {
  const sdu = Sdu.of(octets)
  prependSingleValue(sdu, 3)
  sdu.prepend([1, 0, 1, 0])
  return packed(sdu.octets())
}

/** A read of a variable of the domain PEERLD0. */
export function readOf(itemID: string, invokeID: number): MmsPdu {
  const name = { type: 'domainSpecific', value: { domainID: 'PEERLD0', itemID } } as const
  return {
    type: 'confirmedRequestPDU',
    value: {
      invokeID,
      service: {
        type: 'read',
        value: {
          specificationWithResult: false,
          variableAccessSpecification: { type: 'listOfVariable', value: [{ variableSpecification: { type: 'name', value: name } }] },
        },
      },
    },
  }
}
