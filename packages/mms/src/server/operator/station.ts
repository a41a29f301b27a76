import { UsageError } from '@x/core'
import type { ServiceError } from '../../asn1/error.js'
import { serviceError } from '../errors.js'
import type { ServedCall } from '../handlers.js'
import type { MmsObject, Scope } from '../objects.js'
import type { Vmd } from '../vmd.js'
import type { OperatorStationModel, StationType } from './model.js'
import { type StationEvent, type StationState, stationTable } from './states.js'

/** What is asked of a station. */
export interface InputJob {
  readonly type: 'input'
  readonly echo: boolean
  /** Empty: no prompt. */
  readonly prompt: readonly string[]
  /** Milliseconds from when the station turns to it; undefined: for ever. */
  readonly timeout: number | undefined
}
export interface OutputJob {
  readonly type: 'output'
  readonly lines: readonly string[]
}
export type StationOutcome = { readonly line: string } | { readonly error: ServiceError }

interface Waiting {
  readonly job: InputJob | OutputJob
  readonly call: Pick<ServedCall, 'signal' | 'cancelable' | 'suspend' | 'restart'>
  readonly settle: (outcome: StationOutcome) => void
}

const TIME_OVER = { error: serviceError('servicePreempt', 'timeout') }
const PROBLEM = { error: serviceError('vmdState', 'vmd-operational-problem') }
const GIVEN_UP = { error: serviceError('servicePreempt', 'cancel') }
const SHOWN = { line: '' }
/** The longest that a timer waits. */
const LONGEST = 0x7fff_ffff

