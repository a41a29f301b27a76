export type { BrokenPdu } from './asn1/broken.js'
export { decodePdu, encodeMmsPdu } from './asn1/pdu.js'
