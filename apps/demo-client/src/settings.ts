import { OsiError, unhex } from '@x/core'
import { DEFAULT_PORT } from '@x/tpkt'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { BadUsage } from './errors.js'
import type { Io } from './io.js'

/** One end of an association: what the options of one side say. */
export interface End {
  /** Absent: not sent. No octets: sent, empty. */
  readonly tsel?: Uint8Array | undefined
  readonly ssel?: Uint8Array | undefined
  readonly psel?: Uint8Array | undefined
  /** Dotted object identifier. */
  readonly apTitle?: string | undefined
  readonly aeQualifier?: number | undefined
}

/** The options that every command has. */
export interface Settings {
  readonly host: string
  readonly port: number
  /** For connecting, for associating and for each answer, in milliseconds. */
  readonly timeout: number
  readonly json: boolean
  /** 0: quiet, 1: a line per PDU, 2: its octets too. */
  readonly verbose: number
  readonly called: End
  readonly calling: End
  readonly maxPdu?: number
  readonly outstanding?: number
  readonly tpduSize?: number
  readonly password?: 'prompt' | { readonly env: string }
}

const DEFAULT_TIMEOUT = 5_000

/** What most servers expect. */
const DEFAULT_SELECTORS = { tsel: Uint8Array.of(0, 1), ssel: Uint8Array.of(0, 1), psel: Uint8Array.of(0, 0, 0, 1) } as const

const LAYERS = { tsel: 'transport', ssel: 'session', psel: 'presentation' } as const
const SIDES = ['called', 'calling'] as const

/** Adds the options of `Settings` to the program. */
export function addSettings(program: Command): Command {
  const connection = (option: Option) => program.addOption(option.helpGroup('Connection:'))
  connection(new Option('-H, --host <name>', 'name or address of the device').default('127.0.0.1'))
  connection(new Option('-p, --port <number>', 'TCP port').default(DEFAULT_PORT).argParser(numberFrom(0, 65_535)))
  connection(
    new Option('-t, --timeout <ms>', 'for connecting, associating and each answer; also 5s').default(DEFAULT_TIMEOUT).argParser(duration),
  )
  const output = (option: Option) => program.addOption(option.helpGroup('Output:'))
  output(new Option('--json', 'results as JSON; commands that go on print a line for each'))
  output(
    new Option('-v, --verbose', 'a line for each PDU on standard error; -vv with every octet explained')
      .default(0)
      .argParser((_, before: unknown) => Number(before) + 1),
  )
  const association = (option: Option) => program.addOption(option.helpGroup('Association:'))
  for (const side of SIDES) {
    for (const [name, layer] of Object.entries(LAYERS)) {
      association(new Option(`--${side}-${name} <hex>`, `${side} ${layer} selector; "none" sends none`).argParser(selector))
    }
    association(new Option(`--${side}-ap-title <oid>`, `${side} AP title, such as 1.1.1.999.1`).argParser(objectIdentifier))
    association(new Option(`--${side}-ae-qualifier <number>`, `${side} AE qualifier`).argParser(numberFrom(-0x8000_0000, 0x7fff_ffff)))
  }
  association(new Option('--password', 'ask for a password (ACSE authentication)'))
  association(new Option('--password-env <name>', 'take the password from this environment variable'))
  association(new Option('--max-pdu <octets>', 'largest MMS PDU proposed').argParser(numberFrom(64, 0x7fff_ffff)))
  association(new Option('--outstanding <number>', 'requests open at a time').argParser(numberFrom(1, 0x7fff)))
  association(new Option('--tpdu-size <octets>', 'largest TPDU proposed: 128, 256 … 8192').argParser(tpduSize))
  return program
}

