import { decode, encodeTo } from '@x/ber'
import { DecodeError, type Sdu } from '@x/core'
import type { BrokenPdu } from './asn1/broken.js'
import { MmsPdu } from './asn1/pdu.js'
export type { BrokenPdu } from './asn1/broken.js'
export function decodePdu(octets: Uint8Array, limits: { maxPduSize: number; nesting: number }): { type: 'pdu'; pdu: MmsPdu } | BrokenPdu {
  void limits
  try {
    return { type: 'pdu', pdu: decode(MmsPdu, octets, { layer: 'mms' }) }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return { type: 'broken', error }
  }
}
export function encodeMmsPdu(pdu: MmsPdu, sdu: Sdu): void {
  encodeTo(MmsPdu, pdu, sdu)
}
