import { WHOLE_OF_MMS } from '../src/negotiation.js'
import { eventTimeOf } from '../src/server/event/objects.js'
import type { MmsServerOptions, VmdModel } from '../src/server/index.js'
import { types } from '../src/value-types.js'
import { model, type Pair, pair, settle } from './pair.js'

/** 2026-01-02T03:04:05Z */
export const START = Date.UTC(2026, 0, 2, 3, 4, 5)

/** A server of everything, with booleans to watch, and a client that has agreed on everything. The time of day goes with the timers. */
export async function eventPair(
  more: Partial<VmdModel> = {},
  options: Partial<MmsServerOptions> & Parameters<typeof pair>[0] = {},
): Promise<Pair & { at: () => ReturnType<typeof eventTimeOf> }> {
  let milliseconds = () => 0
  const made = await pair({
    services: 'all',
    now: () => START + milliseconds(),
    ...options,
    model: model({
      lists: {},
      variables: {
        number: { type: types.integer(8) },
        flag: { type: types.boolean },
      },
      domains: { D: { variables: { alarm: { type: types.boolean } } }, E: {} },
      ...more,
    }),
    client: { initiate: WHOLE_OF_MMS, ...options.client },
  })
  milliseconds = () => made.timers.now
  return { ...made, at: () => eventTimeOf(START + made.timers.now) }
}

export const truth = (value: boolean) => ({ type: 'boolean', value }) as const

/** What a request ended with: `ok`, or class and code, or the reject's code. */
export async function outcomeOf(request: Promise<unknown>): Promise<string> {
  try {
    await request
    return 'ok'
  } catch (error) {
    return (error as { code: string }).code
  }
}

/** Notifications that have come until now. */
export async function heardBy({ mms }: Pick<Pair, 'mms'>): Promise<() => Promise<readonly Notified[]>> {
  const heard: Notified[] = []
  mms.on('eventNotification', ({ eventEnrollmentName, eventConditionName, event: _, timestamp: __, ...rest }) => {
    heard.push({ enrollment: textOf(eventEnrollmentName), condition: textOf(eventConditionName), ...rest } as Notified)
  })
  return async () => {
    await settle()
    await settle()
    return heard.splice(0)
  }
}

export interface Notified {
  readonly enrollment: string
  readonly condition: string
  readonly currentState?: string
  readonly severity: number
  readonly notificationLost: boolean
  readonly transitionTime: ReturnType<typeof eventTimeOf>
  readonly alarmAcknowledgmentRule?: string
  readonly actionResult?: { successOrFailure: { type: string; value: unknown } }
}

function textOf(name: { type: string; value: string | { domainID: string; itemID: string } }): string {
  if (typeof name.value === 'object') return `${name.value.domainID}/${name.value.itemID}`
  return `${name.type === 'aaSpecific' ? 'aa' : 'vmd'}:${name.value}`
}
