/** What this layer puts up with although X.226 (07/94) says otherwise: each a named option, all on by default. */
export interface PresentationTolerances {
  /**
   * A CP with an invalid value is refused with a CPR, reason 0, instead of an ARP. Most peers report the refusal of a
   * connection, and few an abort during establishment. X.226, 6.4.4.3 against 6.2.5.5.
   */
  readonly refuseInvalidConnect: boolean
  /** A provider-rejection in the result list of a CPA may lack its reason; it counts as 0. X.226, 6.2.3.5. */
  readonly missingContextReason: boolean
  /** Presentation-requirements of all zeros in a CPA are as good as absent, whatever the CP had. X.226, 6.2.3.7. */
  readonly emptyRequirements: boolean
  /** User data of a CPR may be of any context proposed, accepted by its own result list or not. X.226, 6.2.4.10. */
  readonly refusalContexts: boolean
  /** When a DCS of one member calls for simple encoding, full encoding of that same context is understood too. X.226, 8.4.1.3. */
  readonly fullEncodingOfSingleContext: boolean
  /** An ARU with user data may lack its identifier list, or the context of a value in it: predicate p21 of X.226. */
  readonly abortIdentifierList: boolean
  /** An ARU whose values are of contexts that are not defined is an abort by the user without these values: p03, p05. */
  readonly abortContexts: boolean
  /** A session abort by the user without user data, which is no PPDU at all, is an abort by the presentation user. X.226, 7.3. */
  readonly emptyAbort: boolean
}

export type ToleranceName = keyof PresentationTolerances

/** What a peer did that only a tolerance made acceptable. */
export interface Deviation {
  readonly tolerance: ToleranceName
  readonly text: string
}

/** Asks whether a deviation is put up with; when it is, whoever watches hears of it. */
export type Tolerate = (tolerance: ToleranceName, text: string) => boolean

const LENIENT: PresentationTolerances = {
  refuseInvalidConnect: true,
  missingContextReason: true,
  emptyRequirements: true,
  refusalContexts: true,
  fullEncodingOfSingleContext: true,
  abortIdentifierList: true,
  abortContexts: true,
  emptyAbort: true,
}

const STRICT: PresentationTolerances = {
  refuseInvalidConnect: false,
  missingContextReason: false,
  emptyRequirements: false,
  refusalContexts: false,
  fullEncodingOfSingleContext: false,
  abortIdentifierList: false,
  abortContexts: false,
  emptyAbort: false,
}

/** @param strict none but those in `chosen`. @default false, all but those that `chosen` turns off */
export function tolerances(strict = false, chosen: Partial<PresentationTolerances> = {}): PresentationTolerances {
  return { ...(strict ? STRICT : LENIENT), ...chosen }
}
