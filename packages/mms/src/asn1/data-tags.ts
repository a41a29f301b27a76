import { CONSTRUCTED, contextTag } from '@x/ber'

/** The identifier octets of ISO 9506-2, Data. Context tag 0 is that of AccessResult, 8 was REAL in edition 1. */
export const ARRAY = 0xa1
export const STRUCTURE = 0xa2
export const BOOLEAN = 0x83
export const BIT_STRING = 0x84
export const INTEGER = 0x85
export const UNSIGNED = 0x86
export const FLOATING_POINT = 0x87
export const OCTET_STRING = 0x89
export const VISIBLE_STRING = 0x8a
export const GENERALIZED_TIME = 0x8b
export const BINARY_TIME = 0x8c
export const BCD = 0x8d
export const BOOLEAN_ARRAY = 0x8e
export const OBJ_ID = 0x8f
export const MMS_STRING = 0x90
export const UTC_TIME = 0x91

/** Every tag that Data may have: those above, and the constructed form of the strings. */
export const dataTags: readonly number[] = [
  ...[ARRAY, STRUCTURE, BOOLEAN, BIT_STRING, INTEGER, UNSIGNED, FLOATING_POINT, OCTET_STRING, VISIBLE_STRING],
  ...[GENERALIZED_TIME, BINARY_TIME, BCD, BOOLEAN_ARRAY, OBJ_ID, MMS_STRING, UTC_TIME],
  ...[4, 7, 9, 10, 11, 12, 14, 16, 17].map(number => contextTag(number, CONSTRUCTED)),
]
