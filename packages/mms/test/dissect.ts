import { type Apdu, decodeApdu, encodeApdu } from '@x/acse'
import { decode, encode } from '@x/ber'
import { DecodeError, Sdu } from '@x/core'
import { decodeMmsPdu, encodeMmsPdu, type MmsPdu } from '../src/asn1/pdu.js'
import {
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
  decodeTpdu,
  decodeTpkt,
  decodeTsdu,
  encodeTpdu,
  encodeTpkt,
  encodeTsdu,
  type Spdu,
  type Tpdu,
  UserData,
} from './layers.js'

export type LayerName = 'tpkt' | 'cotp' | 'session' | 'presentation' | 'acse' | 'mms'

/** One PDU of one layer: as it came, and as our encoder writes what our decoder read. */
export interface Layered {
  readonly layer: LayerName
  /** Its name: `DT`, `CN`, `CPA`, `AARQ`, `confirmedRequestPDU` … */
  readonly name: string
  readonly octets: Uint8Array
  /** What it means. */
  readonly value: unknown
  readonly again: Uint8Array
}

export type Ppdu =
  | { readonly type: 'CP'; readonly value: CPType }
  | { readonly type: 'CPA'; readonly value: CPAType }
  | { readonly type: 'CPR'; readonly value: CPRType }
  | { readonly type: 'ARU'; readonly value: ARUType }
  | { readonly type: 'ARP'; readonly value: ARPType }
  | { readonly type: 'TD'; readonly value: UserData }

/** One TPDU other than DT, or the DTs of one TSDU, with everything inside. */
export interface Unit {
  /** Of all its TPKTs, as they came. */
  readonly octets: Uint8Array
  readonly tpdus: readonly Tpdu[]
  /** Every PDU of every layer, from the outside in. */
  readonly layers: readonly Layered[]
  /** The SPDU that counts: the second one when GT or PT stand in front. */
  readonly spdu?: Spdu
  readonly ppdu?: Ppdu
  readonly apdu?: Apdu
  readonly mms?: MmsPdu
  readonly mmsOctets?: Uint8Array
  /** Where decoding stopped; what is above is absent. */
  readonly error?: DecodeError
}

/** What follows the last whole TPKT: nothing, or octets that are none. */
export interface Dissected {
  readonly units: readonly Unit[]
  readonly rest: Uint8Array
  /** Why the rest is no TPKT; absent when there is none, or too little of it. */
  readonly error?: DecodeError
}

/** Takes the octets of one direction of a connection apart, layer by layer, without a state: each unit by itself. */
export function dissect(octets: Uint8Array): Dissected {
  const units: Unit[] = []
  let at = 0
  let tpdus: Tpdu[] = []
  let layers: Layered[] = []
  let from = 0
  while (octets.length - at >= 4) {
    const end = at + ((octets[at + 2]! << 8) | octets[at + 3]!)
    if (end > octets.length && octets[at] === 3) break
    const unit = () => ({ octets: octets.subarray(from, at), tpdus, layers })
    try {
      const packet = octets.subarray(at, Math.max(end, at + 4))
      const tpkt = decodeTpkt(packet)
      layers.push({ layer: 'tpkt', name: 'TPKT', octets: packet, value: tpkt, again: encodeTpkt(tpkt) })
    } catch (error) {
      return { units, rest: octets.subarray(at), error: asDecodeError(error) }
    }
    const tpduOctets = octets.subarray(at + 4, end)
    at = end
    try {
      const tpdu = decodeTpdu(tpduOctets)
      layers.push({ layer: 'cotp', name: tpdu.type, octets: tpduOctets, value: tpdu, again: encodeTpdu(tpdu) })
      tpdus.push(tpdu)
      if (tpdu.type === 'DT' && !tpdu.endOfTsdu) continue
      if (tpdu.type === 'DT') units.push({ ...unit(), ...inside(joined(tpdus), layers) })
      else units.push(unit())
    } catch (error) {
      units.push({ ...unit(), error: asDecodeError(error) })
    }
    from = at
    tpdus = []
    layers = []
  }
  return { units, rest: octets.subarray(from) }
}

type Inside = Omit<Unit, 'octets' | 'tpdus' | 'layers'>
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What a TSDU holds. Decoding stops at the first layer that cannot be read. */
function inside(tsdu: Uint8Array, layers: Layered[]): Inside {
  const found: Mutable<Inside> = {}
  try {
    const spdus = decodeTsdu(tsdu)
    const spdu = spdus.at(-1)!
    found.spdu = spdu
    layers.push({ layer: 'session', name: spdu.type, octets: tsdu, value: spdus, again: encodeTsdu(spdus).octets() })
    const carried = carriedBy(spdu)
    if (carried === undefined || carried.octets.length === 0) return found
    const ppdu = readPpdu(carried.kind, carried.octets)
    found.ppdu = ppdu
    layers.push({ layer: 'presentation', name: ppdu.type, octets: carried.octets, value: ppdu.value, again: writePpdu(ppdu) })
    for (const octets of valuesOf(ppdu)) readValue(octets, found, layers)
  } catch (error) {
    found.error = asDecodeError(error)
  }
  return found
}

