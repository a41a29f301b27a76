/**
 * The three S7 PDUs of this example. One PDU is one TSDU of COTP:
 *
 *      0    1      2 3    4     6           8         10              (10 or 12) …
 *    +----+------+------+-----+-----------+---------+---------------+------------+------+
 *    | 32 | kind | 0  0 | ref | length of | length  | error, in     | parameters | data |
 *    |    |      |      |     | parameters| of data | answers only  |            |      |
 *    +----+------+------+-----+-----------+---------+---------------+------------+------+
 */
export interface S7Pdu {
  /** A job is a request. */
  readonly kind: 'job' | 'answer'
  /** Chosen by the client, returned by the server. */
  readonly reference: number
  /** Class and code of an answer as one number; 0: no error. */
  readonly error: number
  /** The first octet says which function. */
  readonly parameters: Uint8Array
  readonly data: Uint8Array
}

export const FUNCTION = { setup: 0xf0, read: 0x04, write: 0x05 } as const

const KINDS = { job: 1, answer: 3 } as const

export function encodeS7({ kind, reference, error, parameters, data }: S7Pdu): Uint8Array {
  const lengths = [...uint16(parameters.length), ...uint16(data.length)]
  const header = [0x32, KINDS[kind], 0, 0, ...uint16(reference), ...lengths, ...(kind === 'answer' ? uint16(error) : [])]
  return Uint8Array.of(...header, ...parameters, ...data)
}

/** @throws S7Error when the octets are no job and no answer */
export function decodeS7(octets: Uint8Array): S7Pdu {
  const kind = octets[1] === KINDS.job ? 'job' : 'answer'
  const header = kind === 'job' ? 10 : 12
  const parametersEnd = header + uint16At(octets, 6)
  const end = parametersEnd + uint16At(octets, 8)
  // 2 is an answer without data, such as one that says only which error there was.
  if (octets[0] !== 0x32 || ![1, 2, 3].includes(octets[1] ?? 0) || octets.length !== end) {
    throw new S7Error(`no S7 job and no answer of ${end} octets: ${octets.length} octets, of kind ${octets[1]}`)
  }
  const parameters = octets.subarray(header, parametersEnd)
  const error = kind === 'answer' ? uint16At(octets, 10) : 0
  return { kind, reference: uint16At(octets, 4), error, parameters, data: octets.subarray(parametersEnd) }
}

/** What a client asks for, and what a server grants: jobs at a time, and octets of a PDU. */
export function encodeSetup(pduSize: number): Uint8Array {
  return Uint8Array.of(FUNCTION.setup, 0, 0, 1, 0, 1, ...uint16(pduSize))
}

/** Octets of a data block. */
export interface Range {
  readonly block: number
  readonly start: number
  readonly length: number
}

/** Length of one range in the parameters. */
export const RANGE_LENGTH = 12

/** Specification 12, 0A octets, syntax 10; then octets as the unit (02), how many, the block, its area (84), where in bits. */
export function encodeRange({ block, start, length }: Range): Uint8Array {
  return Uint8Array.of(
    0x12,
    0x0a,
    0x10,
    0x02,
    ...uint16(length),
    ...uint16(block),
    0x84,
    (start * 8) >>> 16,
    ...uint16((start * 8) % 65_536),
  )
}

/** @returns undefined when it is anything else than octets of a data block */
export function decodeRange(octets: Uint8Array): Range | undefined {
  if (octets.length < RANGE_LENGTH || octets[2] !== 0x10 || octets[3] !== 0x02 || octets[8] !== 0x84) return undefined
  const bits = octets[9]! * 65_536 + uint16At(octets, 10)
  return { length: uint16At(octets, 4), block: uint16At(octets, 6), start: bits / 8 }
}

/** Each range has a return code of its own, in answers to read and to write. */
export const RETURN_CODES: Readonly<Record<number, string>> = {
  1: 'hardware fault',
  3: 'access is not allowed',
  5: 'the address is outside the block',
  6: 'this data type is not supported',
  7: 'the data does not fit its type',
  10: 'there is no such block',
}

/** The controller said no, or did not speak S7. */
export class S7Error extends Error {
  override readonly name = 'S7Error'
}

export function uint16(value: number): [number, number] {
  return [(value >>> 8) & 0xff, value & 0xff]
}

export function uint16At(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}
