import type { LayerTable } from './table.js'

/**
 * One confirmed request, from both its ends: ISO 9506-1, confirmed services, cancel and reject. The environment is operational. Timeouts
 * are none of the machine: a client that waits no longer asks to cancel.
 */
const ABORT = '↓A-ABORT.request → ended'
const ABORTED = '↑M-ABORT.indication → ended'
const ends = {
  abort: { ended: 'usage', '*': ABORT },
  'abort of the peer': { ended: 'ignored', '*': ABORTED },
  'loss of the association': { ended: 'ignored', '*': ABORTED },
} as const

/** The answers that end it, and how the user hears of each. */
const answers = { response: 'response', error: 'error' } as const
/** Those that cannot be used: the peer is told so, and takes the request for answered. */
const useless = ['response of another service', 'unreadable answer']

export const requester: LayerTable = {
  name: 'Confirmed call, requester',
  source: 'ISO 9506-1, confirmed services',
  initial: 'idle',
  states: {
    idle: 'no request',
    waiting: 'the request has no answer',
    cancelling: 'nor has the cancel',
    late: 'the request was answered, the cancel was not',
    ended: 'the association is over',
  },
  facts: {},
  starts: [[]],
  events: {
    request: 'user',
    cancel: 'user',
    abort: 'user',
    response: 'peer',
    error: 'peer',
    reject: 'peer',
    'response of another service': 'peer',
    'unreadable answer': 'malformed',
    'cancel-Response': 'peer',
    'cancel-Error': 'peer',
    'abort of the peer': 'provider',
    'loss of the association': 'provider',
  },
  variants: {},
  macros: {},
  rows: {
    // While a cancel is unanswered its number is in use: the answer would be taken for that of the new request.
    request: { idle: '↓confirmedRequestPDU → waiting', '*': 'usage' },
    cancel: { waiting: '↓cancelRequestPDU → cancelling', '*': 'usage' },
    ...Object.fromEntries(
      Object.entries(answers).map(([event, result]) => [
        event,
        {
          'idle late': '! ↓rejectPDU',
          waiting: `↑M-CONFIRMED.confirm(${result}) → idle`,
          cancelling: `↑M-CONFIRMED.confirm(${result}) → late`,
          ended: 'ignored',
        },
      ]),
    ),
    // A reject is never answered, of whatever it is.
    reject: {
      'idle late': '↑M-REJECT.indication',
      waiting: '↑M-CONFIRMED.confirm(reject) → idle',
      cancelling: '↑M-CONFIRMED.confirm(reject) → late',
      ended: 'ignored',
    },
    ...Object.fromEntries(
      useless.map(event => [
        event,
        {
          'idle late': '! ↓rejectPDU',
          waiting: '! ↓rejectPDU ↑M-CONFIRMED.confirm(unreadable) → idle',
          cancelling: '! ↓rejectPDU ↑M-CONFIRMED.confirm(unreadable) → late',
          ended: 'ignored',
        },
      ]),
    ),
    // Cancelled: the request still ends with its own error.
    ...Object.fromEntries(
      Object.entries({ 'cancel-Response': '+', 'cancel-Error': '-' }).map(([event, sign]) => [
        event,
        {
          'idle waiting': '! ↓rejectPDU',
          cancelling: `↑M-CANCEL.confirm${sign} → waiting`,
          late: `↑M-CANCEL.confirm${sign} → idle`,
          ended: 'ignored',
        },
      ]),
    ),
    ...ends,
  },
}

export const responder: LayerTable = {
  name: 'Confirmed call, responder',
  source: 'ISO 9506-1, confirmed services',
  initial: 'idle',
  states: {
    idle: 'no request',
    serving: 'the request has no answer',
    ended: 'the association is over',
  },
  facts: {},
  starts: [[]],
  events: {
    response: 'user',
    error: 'user',
    reject: 'user',
    'cancel response': 'user',
    'cancel error': 'user',
    abort: 'user',
    request: 'peer',
    'request not served': 'peer',
    cancel: 'peer',
    'cancel of another': 'peer',
    'reject of our answer': 'peer',
    'broken request': 'malformed',
    'abort of the peer': 'provider',
    'loss of the association': 'provider',
  },
  variants: {},
  macros: {},
  rows: {
    response: { serving: '↓confirmedResponsePDU → idle', '*': 'usage' },
    error: { serving: '↓confirmedErrorPDU → idle', '*': 'usage' },
    reject: { serving: '↓rejectPDU → idle', '*': 'usage' },
    // The answer to the request may have gone before the answer to its cancel: the user who was asked answers.
    'cancel response': { ended: 'usage', '*': '↓cancelResponsePDU' },
    'cancel error': { ended: 'usage', '*': '↓cancelErrorPDU' },
    // 1:3, the number is in use; one request at a time is agreed, so a second one would be 1:6.
    request: { idle: '↑M-CONFIRMED.indication → serving', serving: '! ↓rejectPDU', ended: 'ignored' },
    'request not served': { 'idle serving': '! ↓rejectPDU', ended: 'ignored' },
    // can/1 where there is none.
    cancel: { idle: '↓cancelErrorPDU', serving: '↑M-CANCEL.indication', ended: 'ignored' },
    'cancel of another': { 'idle serving': '↓cancelErrorPDU', ended: 'ignored' },
    'reject of our answer': { 'idle serving': '↑M-REJECT.indication', ended: 'ignored' },
    'broken request': { 'idle serving': '! ↓rejectPDU', ended: 'ignored' },
    ...ends,
  },
}
