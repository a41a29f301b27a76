import { describe, expect, test } from 'vitest'
import {
  type AckEvent,
  type AckRule,
  type AckState,
  ackEventOf,
  ackTable,
  type ConditionEvent,
  type ConditionState,
  conditionTable,
  enrollmentStates,
} from './states.js'

const STATES: readonly ConditionState[] = ['disabled', 'idle', 'active']

/** An independent copy, as the rows of the document have it: disabled, idle, active. `.`: stays. */
const CONDITION: Record<ConditionEvent, string> = {
  true: 'active active .',
  false: 'idle . idle',
  unreadable: '. . .',
  disabled: '. disabled disabled',
  'variable deleted': '. disabled disabled',
  deleted: 'deleted deleted deleted',
}

describe('conditions: every event in every state', () => {
  const selfOnly: ReadonlySet<string> = new Set(['unreadable', 'variable deleted'])
  const cells = Object.entries(CONDITION).flatMap(([event, row]) =>
    row
      .split(' ')
      .map((to, i) => ({ event: event as ConditionEvent, state: STATES[i]!, to, tag: selfOnly.has(event) ? ' (self-only)' : '' })),
  )
  test('the copy has a row for each event', () => {
    expect(Object.keys(CONDITION).sort()).toEqual(Object.keys(conditionTable).sort())
    expect(cells).toHaveLength(18)
  })
  test.each(cells)('$state: $event leads to $to$tag', ({ event, state, to }) => {
    const move = conditionTable[event][state]
    expect(move?.to ?? '.').toBe(to)
    if (move === undefined) return
    expect(move.transition).toBe(to === 'deleted' ? 'any-to-deleted' : `${state}-to-${to}`)
  })
})

const RULES = ['simple', 'ack-active', 'ack-all'] as const
const ACKS: readonly AckState[] = ['acked', 'noAckA', 'noAckA, idle acknowledged', 'noAckI']
const SHORT: Record<string, AckState | undefined> = { K: 'acked', A: 'noAckA', B: 'noAckA, idle acknowledged', I: 'noAckI', '.': undefined }

/** simple, ack-active, ack-all; in each: acked, noAckA, noAckA with idle acknowledged, noAckI. */
const ACKNOWLEDGEMENT: Record<AckEvent, string> = {
  'to active': 'AAAA AAAA AAAA',
  'active to idle': '.... .... I...',
  'disabled to idle': 'KKKK KKKK KKKK',
  'to disabled': 'KKKK KKKK KKKK',
  'acknowledge active, condition active': '.K.. .K.. .K..',
  'acknowledge active, condition idle': '.... .K.. .IK.',
  'acknowledge idle, condition idle': '.... .... .B.K',
}

describe('ackState of enrollments: every event under every rule in every state', () => {
  const selfOnly: ReadonlySet<string> = new Set([
    'disabled to idle',
    'to disabled',
    'acknowledge active, condition idle',
    'acknowledge idle, condition idle',
  ])
  const cells = Object.entries(ACKNOWLEDGEMENT).flatMap(([event, rows]) =>
    rows.split(' ').flatMap((row, r) =>
      [...row].map((to, i) => ({
        event: event as AckEvent,
        rule: RULES[r]!,
        state: ACKS[i]!,
        to: SHORT[to],
        tag: selfOnly.has(event) ? ' (self-only)' : '',
      })),
    ),
  )
  test('the copy has a row for each event', () => {
    expect(Object.keys(ACKNOWLEDGEMENT).sort()).toEqual(Object.keys(ackTable).sort())
    expect(cells).toHaveLength(84)
  })
  test.each(cells)('$rule, $state: $event leads to $to$tag', ({ event, rule, state, to }) => {
    expect(ackTable[event][rule][state]).toBe(to)
  })
  test('each transition is an event of the table', () => {
    expect(ackEventOf).toEqual({
      'idle-to-disabled': 'to disabled',
      'active-to-disabled': 'to disabled',
      'disabled-to-idle': 'disabled to idle',
      'active-to-idle': 'active to idle',
      'disabled-to-active': 'to active',
      'idle-to-active': 'to active',
    })
  })
})

describe('EE-State: every rule in every state of the condition', () => {
  /** none, simple, ack-active, ack-all; in each: acked, noAckA, noAckA with idle acknowledged, noAckI. */
  const EE: Record<ConditionState, Record<AckRule, string>> = {
    disabled: { none: 'd d d d', simple: 'd d d d', 'ack-active': 'd d d d', 'ack-all': 'd d d d' },
    idle: { none: 'i i i i', simple: 'i i i i', 'ack-active': 'iK iA iA iK', 'ack-all': 'iK iA iA iI' },
    active: { none: 'a a a a', simple: 'aK aA aA aK', 'ack-active': 'aK aA aA aK', 'ack-all': 'aK aA aA aK' },
  }
  const LONG: Record<string, string> = {
    d: 'disabled',
    i: 'idle',
    a: 'active',
    aA: 'activeNoAckA',
    iI: 'idleNoAckI',
    iA: 'idleNoAckA',
    iK: 'idleAcked',
    aK: 'activeAcked',
  }
  const cells = STATES.flatMap(condition =>
    (Object.keys(EE[condition]) as AckRule[]).flatMap(rule =>
      EE[condition][rule].split(' ').map((short, i) => ({ condition, rule, ack: ACKS[i]!, state: LONG[short]! })),
    ),
  )
  test('there are 48', () => expect(cells).toHaveLength(48))
  test.each(cells)('$condition, $rule, $ack: $state', ({ condition, rule, ack, state }) => {
    expect(enrollmentStates[condition][rule][ack]).toBe(state)
  })
})
