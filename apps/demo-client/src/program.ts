import { readFileSync } from 'node:fs'
import { Command, CommanderError, Option } from 'commander'
import { browse } from './commands/browse.js'
import { call } from './commands/call.js'
import { demo } from './commands/demo.js'
import { describe } from './commands/describe.js'
import { explain } from './commands/explain.js'
import { identify } from './commands/identify.js'
import { names, objectClasses } from './commands/names.js'
import { read } from './commands/read.js'
import { serve } from './commands/serve.js'
import { status } from './commands/status.js'
import { watch } from './commands/watch.js'
import { write } from './commands/write.js'
import { type Context, makeContext } from './context.js'
import { ExitCode, exitCodeHelp } from './exit-codes.js'
import { layerNames } from './explain/layers.js'
import { reportFailure } from './failure.js'
import { addNote, formatHelp } from './help.js'
import { coloursFor, type Io } from './io.js'
import { addSettings, demandedSelectors, duration, numberFrom, settingsOf } from './settings.js'

type Options = Readonly<Record<string, unknown>>
/** Runs a command with what was given on the command line. */
type Act = (run: (context: Context, options: Options) => Promise<void>) => Promise<void>

/** Parses a command line and runs its command. @returns the exit code */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = ExitCode.ok
  const program = makeProgram(io, command => async run => {
    const options = command.optsWithGlobals() as Options
    try {
      await run(makeContext(io, settingsOf(options)), options)
    } catch (error) {
      exitCode = reportFailure(error, io, coloursFor(io.errIsTerminal, io.env), options.json === true)
    }
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage
  }
  return exitCode
}

function makeProgram(io: Io, act: (command: Command) => Act): Command {
  const program = new Command('mms')
    .description('A client for MMS devices (ISO 9506), a virtual device, and an explainer of octets.')
    .usage('<command> [options]')
    .version(versionOf(), '-V, --version', 'the version of this program')
    .helpOption('-h, --help', 'help; mms <command> --help for one command')
    .helpCommand('help [command]', 'the same as --help')
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => io.columns ?? 100,
      getErrHelpWidth: () => io.columns ?? 100,
      outputError: (text, write) => write(text.startsWith('error: ') ? `mms: ${text.slice(7)}` : text),
    })
    .configureHelp({
      showGlobalOptions: true,
      formatHelp,
      subcommandTerm: command => `${command.name()} ${command.usage().replace('[options] ', '').replace('[options]', '')}`.trim(),
    })
    .showHelpAfterError('(--help shows what there is)')
    .addHelpText('after', `\n${exitCodeHelp}\n`)
  addSettings(program)
  addTour(program, act)
  addLooking(program, act)
  addReading(program, act)
  addCalling(program, act)
  addOctets(program, act)
  return program
}

