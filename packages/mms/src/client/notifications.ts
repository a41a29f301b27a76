import { Emitter, type Fault, type Listener } from '@x/core/async'
import type { MCancelConfirm, MmsDelivery, MRejectIndication } from '../service.js'
import type { UnconfirmedServiceName, UnconfirmedServices } from '../services.js'
import { type ReportOptions, ReportQueue } from './reports.js'

/** What a client tells without having been asked. */
export interface ClientEvents extends UnconfirmedServices {
  /** The peer has answered a cancel: without `error` the request is over, with one it goes on. */
  cancelled: Omit<MCancelConfirm, 'type'>
  /** The peer's MMS has rejected something that was no open request. */
  rejected: Omit<MRejectIndication, 'type'>
  /** A listener that threw, or whose promise rejected. */
  fault: Fault
}

/** What comes without being asked for: told to listeners, held for iterators. It comes whether or not anybody waits for an answer. */
export class Notifications {
  readonly events: Emitter<ClientEvents> = new Emitter<ClientEvents>()
  readonly #queues = new Map<UnconfirmedServiceName, Set<ReportQueue<unknown>>>()
  #ended = false

  /** An iterator over what comes from now on. */
  queue<S extends UnconfirmedServiceName>(service: S, options: ReportOptions): ReportQueue<UnconfirmedServices[S]> {
    const queues = this.#queues.get(service) ?? new Set()
    const queue = new ReportQueue<UnconfirmedServices[S]>(options, () => queues.delete(queue as ReportQueue<unknown>))
    if (this.#ended) queue.end()
    else this.#queues.set(service, queues.add(queue as ReportQueue<unknown>))
    return queue
  }

  take(delivery: MmsDelivery): void {
    switch (delivery.type) {
      case 'M-UNCONFIRMED.indication':
        for (const queue of this.#queues.get(delivery.service) ?? []) queue.put(delivery.argument)
        this.events.emit(delivery.service, delivery.argument)
        return
      case 'M-CANCEL.confirm': {
        const { type: _, ...what } = delivery
        return this.events.emit('cancelled', what)
      }
      case 'M-REJECT.indication': {
        const { type: _, ...what } = delivery
        return this.events.emit('rejected', what)
      }
    }
  }

  /** Nothing comes any more. @param error thrown to the readers of iterators; absent: they see the end */
  end(error?: unknown): void {
    this.#ended = true
    for (const queues of this.#queues.values()) for (const queue of queues) queue.end(error)
    this.#queues.clear()
  }
}

export type ClientListener<Name extends keyof ClientEvents> = Listener<ClientEvents, Name>
