import { type AnyType, fromJson, type Json, NULL, printModule, type Type, toJson } from '@x/ber'
import { OsiError } from '@x/core'
import {
  type AdditionalServiceName,
  AdditionalServiceRequest,
  AdditionalServiceResponse,
  additionalServiceNames,
  type ConfirmedServiceName,
  confirmedServiceNames,
  confirmedServices,
  fullNameOf,
  type InitiateParameters,
  type MmsClient,
  type RequestOptions,
  sinceVersion,
  supportBitOf,
  WHOLE_OF_MMS,
} from '@x/mms'
import type { Context } from '../context.js'
import { BadUsage, Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'

export interface CallOptions {
  /** Shows the types of the argument and of the result as ASN.1, and sends nothing. */
  readonly describe?: boolean
  /** Does not ask before a service that may change something. */
  readonly yes?: boolean
}

/** A service that can be asked for: one that is confirmed, or one inside additionalService. */
interface Service {
  readonly name: string
  /** Its number in its CHOICE. */
  readonly tag: number
  readonly request: Type<unknown>
  readonly response: Type<unknown>
  /** What must be offered for it; undefined: what is offered to every device. */
  readonly initiate: InitiateParameters | undefined
  readonly send: (mms: MmsClient, argument: unknown, options: RequestOptions) => Promise<unknown>
}

/** `mms call service [json]`: any service of ISO 9506, its argument and its result as JSON. */
export async function call(context: Context, name: string | undefined, json: string | undefined, options: CallOptions): Promise<void> {
  if (name === undefined) return list(context)
  const service = serviceNamed(name)
  if (options.describe)
    return context.print(...printModule(`Call-${service.name}`, [service.request, service.response]).trimEnd().split('\n'))
  const argument = argumentOf(service, json === '-' ? new TextDecoder().decode(await context.io.read()) : json)
  if (!(await mayCall(context, service, options))) {
    context.talk('nothing sent')
    throw new Failed(ExitCode.interrupted)
  }
  await context.associated(
    async (mms, request) => {
      const response = await service.send(mms, argument, request)
      const result = service.response === NULL ? null : toJson(service.response, response)
      if (result !== null || context.settings.json) context.printJson(result)
      else context.talk(`${service.name}: done`)
    },
    service.initiate === undefined ? {} : { initiate: service.initiate },
  )
}

function list({ settings, print, printJson }: Context): void {
  const services = [...confirmed(), ...additional()]
  if (settings.json) return printJson(services.map(({ name, tag }) => ({ name, tag })))
  print(...services.map(({ name }) => name))
}

function* confirmed(): Generator<Service> {
  for (const { name, tag } of confirmedServiceNames) {
    if (name === 'additionalService') continue
    const service: ConfirmedServiceName = name
    const bit = supportBitOf(name)
    yield {
      name,
      tag,
      request: confirmedServices[service].request as Type<unknown>,
      response: confirmedServices[service].response as Type<unknown>,
      initiate: bit !== undefined && sinceVersion(bit) > 1 ? WHOLE_OF_MMS : undefined,
      send: (mms, argument, options) => mms.request(service, argument as never, options),
    }
  }
}

function* additional(): Generator<Service> {
  for (const [tag, service] of additionalServiceNames.entries()) {
    yield {
      name: fullNameOf(service),
      tag,
      request: alternativeOf(AdditionalServiceRequest, service),
      response: alternativeOf(AdditionalServiceResponse, service),
      initiate: WHOLE_OF_MMS,
      send: (mms, argument, options) => mms.additional(service, argument as never, options),
    }
  }
}

/** The type of one alternative of a CHOICE, without its tag. */
function alternativeOf(choice: AnyType, name: AdditionalServiceName): Type<unknown> {
  const { shape } = choice
  const member = shape.kind === 'choice' ? shape.alternatives.find(alternative => alternative.key === name)?.type() : undefined
  if (member === undefined) throw new TypeError(`${choice.name} has no ${name}`)
  return (member.shape.kind === 'tagged' ? member.shape.type() : member) as Type<unknown>
}

function serviceNamed(name: string): Service {
  const services = [...confirmed(), ...additional()]
  const found = services.find(service => service.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const near = services.filter(service => service.name.toLowerCase().includes(name.toLowerCase())).map(service => service.name)
  throw new BadUsage(
    `call: there is no service ${name}`,
    near.length > 0 ? `there is ${near.slice(0, 8).join(', ')}` : 'mms call lists all of them',
  )
}

function argumentOf(service: Service, text: string | undefined): unknown {
  let json: Json = null
  if (text !== undefined) {
    try {
      json = JSON.parse(text) as Json
    } catch (error) {
      throw new BadUsage(`call: the argument is no JSON: ${(error as Error).message}`, 'in a shell, put it in single quotes')
    }
  }
  try {
    return fromJson(service.request, json)
  } catch (error) {
    if (!(error instanceof OsiError)) throw error
    throw new BadUsage(`call: ${error.message}`, `mms call ${service.name} --describe shows what it takes`)
  }
}

/** Services that only look. All else is asked for on a terminal, and needs `--yes` elsewhere. */
function onlyLooks(name: string): boolean {
  return /^(get|report|read|status$|identify$|fileDirectory$)/.test(name)
}

async function mayCall({ io, settings, talkColours }: Context, { name }: Service, options: CallOptions): Promise<boolean> {
  if (options.yes || onlyLooks(name)) return true
  if (!io.inIsTerminal) throw new BadUsage(`call: ${name} may change the device`, 'say --yes if it may')
  io.err(`${talkColours.bold(`About to send ${name} to ${settings.host}:${settings.port}.`)}\n`)
  const answer = (await io.ask('Send? [y/N] ')).trim().toLowerCase()
  return answer === 'y' || answer === 'yes'
}
