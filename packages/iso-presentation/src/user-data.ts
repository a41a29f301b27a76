import { ANY, decode, encode } from '@x/ber'
import { DecodeError, EncodeError, type Sdu } from '@x/core'
import { type PdvList, UserData } from './asn1.js'
import { DEFAULT_CONTEXT, type DefinedContextSet, GREATEST_IDENTIFIER } from './contexts.js'
import { invalid, unrecognized } from './faults.js'
import type { PresentationDataValues } from './service.js'

/** `full`: PDV-lists under `61`. `simple`: the bare encodings, which only one context can use. X.226, 8.4. */
export type UserDataForm = 'simple' | 'full'

/** X.226, 8.4.1 and 8.4.2, everywhere but in a CP: full as soon as more than one context is defined, or one and more may be
 *  added; the default context is always simple. */
export function formOf(set: { readonly size: number }, contextManagement = false): UserDataForm {
  return set.size > (contextManagement ? 0 : 1) ? 'full' : 'simple'
}

/**
 * Full encoding of one value, for P-DATA: puts `61 L 30 L 02 01 context A0 L` in front of what the Sdu holds.
 *
 * @param presentationContextIdentifier 1 to 2³¹ − 1, not checked again
 */
export function prependSingleValue(sdu: Sdu, presentationContextIdentifier: number): void {
  sdu.reserve(40)
  prependLength(sdu, sdu.length)
  sdu.buffer[--sdu.start] = 0xa0
  const end = sdu.start
  let rest = presentationContextIdentifier
  for (; rest > 0x7f; rest = Math.floor(rest / 256)) sdu.buffer[--sdu.start] = rest & 0xff
  if (rest > 0 || sdu.start === end) sdu.buffer[--sdu.start] = rest
  else if (sdu.buffer[sdu.start]! > 0x7f) sdu.buffer[--sdu.start] = 0
  const size = end - sdu.start
  sdu.buffer[--sdu.start] = size
  sdu.buffer[--sdu.start] = 0x02
  prependLength(sdu, sdu.length)
  sdu.buffer[--sdu.start] = 0x30
  prependLength(sdu, sdu.length)
  sdu.buffer[--sdu.start] = 0x61
}

function prependLength(sdu: Sdu, length: number): void {
  if (length < 0x80) {
    sdu.buffer[--sdu.start] = length
    return
  }
  const end = sdu.start
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) sdu.buffer[--sdu.start] = rest & 0xff
  const size = end - sdu.start
  sdu.buffer[--sdu.start] = 0x80 | size
}

/** The SS-user data of a TD, a P-RELEASE and the like: nothing but user data. X.226, 8.4.1.4 c and 8.4.2.
 *  @returns empty when there are no values. @throws EncodeError PRESENTATION_USER_DATA */
export function encodeUserData(values: readonly PresentationDataValues[] | undefined, form: UserDataForm): Uint8Array {
  const userData = toUserData(values, form)
  if (userData === undefined) return new Uint8Array(0)
  return userData.type === 'simplyEncodedData' ? userData.value : encode(UserData, userData)
}

/** Values as the User-data of a PPDU. @throws EncodeError PRESENTATION_USER_DATA */
export function toUserData(values: readonly PresentationDataValues[] | undefined, form: UserDataForm): UserData | undefined {
  if (values === undefined || values.length === 0) return undefined
  for (const [i, value] of values.entries()) checkValues(value, form, `userData[${i}]`)
  if (form === 'full') return { type: 'fullyEncodedData', value: values.map(toPdvList) }
  return { type: 'simplyEncodedData', value: joined(values.map(({ octets }) => octets)) }
}

