/**
 * The state tables of events as data. What the standard's texts leave open in them is our own reading; the tests have it marked
 * `self-only`.
 */

/** EC-State of a condition. */
export type ConditionState = 'disabled' | 'idle' | 'active'

/** Transitions of a condition. ISO 9506-1, 19.1.1. */
export const CONDITION_TRANSITIONS = [
  'idle-to-disabled',
  'active-to-disabled',
  'disabled-to-idle',
  'active-to-idle',
  'disabled-to-active',
  'idle-to-active',
  'any-to-deleted',
] as const
export type ConditionTransition = (typeof CONDITION_TRANSITIONS)[number]

/** What happens to a monitored condition. `true` and `false` are the outcome of an evaluation, which only enabled ones have. */
export type ConditionEvent = 'true' | 'false' | 'unreadable' | 'disabled' | 'variable deleted' | 'deleted'

export interface ConditionMove {
  readonly to: ConditionState | 'deleted'
  readonly transition: ConditionTransition
}

/** ISO 9506-1, 19.1: event × state of a monitored condition. undefined: it stays as it is. */
export const conditionTable: Readonly<Record<ConditionEvent, Readonly<Record<ConditionState, ConditionMove | undefined>>>> = {
  true: {
    disabled: { to: 'active', transition: 'disabled-to-active' },
    idle: { to: 'active', transition: 'idle-to-active' },
    active: undefined,
  },
  false: {
    disabled: { to: 'idle', transition: 'disabled-to-idle' },
    idle: undefined,
    active: { to: 'idle', transition: 'active-to-idle' },
  },
  unreadable: { disabled: undefined, idle: undefined, active: undefined },
  disabled: {
    disabled: undefined,
    idle: { to: 'disabled', transition: 'idle-to-disabled' },
    active: { to: 'disabled', transition: 'active-to-disabled' },
  },
  'variable deleted': {
    disabled: undefined,
    idle: { to: 'disabled', transition: 'idle-to-disabled' },
    active: { to: 'disabled', transition: 'active-to-disabled' },
  },
  deleted: {
    disabled: { to: 'deleted', transition: 'any-to-deleted' },
    idle: { to: 'deleted', transition: 'any-to-deleted' },
    active: { to: 'deleted', transition: 'any-to-deleted' },
  },
}

/** AlarmAckRule. */
export type AckRule = 'none' | 'simple' | 'ack-active' | 'ack-all'

/**
 * ackState of an enrollment. The standard's noAckA is two here: whether idle has been acknowledged before active, so that nothing is left to
 * acknowledge when active is. Such an order is our own reading.
 */
export type AckState = 'acked' | 'noAckA' | 'noAckA, idle acknowledged' | 'noAckI'

/** What may change it: transitions of the condition, and acknowledgements whose time matches. */
export type AckEvent =
  | 'to active'
  | 'active to idle'
  | 'disabled to idle'
  | 'to disabled'
  | 'acknowledge active, condition active'
  | 'acknowledge active, condition idle'
  | 'acknowledge idle, condition idle'

type AckRow = Readonly<Record<AckState, AckState | undefined>>
const stays: AckRow = { acked: undefined, noAckA: undefined, 'noAckA, idle acknowledged': undefined, noAckI: undefined }
const becomes = (state: AckState): AckRow => ({ acked: state, noAckA: state, 'noAckA, idle acknowledged': state, noAckI: state })

/** ISO 9506-1, 18.4 and 21.5: event × rule × ackState. undefined: it stays; of an acknowledgement: it is ignored. Rule none has no ackState. */
export const ackTable: Readonly<Record<AckEvent, Readonly<Record<Exclude<AckRule, 'none'>, AckRow>>>> = {
  'to active': { simple: becomes('noAckA'), 'ack-active': becomes('noAckA'), 'ack-all': becomes('noAckA') },
  'active to idle': { simple: stays, 'ack-active': stays, 'ack-all': { ...stays, acked: 'noAckI' } },
  'disabled to idle': { simple: becomes('acked'), 'ack-active': becomes('acked'), 'ack-all': becomes('acked') },
  'to disabled': { simple: becomes('acked'), 'ack-active': becomes('acked'), 'ack-all': becomes('acked') },
  'acknowledge active, condition active': {
    simple: { ...stays, noAckA: 'acked' },
    'ack-active': { ...stays, noAckA: 'acked' },
    'ack-all': { ...stays, noAckA: 'acked' },
  },
  'acknowledge active, condition idle': {
    simple: stays,
    'ack-active': { ...stays, noAckA: 'acked' },
    'ack-all': { ...stays, noAckA: 'noAckI', 'noAckA, idle acknowledged': 'acked' },
  },
  'acknowledge idle, condition idle': {
    simple: stays,
    'ack-active': stays,
    'ack-all': { ...stays, noAckA: 'noAckA, idle acknowledged', noAckI: 'acked' },
  },
}

/** Which event of the table a transition of the condition is. */
export const ackEventOf: Readonly<Record<Exclude<ConditionTransition, 'any-to-deleted'>, AckEvent>> = {
  'idle-to-disabled': 'to disabled',
  'active-to-disabled': 'to disabled',
  'disabled-to-idle': 'disabled to idle',
  'active-to-idle': 'active to idle',
  'disabled-to-active': 'to active',
  'idle-to-active': 'to active',
}

/** EE-State without the state `undefined`, which an enrollment has whose condition is gone. */
export type EnrollmentState = 'disabled' | 'idle' | 'active' | 'activeNoAckA' | 'idleNoAckI' | 'idleNoAckA' | 'idleAcked' | 'activeAcked'

type EnrollmentStates = Readonly<Record<ConditionState, Readonly<Record<AckRule, Readonly<Record<AckState, EnrollmentState>>>>>>
const any = (state: EnrollmentState) => ({ acked: state, noAckA: state, 'noAckA, idle acknowledged': state, noAckI: state }) as const
const disabled = any('disabled')
const active = { ...any('activeAcked'), noAckA: 'activeNoAckA', 'noAckA, idle acknowledged': 'activeNoAckA' } as const
const idle = {
  acked: 'idleAcked',
  noAckA: 'idleNoAckA',
  'noAckA, idle acknowledged': 'idleNoAckA',
  noAckI: 'idleNoAckI',
} as const

/** ISO 9506-1, 21.5.1.2.5: the state of an enrollment by the state of its condition, its rule and its ackState. noAckI comes with ack-all only. */
export const enrollmentStates: EnrollmentStates = {
  disabled: { none: disabled, simple: disabled, 'ack-active': disabled, 'ack-all': disabled },
  idle: { none: any('idle'), simple: any('idle'), 'ack-active': { ...idle, noAckI: 'idleAcked' }, 'ack-all': idle },
  active: { none: any('active'), simple: active, 'ack-active': active, 'ack-all': active },
}
