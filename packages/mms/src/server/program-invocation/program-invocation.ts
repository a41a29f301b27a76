import type { ServiceError } from '../../asn1/error.js'
import type { ExecutionArgument, StartCount } from '../../asn1/program-invocation.js'
import type { Domain } from '../domain/domain.js'
import { serviceError } from '../errors.js'
import { andThen, type Maybe } from '../maybe.js'
import type { MmsObject, Scope } from '../objects.js'
import { moveControlled } from './controlled.js'
import { ProgramFailure, type ProgramHooks, type ProgramRun } from './hooks.js'
import { nextState, type ProgramEvent, type ProgramState } from './states.js'

/** The services that the application takes part in, and that lead through a state of their own. */
export type MovingService = 'start' | 'stop' | 'resume' | 'reset'
export type ProgramControl = 'normal' | 'controlling' | 'controlled'
/** Why a service failed; the error of the four moving services holds the state after it. */
export type Refused = { readonly error: ServiceError }
/** What a start or a resume brings. */
export type MoveDetails = Omit<ProgramRun, 'signal'> & {
  /** Of a controlling invocation, with `csr`. @default one cycle at a start, as it was at a resume */
  readonly startCount?: StartCount
}
export type ProgramListener = (program: ProgramInvocation, from: ProgramState | 'non-existent') => void

/** A program invocation: domains that together are a program, and how far it has got. ISO 9506-1, 12.1. */
export class ProgramInvocation implements MmsObject {
  name: string
  scope: Scope | undefined
  accessControlList: string
  readonly domains: readonly Domain[]
  /** Whether it is idle again after its end; otherwise it is unrunnable then. */
  readonly reusable: boolean
  /** Whether events tell of the ends of its runs. */
  monitor: 'permanent' | 'current' | undefined
  /** The last one given. */
  executionArgument: ExecutionArgument = { type: 'simpleString', value: '' }
  /** 0: nothing is wrong. Shown with `csr`. */
  errorCode = 0
  readonly control: ProgramControl
  /** Of a controlled one: the one that starts, stops and resets it. */
  controlledBy: ProgramInvocation | undefined
  /** Of a controlling one. */
  controlled: readonly ProgramInvocation[] = []
  /** Of a controlling one: where it is, in the application's own syntax. */
  programLocation = ''
  /** Of a controlling one: cycles or steps that are left. */
  remaining: StartCount = { type: 'noLimit', value: null }
  readonly hooks: ProgramHooks
  /** Told of each change of state, when it has happened; must not throw. */
  readonly listeners = new Set<ProgramListener>()
  #state: ProgramState | 'non-existent' = 'idle'
  #work: Work | undefined
  #killing: Promise<Refused | undefined> | undefined

  constructor(
    name: string,
    given: {
      readonly domains: readonly Domain[]
      readonly accessControlList: string
      readonly reusable?: boolean
      readonly control?: ProgramControl
      readonly hooks?: ProgramHooks
    },
  ) {
    this.name = name
    this.domains = given.domains
    this.accessControlList = given.accessControlList
    this.reusable = given.reusable ?? true
    this.control = given.control ?? 'normal'
    this.hooks = given.hooks ?? {}
  }

  get state(): ProgramState | 'non-existent' {
    return this.#state
  }

  /** Whether the state permits a service; the table says where it would lead. */
  permits(service: MovingService | 'delete'): boolean {
    return this.#state !== 'non-existent' && nextState(this.#state, service, this.reusable) !== undefined
  }

  /** Resolves when the hook that is at work has ended, or no longer counts; undefined: none is. */
  get settled(): Promise<void> | undefined {
    return this.#work?.over
  }