/** One after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function checkValues(values: PresentationDataValues, form: UserDataForm, path: string): void {
  const { presentationContextIdentifier: identifier, encoding = 'single-ASN1-type', octets, unusedBits = 0 } = values
  const fail = (what: string, cause?: unknown): never => {
    throw new EncodeError('presentation', 'PRESENTATION_USER_DATA', `user data: ${what}`, { path, cause })
  }
  if (!Number.isSafeInteger(identifier) || identifier < DEFAULT_CONTEXT || identifier > GREATEST_IDENTIFIER)
    fail(`expected a context identifier of 1 to ${GREATEST_IDENTIFIER}, or 0 for the default context, found ${identifier}`)
  if (form === 'full' && identifier === DEFAULT_CONTEXT)
    fail('expected a context that is defined, found 0, the default context, which serves where none is')
  if (octets.length === 0) fail('expected at least one octet of values, found none')
  const bits = encoding === 'arbitrary' ? 7 : 0
  if (!Number.isInteger(unusedBits) || unusedBits < 0 || unusedBits > bits)
    fail(`${encoding}: expected 0 to ${bits} unused bits, found ${unusedBits}`)
  if (encoding !== 'single-ASN1-type') return
  try {
    if (!isElement(octets, 0)) decode(ANY, octets, { layer: 'presentation' })
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    fail(`single-ASN1-type: expected one BER element, found something else (${error.message})`, error)
  }
}

function toPdvList(values: PresentationDataValues): PdvList {
  const { presentationContextIdentifier, transferSyntaxName, encoding = 'single-ASN1-type', octets, unusedBits = 0 } = values
  return {
    ...(transferSyntaxName !== undefined && { transferSyntaxName }),
    presentationContextIdentifier,
    presentationDataValues:
      encoding === 'arbitrary'
        ? { type: encoding, value: { octets, size: 8 * octets.length - unusedBits } }
        : { type: encoding, value: octets },
  }
}

/**
 * The values in the SS-user data of a TD, a P-RELEASE and the like, by the rules for this DCS. X.226, 8.4.
 *
 * @param form how they are encoded, see `formOf`. @param fullOfOne asked when a DCS of one member calls for simple encoding and the octets are full encoding of that member:
 * whether to read them so. @default no
 * @returns views; no values for no octets. A value that only the default context could explain has identifier 0
 * @throws DecodeError PRESENTATION_UNRECOGNIZED when it cannot be user data at all, PRESENTATION_USER_DATA or BER_…
 */
export function readUserData(
  octets: Uint8Array,
  set: DefinedContextSet,
  form: UserDataForm = formOf(set),
  fullOfOne?: () => boolean,
): readonly PresentationDataValues[] {
  if (octets.length === 0) return []
  if (form === 'full') return readFull(octets)
  if (fullOfOne && set.size === 1 && octets[0] === 0x61) {
    const values = fullOf(octets, set)
    if (values !== undefined && fullOfOne()) return values
  }
  return [{ presentationContextIdentifier: onlyMember(set), octets }]
}

/** Full encoding, if it is that and all of it is of contexts that are defined. */
function fullOf(octets: Uint8Array, set: DefinedContextSet): readonly PresentationDataValues[] | undefined {
  try {
    const values = readFull(octets)
    return values.every(value => set.has(value.presentationContextIdentifier)) ? values : undefined
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return undefined
  }
}

function onlyMember(set: DefinedContextSet): number {
  for (const identifier of set.keys()) return identifier
  return DEFAULT_CONTEXT
}

/**
 * Fully encoded data as it stands, without a DCS: for captures, and for the machine when the DCS calls for it. The usual
 * form, one BER value of one context, is found without decoding anything else.
 *
 * @returns views. @throws DecodeError PRESENTATION_UNRECOGNIZED, PRESENTATION_USER_DATA, BER_…
 */
export function readFull(octets: Uint8Array): readonly PresentationDataValues[] {
  const list = octets[0] === 0x61 ? contentsToEnd(octets, 1) : 0
  const item = list > 0 && octets[list] === 0x30 ? contentsToEnd(octets, list + 1) : 0
  if (item > 0 && octets[item] === 0x02 && octets[item + 1] === 1 && octets[item + 3] === 0xa0) {
    const identifier = octets[item + 2]!
    const value = contentsToEnd(octets, item + 4)
    if (identifier > 0 && identifier < 0x80 && value > 0 && isElement(octets, value))
      return [{ presentationContextIdentifier: identifier, octets: octets.subarray(value) }]
  }
  return readAnyFull(octets)
}

/** Where contents begin whose definite length, at `at`, says that they end where the octets end; else 0. */
function contentsToEnd(octets: Uint8Array, at: number): number {
  if (at >= octets.length) return 0
  let length = octets[at]!
  let start = at + 1
  if (length >= 0x80) {
    const size = length & 0x7f
    if (size === 0 || size > 4) return 0
    length = 0
    for (let i = 0; i < size; i++) length = length * 256 + (octets[start++] ?? 0)
  }
  return start + length === octets.length ? start : 0
}

/** Whether the octets from `at` on are one element of low tag number and definite length. */
function isElement(octets: Uint8Array, at: number): boolean {
  return at < octets.length && octets[at] !== 0 && (octets[at]! & 0x1f) !== 0x1f && contentsToEnd(octets, at + 1) > 0
}

/** Several PDV-lists, other encodings than single-ASN1-type, transfer syntax names, indefinite and constructed forms. */
function readAnyFull(octets: Uint8Array): readonly PresentationDataValues[] {
  const first = octets[0]
  if (first !== 0x61 && first !== 0x40 && first !== 0x60)
    throw unrecognized(`fully encoded user data: expected octet 61, found ${first?.toString(16).padStart(2, '0') ?? 'none'} at octet 0`)
  const userData = decode(UserData, octets, { layer: 'presentation' })
  if (userData.type === 'simplyEncodedData')
    throw invalid('PRESENTATION_USER_DATA', 'user data: expected full encoding, 61, found simple, 40, at octet 0', 'X.226, 8.4.2.2')
  return fromPdvLists(userData.value)
}

