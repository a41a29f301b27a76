import type { Bench, Rig } from './bench.js'
import { requester, responder } from './call.js'
import { MmsBench } from './mms-rig.js'
import type { Step } from './table.js'

const endings: Readonly<Record<string, Step>> = {
  abort: { event: 'M-ABORT.request', variant: '' },
  'abort of the peer': { event: 'A-ABORT.indication', variant: '' },
  'loss of the association': { event: 'A-P-ABORT.indication', variant: '' },
}

/** What each event is for the machine of the environment. */
const ASKED: Readonly<Record<string, Step>> = {
  ...endings,
  request: { event: 'M-CONFIRMED.request', variant: '' },
  cancel: { event: 'M-CANCEL.request', variant: '' },
  response: { event: 'confirmedResponsePDU', variant: 'of its service' },
  error: { event: 'confirmedErrorPDU', variant: 'of a request' },
  reject: { event: 'rejectPDU', variant: 'of a request' },
  'response of another service': { event: 'confirmedResponsePDU', variant: 'of another service' },
  'unreadable answer': { event: 'malformed', variant: 'answer' },
  'cancel-Response': { event: 'cancelResponsePDU', variant: '' },
  'cancel-Error': { event: 'cancelErrorPDU', variant: '' },
}
const SERVED: Readonly<Record<string, Step>> = {
  ...endings,
  response: { event: 'M-CONFIRMED.response', variant: 'response' },
  error: { event: 'M-CONFIRMED.response', variant: 'error' },
  reject: { event: 'M-REJECT.request', variant: '' },
  'cancel response': { event: 'M-CANCEL.response', variant: 'cancelled' },
  'cancel error': { event: 'M-CANCEL.response', variant: 'not possible' },
  request: { event: 'confirmedRequestPDU', variant: 'served' },
  'request not served': { event: 'confirmedRequestPDU', variant: 'not served' },
  cancel: { event: 'cancelRequestPDU', variant: 'of a request' },
  'cancel of another': { event: 'cancelRequestPDU', variant: 'of no request' },
  'reject of our answer': { event: 'rejectPDU', variant: 'of a request' },
  'broken request': { event: 'malformed', variant: 'request' },
}

/** A machine whose environment is operational, seen through one request. */
class CallBench implements Bench {
  readonly #mms = new MmsBench(1_000_000)
  readonly #steps: Readonly<Record<string, Step>>
  readonly #stateOf: (mms: MmsBench) => string

  constructor(steps: Readonly<Record<string, Step>>, stateOf: (mms: MmsBench) => string) {
    this.#steps = steps
    this.#stateOf = stateOf
    this.#mms.apply({ event: 'M-INITIATE.request', variant: '' })
    this.#mms.apply({ event: 'A-ASSOCIATE.confirm', variant: 'accepted' })
    this.#mms.take()
  }

  get state(): string {
    return this.#mms.state === 'operational' ? this.#stateOf(this.#mms) : this.#mms.state
  }

  get timers(): number {
    return this.#mms.timers
  }

  take(): readonly string[] {
    return this.#mms.take()
  }

  apply({ event }: Step): boolean {
    return this.#mms.apply(this.#steps[event]!)
  }
}

export const requesterRig: Rig = {
  states: Object.keys(requester.states),
  open: () =>
    new CallBench(ASKED, ({ outstanding }) => {
      const isOpen = outstanding.requested.has(1)
      return outstanding.cancelling.has(1) ? (isOpen ? 'cancelling' : 'late') : isOpen ? 'waiting' : 'idle'
    }),
}
export const responderRig: Rig = {
  states: Object.keys(responder.states),
  open: () => new CallBench(SERVED, ({ outstanding }) => (outstanding.serving.has(7) ? 'serving' : 'idle')),
}
