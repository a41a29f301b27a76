import type { ServiceError } from '../../asn1/error.js'
import { serviceError } from '../errors.js'

/** Where an entry of a semaphore stands. ISO 9506-1, 16.1.3.9. */
export type EntryState = 'queued' | 'owner' | 'hung'

/** What can happen to an entry. ISO 9506-1, 16.2, 16.3, 16.9 and 8.5. */
export type EntryEvent =
  | 'token free'
  | 'acceptable delay over'
  | 'cancelled'
  | 'relinquished'
  | 'service ended'
  | 'control time over, abort'
  | 'control time over, keep'
  | 'association lost, relinquish'
  | 'association lost, keep'
  | 'preempted'
  | 'reset'

/** What an event does to an entry. */
export interface EntryStep {
  /** @default it is gone */
  readonly to?: EntryState
  /** What the request that waits ends with. */
  readonly ends?: 'granted' | ServiceError
  /** The token is free for the next in the queue. */
  readonly frees?: true
  /** What else: the association is aborted, the event condition of the semaphore is triggered. */
  readonly and?: 'abort' | 'trigger'
}

export const events: readonly EntryEvent[] = [
  'token free',
  'acceptable delay over',
  'cancelled',
  'relinquished',
  'service ended',
  'control time over, abort',
  'control time over, keep',
  'association lost, relinquish',
  'association lost, keep',
  'preempted',
  'reset',
]

const freed: EntryStep = { frees: true }
const timeout = serviceError('servicePreempt', 'timeout')

/**
 * The states of an entry; where there is no cell the event does not come, or changes nothing. The error codes, and that a hung entry is given
 * back by `relinquished` and `service ended`, are our own reading.
 */
export const entryStates: { readonly [S in EntryState]: { readonly [E in EntryEvent]?: EntryStep } } = {
  queued: {
    'token free': { to: 'owner', ends: 'granted' },
    'acceptable delay over': { ends: timeout },
    cancelled: { ends: serviceError('servicePreempt', 'cancel') },
    'association lost, relinquish': { ends: serviceError('applicationReference', 'connection-lost') },
    'association lost, keep': { ends: serviceError('applicationReference', 'connection-lost') },
    reset: { ends: serviceError('servicePreempt', 'other') },
  },
  owner: {
    relinquished: freed,
    'service ended': freed,
    'control time over, abort': { to: 'owner', and: 'abort' },
    'control time over, keep': { to: 'hung', and: 'trigger' },
    'association lost, relinquish': freed,
    'association lost, keep': { to: 'hung' },
    reset: freed,
  },
  hung: {
    relinquished: freed,
    'service ended': freed,
    'control time over, abort': freed,
    preempted: {},
    reset: freed,
  },
}
