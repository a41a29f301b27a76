import { Sdu } from '@x/core'
import { decodePdu, encodeMmsPdu, type MmsPdu } from '@x/mms'

/** What the machine of an open association passes: the PDU size and the nesting that were agreed. */
const LIMITS = { maxPduSize: 65_000, nesting: 10 }

/** As the machine decodes what has arrived. */
export function readOurs(octets: Uint8Array): MmsPdu {
  const decoded = decodePdu(octets, LIMITS)
  if (decoded.type === 'broken') throw decoded.error
  return decoded.pdu
}

/** As the machine encodes what is to be sent, up to the octets that the layers below put their headers in front of. */
export function writeOurs(pdu: MmsPdu): Uint8Array {
  const sdu = new Sdu()
  encodeMmsPdu(pdu, sdu)
  return sdu.octets()
}