  /** Start, stop, resume or reset as the services do. @returns undefined when it is done */
  move(service: MovingService, details: MoveDetails = {}): Maybe<Refused | undefined> {
    if (!this.#to(service)) return this.#refused(service)
    const { executionArgument: argument, startCount } = details
    if (argument !== undefined) this.executionArgument = argument
    if (this.control === 'controlling') {
      if (service === 'start') this.remaining = startCount ?? ONE_CYCLE
      else if (service === 'resume' && startCount !== undefined) this.remaining = startCount
    }
    const work = new Work(details)
    this.#work = work
    return settled(
      () => andThen(this.hooks[service]?.(this, work), () => moveControlled(this, service)),
      failure => this.#moved(service, work, failure),
    )
  }

  /** Kill as the service does: whatever it does now, it never runs again. @returns undefined when it is done */
  kill(): Maybe<Refused | undefined> {
    if (this.#state === 'unrunnable') return undefined
    if (this.#killing !== undefined) return this.#killing
    const killed = settled(
      () => this.hooks.kill?.(this, new Work({})),
      failure => {
        this.#killing = undefined
        if (failure !== undefined) return { error: failure.error ?? FAILED }
        this.#abandon()
        this.#to('kill')
        return undefined
      },
    )
    if (killed instanceof Promise) this.#killing = killed
    return killed
  }

  /** The program has come to its end by itself. @returns whether it was running */
  ended(): boolean {
    return this.#to('ended')
  }

  /** The program has stopped by itself, or an operator has stopped it. @returns whether it was running */
  halted(): boolean {
    return this.#to('halted')
  }

  /** The program can never run again. */
  broken(errorCode = this.errorCode): void {
    this.errorCode = errorCode
    this.#abandon()
    this.#to('broken')
  }

  /** A running controlling invocation has done a cycle; the last one that was asked for is its end. */
  cycleEnded(): void {
    this.#count('cycleCount')
  }

  /** As `cycleEnded`, for a step. */
  stepEnded(): void {
    this.#count('stepCount')
  }

  /** vMDStop: running becomes stopped; what is between two states finishes first. */
  vMDStop(): void {
    if (this.#work !== undefined) this.#work.stopAfterwards = true
    else this.#to('vMDStop')
  }

  /** @internal use `deleteProgramInvocation` */
  delete(): void {
    this.#abandon()
    const from = this.#state
    this.#state = 'non-existent'
    this.#tell(from)
  }

  #moved(service: MovingService, work: Work, failure: ProgramFailure | undefined): Refused | undefined {
    if (this.#work !== work) return this.#refused(service)
    this.#abandon()
    if (failure?.errorCode !== undefined) this.errorCode = failure.errorCode
    this.#to(failure === undefined ? 'done' : failure.unrunnable ? 'broken' : 'failed')
    if (work.stopAfterwards) this.#to('vMDStop')
    return failure && this.#refused(service, failure.error ?? FAILED)
  }

  #refused(service: MovingService, error: ServiceError = CONFLICT): Refused {
    return { error: { ...error, serviceSpecificInfo: { type: service, value: this.#state } } }
  }

  #count(what: 'cycleCount' | 'stepCount'): void {
    const { type, value } = this.remaining
    if (this.#state !== 'running' || type !== what) return
    const left = Number(value) - 1
    this.remaining = { type: what, value: left }
    if (left <= 0) this.#to('ended')
  }

  /** What is at work no longer counts. */
  #abandon(): void {
    const work = this.#work
    this.#work = undefined
    work?.end()
  }

  #to(event: ProgramEvent): boolean {
    const from = this.#state
    const to = from === 'non-existent' ? undefined : nextState(from, event, this.reusable)
    if (to === undefined || to === 'gone') return false
    this.#state = to
    if (from !== to) this.#tell(from)
    return true
  }

  #tell(from: ProgramState | 'non-existent'): void {
    for (const listener of this.listeners) listener(this, from)
  }
}

const ONE_CYCLE: StartCount = { type: 'cycleCount', value: 1 }
const FAILED = serviceError('service', 'other')
const CONFLICT = serviceError('service', 'object-state-conflict')

/** A hook at work. Few of them look at the signal, and few wait for the end. */
class Work implements ProgramRun {
  readonly executionArgument?: ExecutionArgument
  readonly startLocation?: string
  stopAfterwards = false
  #controller: AbortController | undefined
  #over: Promise<void> | undefined
  #resolve: (() => void) | undefined

  constructor({ executionArgument, startLocation }: Omit<ProgramRun, 'signal'>) {
    if (executionArgument !== undefined) this.executionArgument = executionArgument
    if (startLocation !== undefined) this.startLocation = startLocation
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    return this.#controller.signal
  }

  get over(): Promise<void> {
    this.#over ??= new Promise<void>(resolve => {
      this.#resolve = resolve
    })
    return this.#over
  }

  end(): void {
    this.#controller?.abort()
    this.#resolve?.()
  }
}

/** Runs a hook, now or later, and says how it failed. */
function settled(
  run: () => Maybe<unknown>,
  next: (failure: ProgramFailure | undefined) => Refused | undefined,
): Maybe<Refused | undefined> {
  const failed = (error: unknown) => next(error instanceof ProgramFailure ? error : new ProgramFailure())
  let result: Maybe<unknown>
  try {
    result = run()
  } catch (error) {
    return failed(error)
  }
  return result instanceof Promise ? result.then(() => next(undefined), failed) : next(undefined)
}
