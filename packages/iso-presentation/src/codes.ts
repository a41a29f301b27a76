/** Provider-reason of a CPR. X.226, 6.2.4.9 and 8.2. The first two and the last are transient, the others permanent. */
export const ProviderReason = {
  reasonNotSpecified: 0,
  temporaryCongestion: 1,
  localLimitExceeded: 2,
  calledPresentationAddressUnknown: 3,
  protocolVersionNotSupported: 4,
  defaultContextNotSupported: 5,
  userDataNotReadable: 6,
  noPsapAvailable: 7,
} as const

/** Provider-reason of one context result. X.226, 6.2.3.5 and 8.2. */
export const ContextProviderReason = {
  reasonNotSpecified: 0,
  abstractSyntaxNotSupported: 1,
  proposedTransferSyntaxesNotSupported: 2,
  localLimitOnDcsExceeded: 3,
} as const

/** Abort-reason of an ARP. X.226, 6.4.3.1 and 8.2. Reasons 2 to 6 need an event-identifier. */
export const AbortReason = {
  reasonNotSpecified: 0,
  unrecognizedPpdu: 1,
  unexpectedPpdu: 2,
  unexpectedSessionServicePrimitive: 3,
  unrecognizedPpduParameter: 4,
  unexpectedPpduParameter: 5,
  invalidPpduParameterValue: 6,
} as const

/** Event-identifier of an ARP: the PPDU or the session primitive that was at fault. X.226, 8.2. */
export const EventIdentifier = {
  CP: 0,
  CPA: 1,
  CPR: 2,
  ARU: 3,
  ARP: 4,
  AC: 5,
  ACA: 6,
  TD: 7,
  TTD: 8,
  TE: 9,
  TC: 10,
  TCC: 11,
  RS: 12,
  RSA: 13,
  'S-RELEASE.indication': 14,
  'S-RELEASE.confirm': 15,
  'S-TOKEN-GIVE.indication': 16,
  'S-TOKEN-PLEASE.indication': 17,
  'S-CONTROL-GIVE.indication': 18,
  'S-SYNC-MINOR.indication': 19,
  'S-SYNC-MINOR.confirm': 20,
  'S-SYNC-MAJOR.indication': 21,
  'S-SYNC-MAJOR.confirm': 22,
  'S-P-EXCEPTION-REPORT.indication': 23,
  'S-U-EXCEPTION-REPORT.indication': 24,
  'S-ACTIVITY-START.indication': 25,
  'S-ACTIVITY-RESUME.indication': 26,
  'S-ACTIVITY-INTERRUPT.indication': 27,
  'S-ACTIVITY-INTERRUPT.confirm': 28,
  'S-ACTIVITY-DISCARD.indication': 29,
  'S-ACTIVITY-DISCARD.confirm': 30,
  'S-ACTIVITY-END.indication': 31,
  'S-ACTIVITY-END.confirm': 32,
} as const

/** Result of one proposed context, and of the default context. X.226, 8.2. */
export const ResultCode = { acceptance: 0, 'user-rejection': 1, 'provider-rejection': 2 } as const

/** Bits of `presentationRequirements`, the first bit of the BIT STRING being 1. X.226, 8.2. */
export const PresentationRequirement = { contextManagement: 1, restoration: 2 } as const

/** The number of a code decoded from octets: its name, or the number itself where X.226 has no name for it. */
export function numberOf<N extends string>(codes: Readonly<Record<N, number>>, code: N | number): number {
  return typeof code === 'number' ? code : codes[code]
}

/** The names of X.226, 8.2 by number, for people: `nameOf(AbortReason, 6)` is `invalid-ppdu-parameter-value`. */
export function nameOf(codes: Readonly<Record<string, number>>, value: number): string {
  for (const name in codes) if (codes[name] === value) return standardName(name)
  return `unknown (${value})`
}

/** `noPsapAvailable` → `no-psap-available`; PPDU and primitive names stay as they are. */
export function standardName(name: string): string {
  if (name.charAt(0) === name.charAt(0).toUpperCase()) return name
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