/** Where somebody reads and types: one request at a time, the others wait in order. ISO 9506-1, 17. */
export class OperatorStation implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  readonly type: StationType
  /** Lines of the output that is being shown, or of the last one. */
  outputBuffers: readonly string[] = []
  /** A line that was typed ahead. */
  inputBuffer: string | undefined
  readonly #model: OperatorStationModel
  readonly #timers: Vmd['timers']
  readonly #queue: Waiting[] = []
  #state: StationState = 'idle'
  #current: Waiting | undefined
  #turn: AbortController | undefined
  #stopTimer: (() => void) | undefined

  constructor(name: string, model: OperatorStationModel, accessControlList: string, timers: Vmd['timers']) {
    this.name = name
    this.accessControlList = accessControlList
    this.type = model.type
    this.#model = model
    this.#timers = timers
  }

  get state(): StationState {
    return this.#state
  }

  /** Requests that wait for it. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Whether one more request may wait, or need not. */
  get hasRoom(): boolean {
    return this.#state === 'idle' || this.#queue.length < (this.#model.maxWaiting ?? 10)
  }

  /**
   * The operator has ended a line; its end mark does not count. @returns whether somebody gets it: a request that waits for input, or the next
   * one, with `typeAhead`
   */
  enter(line: string): boolean {
    if (stationTable['line ended'][this.#state] === 'kept') {
      if (!this.#model.typeAhead || this.type === 'display' || this.inputBuffer !== undefined) return false
      this.inputBuffer = withoutEnd(line)
      return true
    }
    if (!this.#step('line ended')) return false
    const { settle } = this.#current!
    settle({ line: withoutEnd(line) })
    this.#step('input answered')
    this.#next()
    return true
  }

  /** @internal Serves a request, now or when it is its turn. Its time does not count meanwhile, and it may be cancelled. */
  ask(job: InputJob | OutputJob, call: Waiting['call']): Promise<StationOutcome> {
    return new Promise(resolve => {
      const waiting: Waiting = { job, call, settle: resolve }
      call.suspend()
      call.cancelable = true
      call.signal.addEventListener('abort', () => this.#giveUp(waiting), { once: true })
      if (stationTable[eventOf(job)][this.#state] === 'queue') this.#queue.push(waiting)
      else this.#begin(waiting)
    })
  }

  #begin(waiting: Waiting): void {
    this.#current = waiting
    this.#turn = new AbortController()
    const { job } = waiting
    this.#step(eventOf(job))
    if (job.type === 'output') return this.#beginOutput(job, waiting)
    if (job.timeout === 0 && this.inputBuffer === undefined) return this.#end('time over', TIME_OVER)
    if (job.timeout !== undefined) this.#limit(job.timeout)
    if (job.prompt.length === 0) return this.#listen(job, waiting)
    this.#show(job.prompt, true, waiting, () => {
      this.#step('prompt shown')
      this.#listen(job, waiting)
    })
  }

  #beginOutput({ lines }: OutputJob, waiting: Waiting): void {
    const { call, settle } = waiting
    // Its action has begun: it is shown to its end, and that counts as any answer does.
    call.cancelable = false
    call.restart()
    this.outputBuffers = lines
    if (this.#model.outputAnswered === 'buffered') settle(SHOWN)
    this.#show(lines, false, waiting, () => this.#end('lines shown', SHOWN))
  }

  #show(lines: readonly string[], isPrompt: boolean, waiting: Waiting, then: () => void): void {
    const { signal } = this.#turn!
    const failed = () => this.#current === waiting && this.#end(isPrompt ? 'given up' : 'lines shown', PROBLEM)
    try {
      const shown = this.#model.show?.(lines, { isPrompt, signal })
      if (shown instanceof Promise) shown.then(() => this.#current === waiting && then(), failed)
      else then()
    } catch {
      failed()
    }
  }

  #listen({ echo }: InputJob, waiting: Waiting): void {
    const kept = this.inputBuffer
    if (kept !== undefined) {
      this.inputBuffer = undefined
      this.enter(kept)
      return
    }
    const { signal } = this.#turn!
    const failed = () => this.#current === waiting && this.#end('given up', PROBLEM)
    try {
      const line = this.#model.read?.({ echo, signal })
      if (line instanceof Promise) line.then(text => this.#current === waiting && this.enter(text), failed)
      else if (line !== undefined) this.enter(line)
    } catch {
      failed()
    }
  }

  #limit(left: number): void {
    const delay = Math.min(left, LONGEST)
    this.#stopTimer = this.#timers.after(delay, () => (left > delay ? this.#limit(left - delay) : this.#end('time over', TIME_OVER)))
  }

  #giveUp(waiting: Waiting): void {
    const at = this.#queue.indexOf(waiting)
    if (at >= 0) this.#queue.splice(at, 1)
    // An output that has begun stays until it is shown.
    else if (this.#current === waiting && this.#state !== 'output-buffers-filled') this.#end('given up', GIVEN_UP)
  }

  #end(event: StationEvent, outcome: StationOutcome): void {
    this.#step(event)
    this.#current?.settle(outcome)
    this.#next()
  }

  #next(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
    this.#current = undefined
    this.#turn?.abort()
    this.#turn = undefined
    const waiting = this.#queue.shift()
    if (waiting !== undefined) this.#begin(waiting)
  }

  #step(event: StationEvent): boolean {
    const to = stationTable[event][this.#state]
    if (to === undefined || to === 'queue' || to === 'kept') return false
    this.#state = to
    return true
  }
}

function eventOf(job: InputJob | OutputJob): StationEvent {
  if (job.type === 'output') return 'output'
  return job.prompt.length > 0 ? 'input with prompt' : 'input without prompt'
}

function withoutEnd(line: string): string {
  return line.replace(/\r?\n$/, '')
}

/** Makes the stations of a model. @throws UsageError `MMS_MODEL` */
export function addOperatorStations(vmd: Vmd, accessControlList: string): void {
  for (const [name, model] of Object.entries(vmd.model.operatorStations ?? {})) {
    if (model.type === 'display' && model.read !== undefined) {
      throw new UsageError('mms', 'MMS_MODEL', `operator station ${name}: expected one with an entry part, found read() on a display`)
    }
    vmd.vmdSpecific.add('operatorStation', new OperatorStation(name, model, accessControlList, vmd.timers))
  }
}
