import {
  encodeRequestDetail,
  type ProgramInvocationControl,
  type ProgramInvocationDetail,
  type RequestDetailName,
  type RequestDetailOf,
  responseDetail,
} from '../asn1/detail.js'
import type { ExecutionArgument, GetProgramInvocationAttributesResponse, StartCount } from '../asn1/program-invocation.js'
import type { RequestOptions } from '../edge/requests.js'
import type { Requester } from './requester.js'

export interface CreateProgramInvocationOptions extends RequestOptions {
  /** Whether it is idle again after its end, or unrunnable. @default true */
  readonly reusable?: boolean
  /** Events of the ends of its runs: `permanent`, or for as long as this association lives. @default none */
  readonly monitor?: 'permanent' | 'current'
  /** Needs `csr`. @default 'normal' */
  readonly control?: ProgramInvocationControl
}

export interface StartProgramOptions extends RequestOptions {
  /** Of a controlling one, with `csr`: where to begin, in the syntax of the server. @default at its beginning */
  readonly startLocation?: string
  /** Of a controlling one, with `csr`: cycles or steps to run. @default one cycle */
  readonly startCount?: StartCount
}

export interface ResumeProgramOptions extends RequestOptions {
  /** Of a controlling one, with `csr`: cycles or steps to run from here. @default those that are left */
  readonly startCount?: StartCount
}

/** Attributes, and with `csr` what it adds to them. */
export type ProgramInvocationAttributes = GetProgramInvocationAttributesResponse & Partial<ProgramInvocationDetail>

/**
 * The program invocation services of ISO 9506-1, 12, seen from the side that asks. A refused start, stop, resume or reset says in
 * `serviceSpecificInfo` of what the peer answered in which state the invocation is now.
 */
export class MmsProgramInvocations {
  readonly #client: Requester

  /** @internal */
  constructor(client: Requester) {
    this.#client = client
  }

  /** Makes a program of domains: idle, and its domains in use. */
  async createProgramInvocation(name: string, domains: readonly string[], options: CreateProgramInvocationOptions = {}): Promise<void> {
    const { reusable = true, monitor, control, ...more } = options
    const argument = {
      programInvocationName: name,
      listOfDomainNames: domains,
      reusable,
      ...(monitor === undefined ? {} : { monitorType: monitor === 'permanent' }),
    }
    await this.#client.request('createProgramInvocation', argument, detailed(more, 'createProgramInvocation', control))
  }

  async deleteProgramInvocation(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.request('deleteProgramInvocation', name, options)
  }

  /** From idle to running. Answered when the program runs. @param argument a text, or a value of an abstract syntax */
  async start(name: string, argument?: string | ExecutionArgument, options: StartProgramOptions = {}): Promise<void> {
    const { startLocation, startCount, ...more } = options
    const isControlling = startLocation !== undefined || startCount !== undefined
    const controlling = {
      startCount: startCount ?? ({ type: 'cycleCount', value: 1 } as const),
      ...(startLocation === undefined ? {} : { startLocation }),
    }
    const detail = isControlling ? ({ type: 'controlling', value: controlling } as const) : undefined
    await this.#client.request('start', withArgument(name, argument), detailed(more, 'start', detail))
  }

  /** From running to stopped. */
  async stop(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.request('stop', { programInvocationName: name }, options)
  }

  /** From stopped to running. @param argument takes the place of the one that it was started with */
  async resume(name: string, argument?: string | ExecutionArgument, options: ResumeProgramOptions = {}): Promise<void> {
    const { startCount, ...more } = options
    const detail =
      startCount === undefined
        ? undefined
        : ({ type: 'controlling', value: { modeType: { type: 'changeMode', value: startCount } } } as const)
    await this.#client.request('resume', withArgument(name, argument), detailed(more, 'resume', detail))
  }

  /** From stopped to idle, or to unrunnable if it is not reusable. */
  async reset(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.request('reset', { programInvocationName: name }, options)
  }

  /** From any state to unrunnable. */
  async kill(name: string, options?: RequestOptions): Promise<void> {
    await this.#client.request('kill', { programInvocationName: name }, options)
  }

  async getProgramInvocationAttributes(name: string, options?: RequestOptions): Promise<ProgramInvocationAttributes> {
    const { response, serviceExt } = await this.#client.requestDetailed('getProgramInvocationAttributes', name, options)
    return { ...response, ...responseDetail('getProgramInvocationAttributes', serviceExt) }
  }

  /** Selects a controlling invocation, and those that it controls from now on. @param controlling absent: none is selected any more */
  async select(controlling?: string, controlled?: readonly string[], options?: RequestOptions): Promise<void> {
    const argument = { ...(controlling === undefined ? {} : { controlling }), ...(controlled === undefined ? {} : { controlled }) }
    await this.#client.additional('select', argument, options)
  }

  /** How many cycles or steps a controlling invocation runs. @param startCount @default one cycle */
  async alterProgramInvocationAttributes(
    programInvocation: string,
    startCount: StartCount = { type: 'cycleCount', value: 1 },
    options?: RequestOptions,
  ): Promise<void> {
    await this.#client.additional('alterPI', { programInvocation, startCount }, options)
  }
}

function withArgument(programInvocationName: string, argument: string | ExecutionArgument | undefined) {
  if (argument === undefined) return { programInvocationName }
  const executionArgument = typeof argument === 'string' ? ({ type: 'simpleString', value: argument } as const) : argument
  return { programInvocationName, executionArgument }
}

function detailed<N extends RequestDetailName>(
  options: RequestOptions,
  service: N,
  detail: RequestDetailOf<N> | undefined,
): RequestOptions {
  return detail === undefined ? options : { ...options, serviceExt: encodeRequestDetail(service, detail) }
}
