/** Numbers that events do not exceed. Beyond them a definition is refused with resource, capability-unavailable. */
export interface EventLimits {
  /** Event conditions that clients may define in the VMD and its domains together. @default 1_000 */
  readonly maxConditions: number
  /** Event actions, likewise. @default 1_000 */
  readonly maxActions: number
  /** Event enrollments, likewise; requests that wait for an event count as well. @default 1_000 */
  readonly maxEnrollments: number
  /** Event condition lists, likewise. @default 1_000 */
  readonly maxConditionLists: number
  /** Objects of each of these classes in the scope of one association. @default 100 */
  readonly maxPerAssociation: number
  /** Conditions and lists in one event condition list. @default 1_000 */
  readonly maxListMembers: number
  /** Shortest evaluation interval that a client may ask for, in milliseconds; below it time-resolution, unsupportable-time-resolution. @default 10 */
  readonly minEvaluationInterval: number
  /** Between two evaluations of a condition that has no interval of its own, in milliseconds. @default 1_000 */
  readonly evaluationInterval: number
  /** For an event action, in milliseconds; then its result is service-preempt, timeout. @default 10_000 */
  readonly actionTimeout: number
  /** Notifications of one enrollment that wait for their actions. One more is lost, and the next one that is sent says so. @default 100 */
  readonly maxWaitingNotifications: number
}

export const USUAL_EVENT_LIMITS: EventLimits = {
  maxConditions: 1_000,
  maxActions: 1_000,
  maxEnrollments: 1_000,
  maxConditionLists: 1_000,
  maxPerAssociation: 100,
  maxListMembers: 1_000,
  minEvaluationInterval: 10,
  evaluationInterval: 1_000,
  actionTimeout: 10_000,
  maxWaitingNotifications: 100,
}