/** The APDU or MMS PDU of one presentation data value. An APDU may carry an MMS PDU. */
function readValue(octets: Uint8Array, found: Mutable<Inside>, layers: Layered[]): void {
  if ((octets[0]! & 0xc0) === 0x40) {
    const apdu = decodeApdu(octets)
    found.apdu = apdu
    layers.push({ layer: 'acse', name: apdu.type, octets, value: apdu.value, again: encodeApdu(apdu) })
    for (const { octets: carried } of apdu.value.userInformation ?? []) readMms(carried, found, layers)
  } else readMms(octets, found, layers)
}

function readMms(octets: Uint8Array, found: Mutable<Inside>, layers: Layered[]): void {
  const pdu = decodeMmsPdu(octets)
  found.mms = pdu
  found.mmsOctets = octets
  layers.push({ layer: 'mms', name: pdu.type, octets, value: pdu.value, again: mmsOctets(pdu) })
}

export function mmsOctets(pdu: MmsPdu): Uint8Array {
  const sdu = new Sdu()
  encodeMmsPdu(pdu, sdu)
  return sdu.octets()
}

/** The SS-user data of an SPDU, and which PPDU it must be. */
function carriedBy(spdu: Spdu): { readonly kind: 'CP' | 'CPA' | 'CPR' | 'abort' | 'TD'; readonly octets: Uint8Array } | undefined {
  switch (spdu.type) {
    case 'CN':
      return { kind: 'CP', octets: spdu.userData ?? spdu.extendedUserData ?? NOTHING }
    case 'AC':
      return { kind: 'CPA', octets: spdu.userData ?? NOTHING }
    case 'RF':
      return { kind: 'CPR', octets: spdu.reasonCode?.userData ?? NOTHING }
    case 'AB':
      return { kind: 'abort', octets: spdu.userData ?? NOTHING }
    case 'FN':
    case 'DN':
    case 'NF':
      return { kind: 'TD', octets: spdu.userData ?? NOTHING }
    case 'DT':
      return { kind: 'TD', octets: spdu.userInformation ?? NOTHING }
    default:
      return undefined
  }
}
const NOTHING = new Uint8Array()
const presentation = { layer: 'presentation' } as const

function readPpdu(kind: 'CP' | 'CPA' | 'CPR' | 'abort' | 'TD', octets: Uint8Array): Ppdu {
  switch (kind) {
    case 'CP':
      return { type: kind, value: decode(CP, octets, presentation) }
    case 'CPA':
      return { type: kind, value: decode(CPA, octets, presentation) }
    case 'CPR':
      return { type: kind, value: decode(CPR, octets, presentation) }
    case 'TD':
      return { type: kind, value: decode(UserData, octets, presentation) }
    case 'abort':
      return octets[0] === 0xa0
        ? { type: 'ARU', value: decode(ARU, octets, presentation) }
        : { type: 'ARP', value: decode(ARP, octets, presentation) }
  }
}

function writePpdu(ppdu: Ppdu): Uint8Array {
  switch (ppdu.type) {
    case 'CP':
      return encode(CP, ppdu.value)
    case 'CPA':
      return encode(CPA, ppdu.value)
    case 'CPR':
      return encode(CPR, ppdu.value)
    case 'ARU':
      return encode(ARU, ppdu.value)
    case 'ARP':
      return encode(ARP, ppdu.value)
    case 'TD':
      return encode(UserData, ppdu.value)
  }
}

/** The BER values of a PPDU, whatever their contexts. */
function valuesOf(ppdu: Ppdu): readonly Uint8Array[] {
  const data =
    ppdu.type === 'TD'
      ? ppdu.value
      : ppdu.type === 'CP' || ppdu.type === 'CPA'
        ? ppdu.value.normalModeParameters?.userData
        : ppdu.type === 'ARP'
          ? undefined
          : ppdu.value.userData
  if (data === undefined) return []
  if (data.type === 'simplyEncodedData') return [data.value]
  return data.value.map(({ presentationDataValues: { type, value } }) => (type === 'arbitrary' ? value.octets : value))
}

/** The user data of the DTs of one TSDU. */
export function joined(tpdus: readonly Tpdu[]): Uint8Array {
  const parts = tpdus.map(tpdu => ('userData' in tpdu ? tpdu.userData! : NOTHING))
  if (parts.length === 1) return parts[0]!
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Anything but a DecodeError is a bug of ours and goes on. */
function asDecodeError(error: unknown): DecodeError {
  if (error instanceof DecodeError) return error
  throw error
}
