import type { Spdu } from './codec.js'
import type { SessionMachine } from './machine.js'
import { isSegmentable, Reassembly } from './segments.js'
import { namedTokens } from './tokens.js'
import { Enclosure } from './values.js'

/** A rule beyond the encoding that an SPDU breaks. */
export interface Fault {
  readonly code: string
  readonly text: string
  /** We could not, rather than the peer should not: X.225, 8.3.9.3. */
  readonly restriction: boolean
}

const wholeItem = Enclosure.beginning | Enclosure.end

/**
 * What an SPDU amounts to: itself, the last of its segments put together, undefined while more must come, or a fault. The state
 * tables do not show segments: an event happens once, with the last of them (X.225, A.4.2.3).
 */
export function wholeOf(s: SessionMachine, spdu: Spdu): Spdu | Fault | undefined {
  if (spdu.type === 'AB' && s.assembly !== undefined && s.assembly.type !== 'AB') s.assembly = undefined // 7.11.3, 7.37.3
  if (s.assembly !== undefined) return nextOf(s, s.assembly, spdu)
  if (spdu.type === 'DT' || spdu.type === 'TD') return dataOf(s, spdu)
  if (!isSegmentable(spdu)) return spdu
  if ((spdu.type === 'GT' || spdu.type === 'PT') && namedTokens(spdu.tokenItem ?? 0) === 0) {
    return { code: 'SESSION_TOKENS', text: `${spdu.type}: expected at least one token, found none`, restriction: false }
  }
  const { enclosureItem } = spdu
  if (enclosureItem === undefined) return sizeFault(s, spdu) ?? spdu
  // Whatever its user data was: the peer has refused or aborted.
  if (s.version === 1) return spdu.type === 'AB' || spdu.type === 'RF' ? spdu : segment(`${spdu.type}: version 1 has no segments`)
  if ((enclosureItem & wholeItem) === Enclosure.beginning) return begin(s, spdu)
  return segment(`${spdu.type}: expected its first segment, found enclosure item ${enclosureItem}`)
}

/** X.225, 6.3.5 a): in DT and TD the item is always there where a maximum TSDU size is selected, and never where none is. */
function dataOf(s: SessionMachine, spdu: Extract<Spdu, { type: 'DT' | 'TD' }>): Spdu | Fault | undefined {
  const { enclosureItem, userInformation } = spdu
  const { tolerate } = s.ours
  if (enclosureItem === undefined) {
    if (s.segmentsIn && !tolerate.unenclosedData)
      return segment(`${spdu.type}: expected an enclosure item, for a maximum TSDU size is selected`)
  } else if ((enclosureItem & wholeItem) === wholeItem) {
    if (!s.segmentsIn && !tolerate.enclosedWholeData) return segment(notSelected(spdu))
  } else {
    if (!s.segmentsIn) return segment(notSelected(spdu))
    if (enclosureItem & Enclosure.beginning) return begin(s, spdu)
    return segment(`${spdu.type}: expected the first segment of an SSDU, found enclosure item ${enclosureItem}`)
  }
  if (userInformation.length > 0 || tolerate.emptyData) return spdu
  return { code: 'SESSION_USER_DATA', text: `${spdu.type}: expected user information, found none`, restriction: false }
}

function begin(s: SessionMachine, spdu: Spdu): Fault | undefined {
  // What is no event now is none when it is whole.
  if (!s.allows(spdu)) return { code: 'SESSION_UNEXPECTED', text: `${spdu.type} is not allowed in state ${s.state}`, restriction: false }
  s.assembly = new Reassembly(spdu)
  return tooMuch(s, s.assembly)
}

function nextOf(s: SessionMachine, assembly: Reassembly, spdu: Spdu): Spdu | Fault | undefined {
  const enclosureItem = 'enclosureItem' in spdu ? spdu.enclosureItem : undefined
  if (spdu.type !== assembly.type || enclosureItem === undefined || enclosureItem & Enclosure.beginning) {
    const found = spdu.type === assembly.type ? 'another' : spdu.type
    return segment(`expected the next segment of ${assembly.type}, found ${found}`)
  }
  assembly.add(spdu)
  const fault = tooMuch(s, assembly)
  if (fault) return fault
  if ((enclosureItem & Enclosure.end) === 0) return undefined
  s.assembly = undefined
  return assembly.whole()
}

function tooMuch(s: SessionMachine, { type, size }: Reassembly): Fault | undefined {
  return oversize(type, size, type === 'DT' || type === 'TD' ? s.ours.maxSsduSize : s.ours.maxUserData)
}

function sizeFault(s: SessionMachine, spdu: Spdu): Fault | undefined {
  // An abort or a refusal is one, however much it says.
  if (spdu.type === 'AB' || spdu.type === 'RF') return undefined
  return oversize(spdu.type, 'userData' in spdu ? (spdu.userData?.length ?? 0) : 0, s.ours.maxUserData)
}

/** X.225, A.4.3.1.2. */
export function oversize(type: string, size: number, limit: number): Fault | undefined {
  if (size <= limit) return undefined
  const text = `${type}: expected at most ${limit} octets of user data, found ${size}`
  return { code: 'SESSION_USER_DATA_SIZE', text, restriction: true }
}

function notSelected({ type }: Spdu): string {
  return `${type}: an enclosure item came, yet no maximum TSDU size is selected`
}

function segment(text: string): Fault {
  return { code: 'SESSION_SEGMENT', text, restriction: false }
}
