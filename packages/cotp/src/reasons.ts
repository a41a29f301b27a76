/** X.224, 13.5.3: why a DR was sent. Reasons up to 3 are those of class 0, the others of classes 1 to 4. */
export const DisconnectReason = {
  notSpecified: 0,
  congestionAtTsap: 1,
  sessionEntityNotAttached: 2,
  addressUnknown: 3,
  normal: 128,
  remoteCongestion: 129,
  /** Negotiation failed, that is: class not supported. */
  negotiationFailed: 130,
  duplicateSourceReference: 131,
  mismatchedReferences: 132,
  protocolError: 133,
  referenceOverflow: 135,
  connectionRequestRefused: 136,
  invalidLength: 138,
} as const

/** X.224, 13.12.3: why an ER was sent. */
export const RejectCause = {
  notSpecified: 0,
  invalidParameterCode: 1,
  invalidTpduType: 2,
  invalidParameterValue: 3,
} as const

const REASONS: Readonly<Record<number, string>> = {
  0: 'not specified',
  1: 'congestion at TSAP',
  2: 'session entity not attached to TSAP',
  3: 'address unknown',
  128: 'normal disconnect by session entity',
  129: 'remote transport entity congested at connect time',
  130: 'negotiation failed: class not supported',
  131: 'duplicate source reference',
  132: 'mismatched references',
  133: 'protocol error',
  135: 'reference overflow',
  136: 'connection request refused on this network connection',
  138: 'header or parameter length invalid',
}

const CAUSES = ['not specified', 'invalid parameter code', 'invalid TPDU type', 'invalid parameter value']

/** A DR reason for people, such as `address unknown`; any value has a text. */
export function describeDisconnectReason(reason: number): string {
  return REASONS[reason] ?? `reason ${reason}, not defined`
}

/** An ER reject cause for people; any value has a text. */
export function describeRejectCause(cause: number): string {
  return CAUSES[cause] ?? `cause ${cause}, not defined`
}

/** Whether trying again later is in vain. X.224, 13.5.3, note. */
export function isPersistent(reason: number): boolean {
  return reason === 2 || reason === 3 || reason === 130
}
