/** X.225, 8.3.5.10: a refuse reason for people; any value has a text. */
export function refuseReasonText(reason: number): string {
  return REASONS[reason] ?? `reason ${reason}, not defined`
}

const REASONS: Readonly<Record<number, string>> = {
  0: 'rejected by the called SS-user, no reason given',
  1: 'rejected by the called SS-user, temporary congestion',
  2: 'rejected by the called SS-user',
  129: 'session selector unknown',
  130: 'SS-user not attached to the SSAP',
  131: 'session provider congested at connect time',
  132: 'proposed protocol versions not supported',
  133: 'rejected by the session provider, no reason given',
  134: 'rejected by the session provider, implementation restriction',
}
