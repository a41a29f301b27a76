/*
 * The codecs of all layers in one place, for tests that look at a whole stack. The packages reach only the layer below them; tests of
 * the top one reach further.
 */
export { decodeTpdu, encodeTpdu, parameterValue, type Tpdu } from '../../cotp/src/index.js'
export {
  ARP,
  type ARPType,
  ARU,
  type ARUType,
  CP,
  CPA,
  type CPAType,
  CPR,
  type CPRType,
  type CPType,
  UserData,
} from '../../iso-presentation/src/asn1.js'
export { BER_TRANSFER_SYNTAX } from '../../iso-presentation/src/index.js'
export { prependSingleValue } from '../../iso-presentation/src/user-data.js'
export { decodeTsdu, encodeTsdu, type Spdu, type Tsdu } from '../../iso-session/src/index.js'
export { decodeTpkt, encodeTpkt } from '../../tpkt/src/index.js'