/** The settings that a command line amounts to. @throws BadUsage for options that exclude each other */
export function settingsOf(options: Readonly<Record<string, unknown>>): Settings {
  const optional = <T>(name: string, value: unknown): { readonly [key: string]: T } => (value === undefined ? {} : { [name]: value as T })
  if (options.password && options.passwordEnv !== undefined) throw new BadUsage('--password and --password-env exclude each other')
  const password = options.password ? 'prompt' : options.passwordEnv === undefined ? undefined : { env: String(options.passwordEnv) }
  return {
    host: String(options.host),
    port: Number(options.port),
    timeout: Number(options.timeout),
    json: options.json === true,
    verbose: Number(options.verbose),
    called: endOf(options, 'called'),
    calling: endOf(options, 'calling'),
    ...optional('maxPdu', options.maxPdu),
    ...optional('outstanding', options.outstanding),
    ...optional('tpduSize', options.tpduSize),
    ...optional('password', password),
  }
}

/** The selectors that were given on the command line, for a server that insists on them. */
export function demandedSelectors(options: Readonly<Record<string, unknown>>): Pick<End, 'tsel' | 'ssel' | 'psel'> {
  const given = (name: string) => (options[name] instanceof Uint8Array ? (options[name] as Uint8Array) : undefined)
  return { tsel: given('calledTsel'), ssel: given('calledSsel'), psel: given('calledPsel') }
}

/** The password, asked for or from the environment. @throws BadUsage where there is none */
export async function passwordOf(settings: Settings, io: Io): Promise<string | undefined> {
  const { password } = settings
  if (password === undefined) return undefined
  if (password === 'prompt') {
    if (!io.inIsTerminal) throw new BadUsage('--password: there is no terminal to ask on', 'use --password-env NAME')
    return io.ask('Password: ', 'secret')
  }
  const value = io.env[password.env]
  if (value === undefined) throw new BadUsage(`--password-env ${password.env}: this environment variable is not set`)
  return value
}

function endOf(options: Readonly<Record<string, unknown>>, side: 'called' | 'calling'): End {
  const chosen = (name: 'tsel' | 'ssel' | 'psel') => {
    const value = options[`${side}${name[0]!.toUpperCase()}${name.slice(1)}`]
    return value === undefined ? DEFAULT_SELECTORS[name] : value === 'none' ? undefined : (value as Uint8Array)
  }
  const apTitle = options[`${side}ApTitle`] as string | undefined
  const aeQualifier = options[`${side}AeQualifier`] as number | undefined
  return { tsel: chosen('tsel'), ssel: chosen('ssel'), psel: chosen('psel'), apTitle, aeQualifier }
}

/** @throws InvalidArgumentError for what is neither hex nor `none` */
function selector(text: string): Uint8Array | 'none' {
  if (text === 'none') return 'none'
  try {
    return unhex(text)
  } catch (error) {
    if (!(error instanceof OsiError)) throw error
    throw new InvalidArgumentError('Expected octets as hex, such as 0001 or "00 01", or none.')
  }
}

function objectIdentifier(text: string): string {
  const arcs = text.split('.')
  if (arcs.length > 1 && arcs.every(arc => arc !== '' && [...arc].every(digit => digit >= '0' && digit <= '9'))) return text
  throw new InvalidArgumentError('Expected a dotted object identifier, such as 1.1.1.999.1.')
}

/** A parser of whole numbers within a range. */
export function numberFrom(least: number, most: number): (text: string) => number {
  return text => {
    const number = Number(text)
    if (text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`)
  }
}

function tpduSize(text: string): number {
  const size = Number(text)
  if ([128, 256, 512, 1024, 2048, 4096, 8192].includes(size)) return size
  throw new InvalidArgumentError('Expected 128, 256, 512, 1024, 2048, 4096 or 8192.')
}

/** Milliseconds from `500`, `500ms`, `5s` or `2m`. @throws InvalidArgumentError */
export function duration(text: string): number {
  for (const [unit, factor] of Object.entries({ ms: 1, s: 1_000, m: 60_000, '': 1 })) {
    if (!text.endsWith(unit)) continue
    const number = text.slice(0, text.length - unit.length)
    if (number.trim() !== '' && Number(number) > 0) return Math.round(Number(number) * factor)
  }
  throw new InvalidArgumentError('Expected a time above 0: milliseconds, or with a unit: 500ms, 5s, 2m.')
}
