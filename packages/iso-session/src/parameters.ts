import { DecodeError, EncodeError, hex, type Sdu } from '@x/core'
import { nameOf, namesOf } from './values.js'

/** One parameter of an SPDU: its PI or PGI code, and the coding of its value. X.225, 8.2.2 and 8.3. */
export interface Parameter<V> {
  readonly code: number
  /** Shall be there, X.225, 8.2.6. Optional in the type where the standard or a tolerance has an answer to its absence. */
  readonly mandatory: boolean
  /** A PGI that holds PIs: what is in it. */
  readonly members?: ParameterTable
  /** @param value at least one octet; what is returned may be a view of it. @param at its offset, for errors. @throws DecodeError */
  readonly decode: (value: Uint8Array, path: string, at: number) => V
  /** Prepends the value without code and length. @throws EncodeError */
  readonly encode: (value: V, sdu: Sdu, path: string) => void
  /** The value for people. */
  readonly show: (value: V) => string
}

/** The parameters of one nesting level by the names of their members, in the order of the wire. */
// biome-ignore lint/suspicious/noExplicitAny: each entry has its own type; `Parameters` ties it to the declared member
export type ParameterTable = Readonly<Record<string, Parameter<any>>>

/** The table that a declared type asks for: every member, with its type; mandatory at least where the type demands it. */
export type Parameters<T> = {
  readonly [K in keyof T]-?: Parameter<NonNullable<T[K]>> & (undefined extends T[K] ? unknown : { readonly mandatory: true })
}

/** X.225, 8.2.6: marks a parameter that shall be there with at least one octet of value. */
export function mandatory<V>(parameter: Parameter<V>): Parameter<V> & { readonly mandatory: true } {
  return { ...parameter, mandatory: true }
}

/** Octets of the user, such as a selector or a reference. @param max longest value in octets */
export function octets(code: number, max: number): Parameter<Uint8Array> {
  return {
    code,
    mandatory: false,
    decode: (value, path, at) => {
      if (value.length > max) throw lengthError(path, `at most ${max}`, value, at)
      return value
    },
    encode: (value, sdu, path) => {
      if (value.length > max) throw tooLong(path, max, value.length)
      sdu.prepend(value)
    },
    show: value => hex(value),
  }
}

/** SS-user data. What a receiver takes is its own affair (X.225, A.4.3.1.2), so only what is sent has a limit here. */
export function userData(code: number, max = 65_535): Parameter<Uint8Array> {
  return { ...octets(code, max), decode: value => value, show: value => count(value.length) }
}

/** One octet. */
export function octet(code: number, show: (value: number) => string = String): Parameter<number> {
  return {
    code,
    mandatory: false,
    decode: (value, path, at) => exactly(1, value, path, at)[0]!,
    encode: (value, sdu, path) => sdu.prependOctet(inRange(value, 0xff, path)),
    show,
  }
}

/** One octet of bits. Reserved bits are sent as given and ignored by the machine. */
export function flags(code: number, names: Readonly<Record<string, number>>): Parameter<number> {
  return octet(code, value => namesOf(value, names).join(', ') || 'none')
}

/** Two octets of bits. */
export function flags16(code: number, names: Readonly<Record<string, number>>): Parameter<number> {
  return {
    code,
    mandatory: false,
    decode: (value, path, at) => uint16(exactly(2, value, path, at), 0),
    encode: (value, sdu, path) => sdu.prependUint16(inRange(value, 0xffff, path)),
    show: value => namesOf(value, names).join(', ') || 'none',
  }
}

/** TSDU maximum sizes in octets, each direction on its own; 0: no limit that way. X.225, 8.3.1.8. */
export interface TsduMaximumSize {
  readonly fromInitiator: number
  readonly fromResponder: number
}

export function sizes(code: number): Parameter<TsduMaximumSize> {
  return {
    code,
    mandatory: false,
    decode: (value, path, at) => ({ fromInitiator: uint16(exactly(4, value, path, at), 0), fromResponder: uint16(value, 2) }),
    encode: (value, sdu, path) => {
      sdu.prependUint16(inRange(value.fromResponder, 0xffff, `${path}.fromResponder`))
      sdu.prependUint16(inRange(value.fromInitiator, 0xffff, `${path}.fromInitiator`))
    },
    show: value => `${value.fromInitiator} from the initiator, ${value.fromResponder} from the responder`,
  }
}

/** A serial number: one octet 30 to 39 per decimal digit, up to six. X.225, 8.3.1.10. */
export function digits(code: number): Parameter<number> {
  return {
    code,
    mandatory: false,
    decode: (value, path, at) => {
      if (value.length > 6) throw lengthError(path, 'at most 6', value, at)
      let number = 0
      for (let i = 0; i < value.length; i++) {
        const digit = value[i]! - 0x30
        if (digit < 0 || digit > 9) {
          const text = `${path}: expected a digit 30 to 39 at octet ${at + i}, found ${hex(value.subarray(i, i + 1))}`
          throw new DecodeError('session', 'SESSION_PARAMETER_VALUE', text, { offset: at + i, path, clause: 'X.225, 8.3.1.10' })
        }
        number = number * 10 + digit
      }
      return number
    },
    encode: (value, sdu, path) => {
      let rest = inRange(value, 999_999, path)
      do {
        sdu.prependOctet(0x30 + (rest % 10))
        rest = Math.floor(rest / 10)
      } while (rest > 0)
    },
    show: String,
  }
}