function versionOf(): string {
  // Beside src and dist alike.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** A command with examples behind its help. */
function add(program: Command, usage: string, description: string, group: string, ...examples: readonly string[]): Command {
  const command = program.command(usage).description(description).helpGroup(`${group}:`)
  addNote(
    command,
    'Examples:',
    examples.map(example => `  ${example}`),
  )
  return command
}

function addTour(program: Command, act: (command: Command) => Act): void {
  const demoCommand = add(
    program,
    'demo',
    'the tour: a virtual device and a client talk over TCP, and one PDU is taken apart',
    'Start here',
    'mms demo',
  )
  demoCommand.action(() => act(demoCommand)(context => demo(context)))

  const serveCommand = add(
    program,
    'serve',
    'run the virtual bay controller for other clients, until Ctrl-C',
    'Start here',
    'mms serve --port 10102',
    'mms serve --port 10102 --host 0.0.0.0            for other machines',
    'mms serve --port 10102 --model model.json',
    'mms serve --port 10102 --called-tsel 0002        refuses callers with another selector',
    'PASSWORD=… mms serve --password-env PASSWORD     refuses callers without it',
  )
    .option('--model <file>', 'a model as JSON in place of the bay controller')
    .option('-q, --quiet', 'say nothing of associations')
    .addOption(
      new Option('--reports <ms>', 'time between two reports of measurements; 0: none').default(1_000).argParser(numberFrom(0, 3_600_000)),
    )
  serveCommand.action(() =>
    act(serveCommand)((context, options) => serve(context, { ...(options as { reports: number }), demanded: demandedSelectors(options) })),
  )
}

function addLooking(program: Command, act: (command: Command) => Act): void {
  const group = 'Look around'
  const identifyCommand = add(
    program,
    'identify',
    'vendor, model, revision, and what was negotiated',
    group,
    'mms identify --host 192.0.2.7',
  )
  identifyCommand.action(() => act(identifyCommand)(context => identify(context)))

  const statusCommand = add(program, 'status', 'logical and physical status', group, 'mms status --host 192.0.2.7').option(
    '--extended',
    'ask the device to look more thoroughly',
  )
  statusCommand.action(() => act(statusCommand)((context, options) => status(context, options)))

  const namesCommand = add(
    program,
    'names [scope]',
    'names of domains, or of objects of a scope: a domain, vmd: or aa:',
    group,
    'mms names                            the domains',
    'mms names BAY1CTRL                   the variables of a domain',
    'mms names BAY1CTRL --class list',
    'mms names vmd: --class all',
  ).option('-c, --class <class>', `all, ${Object.keys(objectClasses).join(', ')}`)
  namesCommand.action((scope: string | undefined) => act(namesCommand)((context, options) => names(context, scope, options)))

  const browseCommand = add(
    program,
    'browse [scope...]',
    'everything as a tree, with types and values; a scope is a domain, domain/item or vmd:',
    group,
    'mms browse --depth 1',
    'mms browse BAY1CTRL --values',
    "mms browse 'BAY1CTRL/XCBR1$ST' --values",
    "mms browse --values --filter '*Pos$stVal'",
    'mms browse --values --flat | grep Temp',
  )
    .option('--values', 'read the values too')
    .addOption(new Option('--depth <levels>', 'levels below a domain').argParser(numberFrom(1, 100)))
    .option('--filter <pattern>', 'only items that match: * and ? stand for others; without them, that contain it')
    .option('--no-types', 'names and values only')
    .option('--flat', 'a line for each simple value, with its whole name; columns separated by tabs')
  browseCommand.action((scopes: string[]) => act(browseCommand)((context, options) => browse(context, scopes, options as never)))

  const describeCommand = add(
    program,
    'describe <item...>',
    'the type of a variable or of a part of it; the members of a list',
    group,
    'mms describe BAY1MEAS/Phases',
    "mms describe 'BAY1CTRL/XCBR1$ST$Pos' BAY1MEAS/Measurements",
    "mms describe 'BAY1MEAS/Phases(0).limits' --json",
  )
  describeCommand.action((items: string[]) => act(describeCommand)(context => describe(context, items)))
}

const ITEMS = [
  '  domain/item   of a domain        vmd:item   of the device        aa:item   of this association',
  '  Behind it, parts: .component   (3) an element   (2..4) elements   (*) all   {.a,.b} several',
  '  In a shell, put items with $ ( ) { } or * in single quotes.',
]

function addReading(program: Command, act: (command: Command) => Act): void {
  const group = 'Read and write'
  const readCommand = add(
    program,
    'read [item...]',
    'values of variables, one result for each',
    group,
    "mms read BAY1MEAS/f 'BAY1CTRL/XCBR1$ST$Pos'",
    "mms read 'BAY1MEAS/Harmonics(2..6)' 'BAY1MEAS/Phases(*).u'",
    'mms read --list BAY1MEAS/Measurements --json',
  )
    .option('-l, --list <name>', 'read a named variable list')
    .option('--no-types', 'do not ask for the types: values without names of components')
    .option('--exact', 'with --json: values in a form that loses nothing')
  addNote(readCommand, 'Items:', ITEMS)
  readCommand.action((items: string[]) => act(readCommand)((context, options) => read(context, items, options as never)))

  const writeCommand = add(
    program,
    'write <item> <value> [more...]',
    'write variables; the device says what type a value must have',
    group,
    "mms write 'BAY1CTRL/PTOC1$SP$StrVal$setMag$f' 2.5",
    "mms write 'BAY1CTRL/CSWI1$CO$Pos$Oper$ctlVal' false --yes",
    "mms write 'BAY1MEAS/Matrix(1)' '[0, 2, 0]' --verify",
    'mms write vmd:Note "all is well" BAY1MEAS/Kind_utc_time 2026-01-31T12:30:00Z --dry-run',
  )
    .option('--type <type>', 'the type, where the device does not tell: int32, float32, boolean, string(-64), JSON …')
    .option('-y, --yes', 'do not ask')
    .option('-n, --dry-run', 'show what would be written')
    .option('--verify', 'read back what was written')
  addNote(writeCommand, 'Items:', ITEMS)
  writeCommand.action((item: string, value: string, more: string[]) =>
    act(writeCommand)((context, options) => write(context, [item, value, ...more], options)),
  )

  const watchCommand = add(
    program,
    'watch [item...]',
    'reports of the device as they come; with items, their values whenever they change',
    group,
    'mms watch                                        information reports, until Ctrl-C',
    'mms watch BAY1MEAS/f BAY1MEAS/P --interval 500',
    'mms watch --count 3 --for 10s --json',
    "mms watch --set 'LD0/LLN0$RP$urcb01$RptEna=true'  switches a report on first",
  )
    .addOption(new Option('-i, --interval <ms>', 'time between two reads; also 2s').default(1_000).argParser(duration))
    .addOption(new Option('-n, --count <number>', 'end after so many reports or rounds').argParser(numberFrom(1, 1_000_000_000)))
    .addOption(new Option('--for <time>', 'end after this time, such as 30s').argParser(duration))
    .option('--all', 'with items: show at each round what has not changed, too')
    .addOption(
      new Option('--set <item=value>', 'write this first, on the same association; may be repeated').argParser(
        (text, before: string[] = []) => [...before, text],
      ),
    )
  addNote(watchCommand, 'Items:', ITEMS)
  watchCommand.action((items: string[]) => act(watchCommand)((context, options) => watch(context, items, options as never)))
}

function addCalling(program: Command, act: (command: Command) => Act): void {
  const callCommand = add(
    program,
    'call [service] [json]',
    'any service of ISO 9506 by its name, argument and result as JSON; without a service, all of their names',
    'Everything else',
    'mms call getCapabilityList {}',
    'mms call getDomainAttributes \'"BAY1CTRL"\'',
    'mms call takeControl --describe                   what it takes and gives, as ASN.1',
    "mms call rename --yes '{ … }'                     does not ask, though it changes something",
    'mms call defineSemaphore - < argument.json',
  )
    .option('--describe', 'the types of the argument and of the result; sends nothing')
    .option('-y, --yes', 'do not ask')
  addNote(callCommand, 'Argument:', [
    '  A SEQUENCE is an object, an alternative is { "type": "vmdSpecific", "value": "Note" }, NULL is null,',
    '  octets are hex, bits { "hex": "80", "size": 7 }; names as --describe has them, without hyphens: vmd-specific is vmdSpecific.',
  ])
  callCommand.action((service: string | undefined, json: string | undefined) =>
    act(callCommand)((context, options) => call(context, service, json, options)),
  )
}

function addOctets(program: Command, act: (command: Command) => Act): void {
  const explainCommand = add(
    program,
    'explain [hex...]',
    'what every octet means, layer by layer; without hex, or with -, from standard input',
    'Take apart',
    'mms explain 0300001611e00000000100c0010dc2020001c1020001',
    'mms explain --layer mms a0 05 02 01 01 82 00',
    'xxd -p packet.bin | mms explain --json',
  )
    .addOption(new Option('-l, --layer <layer>', 'where the octets begin').choices([...layerNames]).default('tpkt'))
    .option('--sources', 'show where the code says so, also where it does not fit')
    .option('--no-sources', 'do not show it')
  explainCommand.action((hex: string[]) => act(explainCommand)((context, options) => explain(context, hex, options as never)))
}
