/** Bits and codes of single parameters, under the names of the standard. A value on the wire stays a number; these name it. */

/** PI 20, session user requirements: the functional units. X.225, 8.3.1.16. */
export const FunctionalUnit = {
  halfDuplex: 0x0001,
  duplex: 0x0002,
  expeditedData: 0x0004,
  minorSynchronize: 0x0008,
  majorSynchronize: 0x0010,
  resynchronize: 0x0020,
  activityManagement: 0x0040,
  negotiatedRelease: 0x0080,
  capabilityData: 0x0100,
  exceptions: 0x0200,
  typedData: 0x0400,
  symmetricSynchronize: 0x0800,
  dataSeparation: 0x1000,
} as const

/** X.225, 8.3.1.16: what an absent PI 20 means. The trap: half-duplex, not duplex. */
export const absentRequirements = 0x0349

/** PI 22, version number; several bits may be set. Absent: version 1 alone. X.225, 8.3.1.9. */
export const Version = { version1: 0x01, version2: 0x02 } as const

/** PI 19, protocol options: what the sender can receive. X.225, 8.3.1.7. */
export const ProtocolOption = { extendedConcatenation: 0x01 } as const

/**
 * PI 17, transport disconnect. In RF and FN only bit 1 counts and its absence means released. X.225, 8.3.5.6, 8.3.6.3, 8.3.9.3.
 * `userAbort` alone tells an S-U-ABORT from an S-P-ABORT; peers set other reasons beside it.
 */
export const TransportDisconnect = {
  released: 0x01,
  userAbort: 0x02,
  protocolError: 0x04,
  noReason: 0x08,
  implementationRestriction: 0x10,
} as const

/** PI 16, token item. X.225, 8.3.4.16, 8.3.16.3. */
export const Token = { data: 0x01, synchronizeMinor: 0x04, majorActivity: 0x10, release: 0x40 } as const

/** PI 25, enclosure item: which part of a segmented SSDU this is. X.225, 8.3.4.18, 8.3.11.3. */
export const Enclosure = { beginning: 0x01, end: 0x02 } as const

/** PI 60, data overflow. X.225, 8.3.1.19. */
export const DataOverflow = { moreThan10240: 0x01 } as const

/** PI 24, prepare type. X.225, 8.3.26. */
export const PrepareType = { majorSyncAck: 1, resynchronize: 2, resynchronizeAck: 3, abort: 4 } as const

/** PI 50 of RF, first octet: why a session is refused. 0 to 2 come from the called SS-user, the others from its SPM. X.225, 8.3.5.10. */
export const RefuseReason = {
  notSpecified: 0,
  userCongestion: 1,
  userData: 2,
  selectorUnknown: 129,
  userNotAttached: 130,
  spmCongestion: 131,
  versionNotSupported: 132,
  spmNotSpecified: 133,
  implementationRestriction: 134,
} as const
/** A reason that the SPM itself gives. */
export type ProviderRefuseReason = 129 | 130 | 131 | 132 | 133 | 134

/** PI 50 of ED. X.225, 8.3.28.4. */
export const ExceptionReason = {
  notSpecified: 0,
  temporarilyUnable: 1,
  userSequenceError: 3,
  localUserError: 5,
  unrecoverableProceduralError: 6,
  demandDataToken: 128,
} as const

/** PI 26, token setting: where each token starts. X.225, 8.3.1.11. */
export interface TokenSetting {
  readonly release: TokenPlace
  readonly majorActivity: TokenPlace
  readonly synchronizeMinor: TokenPlace
  readonly data: TokenPlace
}
export type TokenPlace = (typeof places)[number]
const places = ['initiator', 'responder', "called user's choice", 'reserved'] as const

/** Takes the octet of PI 26 apart: two bits a token, release in the high ones. */
export function tokenSettingOf(octet: number): TokenSetting {
  const place = (shift: number): TokenPlace => places[(octet >> shift) & 3]!
  return { release: place(6), majorActivity: place(4), synchronizeMinor: place(2), data: place(0) }
}

/** The octet of PI 26; a token left out starts at the initiator. */
export function tokenSettingOctet(setting: Partial<TokenSetting>): number {
  const bits = (place: TokenPlace = 'initiator') => places.indexOf(place)
  return (bits(setting.release) << 6) | (bits(setting.majorActivity) << 4) | (bits(setting.synchronizeMinor) << 2) | bits(setting.data)
}

/** The names of the bits that are set, in the order of the table; bits without a name as one hexadecimal number. */
export function namesOf(bits: number, table: Readonly<Record<string, number>>): string[] {
  const names: string[] = []
  let rest = bits
  for (const [name, bit] of Object.entries(table)) {
    if ((bits & bit) === 0) continue
    names.push(name)
    rest &= ~bit
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`)
  return names
}

/** The name of a code, or the number itself when it has none. */
export function nameOf(code: number, table: Readonly<Record<string, number>>): string {
  for (const [name, value] of Object.entries(table)) if (value === code) return name
  return String(code)
}
