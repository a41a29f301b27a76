import type { Sdu } from '@x/core'
import { decodePdu as decodeOurs, encodeMmsPdu as encodeOurs, type MmsPdu } from '@x/mms'
import * as asn1js from 'asn1js'
import { asn1jsReader } from '../../codec/asn1js-read.js'
import { asn1jsWriter } from '../../codec/asn1js-write.js'

const REQUEST = 0xa0
const RESPONSE = 0xa1
const read = asn1jsReader(asn1js)
const write = asn1jsWriter(asn1js)

/** Requests and responses by asn1js, which here are all reads; the few PDUs of opening and closing by our own codec. */
export function decodePdu(octets: Uint8Array, limits: Parameters<typeof decodeOurs>[1]): ReturnType<typeof decodeOurs> {
  return octets[0] === REQUEST || octets[0] === RESPONSE ? { type: 'pdu', pdu: read(octets) } : decodeOurs(octets, limits)
}

export function encodeMmsPdu(pdu: MmsPdu, sdu: Sdu): void {
  if (pdu.type === 'confirmedRequestPDU' || pdu.type === 'confirmedResponsePDU') sdu.prepend(write(pdu))
  else encodeOurs(pdu, sdu)
}