/** PI 50: a code, and data of the user behind it. X.225, 8.3.5.10: there only after code 2. */
export interface Reason {
  readonly code: number
  /** Absent when nothing follows the code. */
  readonly userData?: Uint8Array
}

export function reason(code: number, names: Readonly<Record<string, number>>): Parameter<Reason> {
  return {
    code,
    mandatory: false,
    decode: value => (value.length > 1 ? { code: value[0]!, userData: value.subarray(1) } : { code: value[0]! }),
    encode: (value, sdu, path) => {
      if (value.userData) sdu.prepend(value.userData)
      sdu.prependOctet(inRange(value.code, 0xff, `${path}.code`))
    },
    show: value => `${nameOf(value.code, names)}${value.userData ? `, ${count(value.userData.length)} of user data` : ''}`,
  }
}

/** A PGI that holds PIs. X.225, 8.2.2. Its members are read and written by `spdu.ts`, which knows the rules of the nesting. */
export function group<T>(code: number, members: Parameters<T>): Parameter<T> & { readonly members: ParameterTable } {
  const unused = () => {
    throw new EncodeError('session', 'SESSION_GROUP', `PGI ${code} holds parameters, not a value`)
  }
  return { code, mandatory: false, members: members as ParameterTable, decode: unused, encode: unused, show: () => '' }
}

/** One SPDU header, PGI unit or PI unit where it lies. X.225, 8.2. */
export interface Unit {
  /** SI, PGI or PI. */
  readonly code: number
  /** Offset of the code. */
  readonly at: number
  /** First octet of what LI counts. */
  readonly from: number
  /** First octet behind what LI counts; never above the end of what holds the unit. */
  readonly to: number
  /** LI has three octets. */
  readonly long: boolean
  /** Why the unit is broken. */
  readonly problem?: { readonly code: 'SESSION_TRUNCATED' | 'SESSION_LENGTH'; readonly text: string; readonly offset: number }
}

/** Reads a code and its LI at `at`, in front of `end`. Never throws: a broken unit says so and ends at `end`. X.225, 8.2.5. */
export function unitAt(octets: Uint8Array, at: number, end: number): Unit {
  const code = octets[at] ?? 0
  const short = octets[at + 1]
  const long = short === 0xff && at + 1 < end
  const from = at + (long ? 4 : 2)
  if (from > end) {
    const text = `expected a code and a length of ${long ? 3 : 1} octet${long ? 's' : ''} at octet ${at}, found ${count(end - at)}`
    return { code, at, from: end, to: end, long, problem: { code: 'SESSION_TRUNCATED', text, offset: at } }
  }
  const length = long ? uint16(octets, at + 2) : short!
  if (from + length > end) {
    const text = `expected a length of at most ${end - from}, found ${length} at octet ${at + 1}`
    return { code, at, from, to: end, long, problem: { code: 'SESSION_LENGTH', text, offset: at + 1 } }
  }
  return { code, at, from, to: from + length, long }
}

/** Prepends a code and the LI of the `length` octets behind it, in the short form up to 254 as X.225, 8.2.5 demands. @throws EncodeError `SESSION_LENGTH` */
export function prependUnit(sdu: Sdu, code: number, length: number, path: string): void {
  if (length > 0xffff)
    throw new EncodeError('session', 'SESSION_LENGTH', `${path}: expected at most 65535 octets, found ${length}`, { path })
  if (length < 0xff) sdu.prependOctet(length)
  else {
    sdu.prependUint16(length)
    sdu.prependOctet(0xff)
  }
  sdu.prependOctet(code)
}

function count(octets: number): string {
  return `${octets} octet${octets === 1 ? '' : 's'}`
}

function uint16(octets: Uint8Array, at: number): number {
  return (octets[at]! << 8) | octets[at + 1]!
}

function exactly(size: number, value: Uint8Array, path: string, at: number): Uint8Array {
  if (value.length !== size) throw lengthError(path, String(size), value, at)
  return value
}

function lengthError(path: string, expected: string, value: Uint8Array, at: number): DecodeError {
  const text = `${path}: expected ${expected} octet${expected === '1' ? '' : 's'} at octet ${at}, found ${value.length}`
  return new DecodeError('session', 'SESSION_PARAMETER_LENGTH', text, { offset: at, path, clause: 'X.225, 8.3' })
}

function tooLong(path: string, max: number, found: number): EncodeError {
  return new EncodeError('session', 'SESSION_PARAMETER_LENGTH', `${path}: expected at most ${max} octets, found ${found}`, { path })
}

function inRange(value: number, max: number, path: string): number {
  if (Number.isInteger(value) && value >= 0 && value <= max) return value
  throw new EncodeError('session', 'SESSION_PARAMETER_VALUE', `${path}: expected an integer from 0 to ${max}, found ${value}`, { path })
}