/**
 * The User-data of a PPDU as values.
 *
 * @param set the contexts it can be from: a simply encoded value is of the only one, or of the default context when there
 * is none; with several it is given identifier 0, which then is not of the set
 * @throws DecodeError PRESENTATION_USER_DATA
 */
export function fromUserData(userData: UserData | undefined, set: ReadonlyMap<number, unknown>): readonly PresentationDataValues[] {
  if (userData === undefined) return []
  if (userData.type === 'fullyEncodedData') return fromPdvLists(userData.value)
  let identifier = DEFAULT_CONTEXT
  if (set.size === 1) for (const only of set.keys()) identifier = only
  if (userData.value.length === 0) throw empty('simply encoded data')
  return [{ presentationContextIdentifier: identifier, octets: userData.value }]
}

const NONE: ReadonlyMap<number, unknown> = new Map()

/**
 * The User-data inside a PPDU, by the rules for the contexts that it can be from.
 *
 * @param fullOfOne asked when full encoding comes of the one context that calls for simple encoding: whether to read it
 * @throws DecodeError PRESENTATION_USER_DATA
 */
export function nestedValues(
  userData: UserData | undefined,
  set: ReadonlyMap<number, unknown>,
  form: UserDataForm,
  fullOfOne: () => boolean,
): readonly PresentationDataValues[] {
  if (form === 'full') return fromUserData(userData, NONE)
  if (userData?.type === 'fullyEncodedData' && set.size === 1 && !fullOfOne())
    throw invalid('PRESENTATION_USER_DATA', 'user data: expected simple encoding, 40, for one context, found full, 61', 'X.226, 8.4.1.3')
  return fromUserData(userData, set)
}

function fromPdvLists(lists: readonly PdvList[]): readonly PresentationDataValues[] {
  if (lists.length === 0) throw empty('fully encoded data')
  return lists.map(({ transferSyntaxName, presentationContextIdentifier, presentationDataValues: { type, value } }, i) => {
    const octets = type === 'arbitrary' ? value.octets : value
    if (octets.length === 0) throw empty(`PDV-list ${i + 1}, of context ${presentationContextIdentifier}, ${type}`)
    const unusedBits = type === 'arbitrary' ? 8 * octets.length - value.size : 0
    return {
      presentationContextIdentifier,
      ...(transferSyntaxName !== undefined && { transferSyntaxName }),
      ...(type !== 'single-ASN1-type' && { encoding: type }),
      octets,
      ...(unusedBits > 0 && { unusedBits }),
    }
  })
}

function empty(what: string): DecodeError {
  return invalid('PRESENTATION_USER_DATA', `${what}: expected at least one value, found none`, 'X.226, 8.2')
}

/**
 * The one BER value that user data should be: what most protocols put into a P-DATA.
 *
 * @param presentationContextIdentifier the context it must be of. @default any
 * @throws DecodeError PRESENTATION_USER_DATA when there is none, more than one, one in another encoding or of another context
 */
export function singleValue(values: readonly PresentationDataValues[], presentationContextIdentifier?: number): Uint8Array {
  const [value] = values
  if (value === undefined || values.length > 1)
    throw invalid('PRESENTATION_USER_DATA', `user data: expected one value, found ${values.length}`)
  const { presentationContextIdentifier: identifier, encoding = 'single-ASN1-type', octets } = value
  if (presentationContextIdentifier !== undefined && identifier !== presentationContextIdentifier)
    throw invalid(
      'PRESENTATION_USER_DATA',
      `user data: expected a value of context ${presentationContextIdentifier}, found one of ${identifier}`,
    )
  if (encoding !== 'single-ASN1-type') throw invalid('PRESENTATION_USER_DATA', `user data: expected single-ASN1-type, found ${encoding}`)
  return octets
}

/** Whether each value is of a context of the set, and of the transfer syntax agreed for it when it names one; of the default
 *  context where that is in use, when the set is empty. X.226, 6.1. True when there are no values. */
export function areOf(
  values: readonly PresentationDataValues[] | undefined,
  set: { readonly size: number; get(identifier: number): unknown },
  defaultContext = set.size === 0,
): boolean {
  if (values === undefined) return true
  for (let i = 0; i < values.length; i++) {
    const { presentationContextIdentifier: identifier, transferSyntaxName: name } = values[i]!
    if (defaultContext && identifier === DEFAULT_CONTEXT) continue
    const context = set.get(identifier) as { readonly transferSyntaxName?: string } | undefined
    if (context === undefined) return false
    if (name !== undefined && context.transferSyntaxName !== undefined && name !== context.transferSyntaxName) return false
  }
  return true
}
