import type { Parameter } from './parameters.js'

/**
 * The ten TPDUs of X.224, 13 as plain objects. Octet 2 of each on the wire is its code; the low nibble is a credit in CR, CC,
 * AK and RJ and 0 elsewhere. In class 0 only CR, CC, DR, DT and ER exist.
 */
export type Tpdu = CR | CC | DR | DC | DT | ED | AK | EA | RJ | ER

/** The codes of X.224, Table 8: high nibble of octet 2. */
export const TpduCode = { CR: 0xe0, CC: 0xd0, DR: 0x80, DC: 0xc0, DT: 0xf0, ED: 0x10, AK: 0x60, EA: 0x20, RJ: 0x50, ER: 0x70 } as const

/**
 * X.224, 13.3: connection request.
 *
 *      1     2          3    4      5    6      7             8 … p              p+1 …
 *    +----+----------+-----------+-----------+-------------+------------------+-----------+
 *    | LI | 1110 cccc|  DST-REF  |  SRC-REF  | class│opt   |    parameters    | user data |
 *    +----+----------+-----------+-----------+-------------+------------------+-----------+
 */
export interface CR {
  readonly type: 'CR'
  /** CDT, 0 … 15; 0 in classes 0 and 1. */
  readonly credit: number
  /** DST-REF: 0. */
  readonly destinationReference: number
  /** SRC-REF: what the sender calls the connection, not 0. */
  readonly sourceReference: number
  /** Preferred class, 0 to 4 by the standard; any nibble is decoded. */
  readonly class: number
  /** Low nibble of the class octet: bit 2 extended formats, bit 1 no explicit flow control. Without meaning in class 0. */
  readonly options: number
  readonly parameters: readonly Parameter[]
  /** Absent: none, as in class 0. */
  readonly userData?: Uint8Array
}

/** X.224, 13.4: connection confirm. As CR with 1101 cccc; `class` is the one selected. */
export interface CC extends Omit<CR, 'type'> {
  readonly type: 'CC'
}

/**
 * X.224, 13.5: disconnect request. In class 0 only to refuse a connection.
 *
 *      1     2           3    4      5    6      7        8 … p        p+1 …
 *    +----+-----------+-----------+-----------+--------+------------+-----------+
 *    | LI | 1000 0000 |  DST-REF  |  SRC-REF  | reason | parameters | user data |
 *    +----+-----------+-----------+-----------+--------+------------+-----------+
 */
export interface DR {
  readonly type: 'DR'
  readonly destinationReference: number
  /** 0 when the connection never had one. */
  readonly sourceReference: number
  /** As `DisconnectReason` names them; any octet is decoded. */
  readonly reason: number
  readonly parameters: readonly Parameter[]
  readonly userData?: Uint8Array
}

/** X.224, 13.6: disconnect confirm; never in class 0. LI, 1100 0000, DST-REF, SRC-REF, parameters. */
export interface DC {
  readonly type: 'DC'
  readonly destinationReference: number
  readonly sourceReference: number
  readonly parameters: readonly Parameter[]
}

/**
 * X.224, 13.7: data.
 *
 *    class 0, 1                                    class 2–4 normal; extended has E + 31 bits in octets 5–8
 *     1     2           3            4 …            1     2           3    4     5            6 … p        p+1 …
 *    +----+-----------+------------+---------+     +----+-----------+----------+------------+------------+------+
 *    | 2  | 1111 000y | E nnnnnnn  | data    |     | LI | 1111 000y | DST-REF  | E nnnnnnn  | parameters | data |
 *    +----+-----------+------------+---------+     +----+-----------+----------+------------+------------+------+
 *
 * E: this TPDU ends its TSDU. The number is 0 in class 0.
 */
export interface DT {
  readonly type: 'DT'
  /** EOT. */
  readonly endOfTsdu: boolean
  /** TPDU-NR: 7 bits, 31 when extended. */
  readonly number: number
  readonly userData: Uint8Array
  /** Low nibble of the code octet, absent: 0. Its lowest bit asks for an acknowledgement in classes 1, 3 and 4. */
  readonly credit?: number
  /** Absent in the form of classes 0 and 1. */
  readonly destinationReference?: number
  /** The extended format of classes 2 to 4. */
  readonly extended?: true
  /** Absent: none. */
  readonly parameters?: readonly Parameter[]
}

/** X.224, 13.8: expedited data, as DT with 0001 0000 and its own numbers. Without DST-REF it is that of RFC 1006, 6. */
export interface ED extends Omit<DT, 'type'> {
  readonly type: 'ED'
}

/**
 * X.224, 13.9: acknowledgement.
 *
 *    normal                                        extended
 *     1     2           3    4     5          6…    1     2           3    4     5  6  7  8     9  10   11…
 *    +----+-----------+----------+----------+---+  +----+-----------+----------+-------------+--------+---+
 *    | LI | 0110 zzzz | DST-REF  | 0 yr-nr  |par|  | LI | 0110 0000 | DST-REF  | 0 + 31 bits | credit |par|
 *    +----+-----------+----------+----------+---+  +----+-----------+----------+-------------+--------+---+
 */
export interface AK {
  readonly type: 'AK'
  readonly destinationReference: number
  /** YR-TU-NR: the number expected next. */
  readonly number: number
  /** 4 bits, 16 when extended. */
  readonly credit: number
  readonly extended?: true
  readonly parameters: readonly Parameter[]
}

/** X.224, 13.10: expedited acknowledgement. As AK with 0010 0000 and no credit. */
export interface EA {
  readonly type: 'EA'
  readonly destinationReference: number
  /** YR-EDTU-NR. */
  readonly number: number
  readonly extended?: true
  readonly parameters: readonly Parameter[]
}

/** X.224, 13.11: reject. As AK with 0101 zzzz and no parameters. */
export interface RJ {
  readonly type: 'RJ'
  readonly destinationReference: number
  /** YR-TU-NR: from which number on to send again. */
  readonly number: number
  readonly credit: number
  readonly extended?: true
}

/**
 * X.224, 13.12: TPDU error. In class 0 it must say in `invalidTpdu` which octets it is about.
 *
 *      1     2           3    4     5        6 …
 *    +----+-----------+----------+--------+------------+
 *    | LI | 0111 0000 | DST-REF  | cause  | parameters |
 *    +----+-----------+----------+--------+------------+
 */
export interface ER {
  readonly type: 'ER'
  readonly destinationReference: number
  /** As `RejectCause` names them; any octet is decoded. */
  readonly cause: number
  readonly parameters: readonly Parameter[]
}

export { decodeTpdu } from './decode.js'
export { encodeTpdu, prependDT } from './encode.js'
export { rejectCause } from './faults.js'
export * from './parameters.js'
export * from './reasons.js'
