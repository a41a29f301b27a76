import type { Data } from '../../asn1/data.js'
import type { ServiceError } from '../../asn1/error.js'
import type { TypeDescription } from '../../asn1/variable-access.js'
import { mismatchOf } from '../../value-check.js'
import { serviceError } from '../errors.js'
import type { ServedCall } from '../handlers.js'
import type { Maybe } from '../maybe.js'
import type { MmsObject, Scope } from '../objects.js'
import type { ProgramInvocation } from '../program-invocation/program-invocation.js'
import type { AccessContext } from '../variable/model.js'
import type { DataExchangeModel } from './model.js'

type Outcome = { readonly response: { readonly listOfResponseData: readonly Data[] } } | { readonly error: ServiceError }

/** A data exchange object. ISO 9506-1, 15.1: predefined, no service makes or deletes one. */
export class DataExchange implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  readonly requestTypes: readonly TypeDescription[]
  readonly responseTypes: readonly TypeDescription[]
  readonly programInvocation: ProgramInvocation | undefined
  readonly #model: DataExchangeModel
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(
    name: string,
    model: DataExchangeModel,
    types: { readonly request: readonly TypeDescription[]; readonly response: readonly TypeDescription[] },
    linked: { readonly accessControlList: string; readonly programInvocation: ProgramInvocation | undefined },
  ) {
    this.name = name
    this.#model = model
    this.requestTypes = types.request
    this.responseTypes = types.response
    this.accessControlList = linked.accessControlList
    this.programInvocation = linked.programInvocation
  }

  /** Whether an instance of it runs. */
  get inUse(): boolean {
    return this.#running > 0
  }

  /** Runs the application with data that are of the types, when it is their turn. */
  run(data: readonly Data[], context: AccessContext, call: ServedCall): Maybe<Outcome> {
    const { concurrent = 1, waiting = 10 } = this.#model
    if (this.#running < concurrent) return this.#start(data, context, call)
    if (this.#waiting.length >= waiting) return STATE_CONFLICT
    // It may be cancelled as long as the application does not work on it.
    call.cancelable = true
    return new Promise(resolve => {
      const begin = () => {
        call.signal.removeEventListener('abort', leave)
        call.cancelable = false
        resolve(this.#start(data, context, call))
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1)
        resolve(PROBLEM)
      }
      this.#waiting.push(begin)
      call.signal.addEventListener('abort', leave, { once: true })
    })
  }

  #start(data: readonly Data[], context: AccessContext, call: ServedCall): Maybe<Outcome> {
    // While it waited, its program may have stopped.
    if (this.programInvocation !== undefined && this.programInvocation.state !== 'running') {
      this.#next()
      return STATE_CONFLICT
    }
    this.#running += 1
    let result: ReturnType<DataExchangeModel['exchange']>
    try {
      result = this.#model.exchange(data, { association: context.association, signal: call.signal })
    } catch {
      return this.#end(PROBLEM)
    }
    if (!(result instanceof Promise)) return this.#end(this.#outcomeOf(result))
    return result.then(
      given => this.#end(this.#outcomeOf(given)),
      () => this.#end(PROBLEM),
    )
  }

  #end(outcome: Outcome): Outcome {
    this.#running -= 1
    this.#next()
    return outcome
  }

  #next(): void {
    this.#waiting.shift()?.()
  }

  #outcomeOf(result: Awaited<ReturnType<DataExchangeModel['exchange']>>): Outcome {
    if ('failure' in result) return PROBLEM
    return areOf(result, this.responseTypes) ? { response: { listOfResponseData: result } } : PROBLEM
  }
}

/** Whether there are as many data as types, and each is of its type. */
export function areOf(data: readonly Data[], types: readonly TypeDescription[]): boolean {
  return data.length === types.length && data.every((value, i) => mismatchOf(value, types[i]!) === undefined)
}

const STATE_CONFLICT = { error: serviceError('service', 'object-state-conflict') }
const PROBLEM = { error: serviceError('vmdState', 'vmd-operational-problem') }
