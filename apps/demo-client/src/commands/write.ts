import { encode } from '@x/ber'
import { hex } from '@x/core'
import { Data, parseVariable, type TypeDescription } from '@x/mms'
import { type Assignment, assignmentsOf } from '../client/assign.js'
import { type Outcome, readAll } from '../client/bulk.js'
import { parseType, shortType } from '../client/type-text.js'
import type { Context } from '../context.js'
import { BadUsage, Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'
import { valueJson } from '../render/json.js'
import { renderTable } from '../render/table.js'
import { counted, safe } from '../render/text.js'
import { failureText, valueLine } from '../render/values.js'

export interface WriteOptions {
  /** Instead of asking the device for the type. */
  readonly type?: string
  /** Does not ask before writing. */
  readonly yes?: boolean
  /** Shows what would be written, and writes nothing. */
  readonly dryRun?: boolean
  /** Reads the value back. */
  readonly verify?: boolean
}

/** `mms write item value [item value …]`: values as the types of the device say; structures and arrays as JSON. */
export async function write(context: Context, pairs: readonly string[], options: WriteOptions): Promise<void> {
  if (pairs.length === 0 || pairs.length % 2 === 1) {
    throw new BadUsage(
      `write: expected an item and its value, or several such pairs, found ${counted(pairs.length, 'argument')}`,
      'a value with blanks stands in quotes: mms write vmd:Note "all is well"',
    )
  }
  const given = Array.from({ length: pairs.length / 2 }, (_, i) => ({
    item: pairs[2 * i]!,
    reference: parseVariable(pairs[2 * i]!),
    text: pairs[2 * i + 1]!,
  }))
  const forced = options.type === undefined ? undefined : parseType(options.type)
  await context.associated(async (mms, request) => {
    const assignments = await assignmentsOf(mms, given, forced, request)
    const mustAsk = options.yes !== true && options.dryRun !== true && context.io.inIsTerminal
    const before = mustAsk || options.dryRun ? await readAll(mms, assignments, request) : []
    if (options.dryRun) return showPlan(context, assignments, before)
    if (mustAsk && !(await agreed(context, assignments, before))) {
      context.talk('nothing written')
      throw new Failed(ExitCode.interrupted)
    }
    const results = await mms.write(
      assignments.map(({ reference, value }) => ({ item: reference, value })),
      request,
    )
    const failures = assignments.map((_, i) => failureOf(results[i]))
    const after = options.verify ? await readAll(mms, assignments, request) : []
    show(context, assignments, failures, after)
    if (failures.some(failure => failure !== undefined)) throw new Failed(ExitCode.refused)
  })
}

function failureOf(result: { readonly type: string; readonly value: unknown } | undefined): string | number | undefined {
  if (result === undefined) return 'no result from the device'
  return result.type === 'success' ? undefined : (result.value as string | number)
}

async function agreed(context: Context, assignments: readonly Assignment[], before: readonly Outcome[]): Promise<boolean> {
  const { io, talkColours, settings } = context
  io.err(`${talkColours.bold(`About to write to ${settings.host}:${settings.port}:`)}\n`)
  for (const [i, { item, type, value }] of assignments.entries()) {
    io.err(`  ${safe(item)}: ${outcomeText(before[i], type)} → ${talkColours.yellow(valueLine(value, type))}\n`)
  }
  const answer = (await io.ask('Write? [y/N] ')).trim().toLowerCase()
  return answer === 'y' || answer === 'yes'
}

function showPlan(
  { settings, print, printJson, colours, io }: Context,
  assignments: readonly Assignment[],
  before: readonly Outcome[],
): void {
  const plan = assignments.map(({ item, type, value }, i) => ({ item, type, value, before: before[i], octets: encode(Data, value) }))
  if (settings.json) {
    return printJson(
      plan.map(({ item, type, value, octets }) => ({ item, type: shortType(type), value: valueJson(value, type), octets, written: false })),
    )
  }
  const rows = plan.map(one => [
    safe(one.item),
    shortType(one.type),
    outcomeText(one.before, one.type),
    valueLine(one.value, one.type, 40),
    hex(one.octets),
  ])
  print(
    ...renderTable(
      [{ title: 'item' }, { title: 'type' }, { title: 'is' }, { title: 'would be' }, { title: 'Data' }],
      rows,
      colours,
      io.columns,
    ),
  )
}

function outcomeText(outcome: Outcome | undefined, type: TypeDescription): string {
  if (outcome === undefined) return 'not read'
  return 'data' in outcome ? valueLine(outcome.data, type, 40) : failureText(outcome.failure)
}

function show(
  context: Context,
  assignments: readonly Assignment[],
  failures: readonly (string | number | undefined)[],
  after: readonly Outcome[],
): void {
  const { settings, colours, io } = context
  if (settings.json) {
    return context.printJson(
      assignments.map(({ item, type, value }, i) => ({
        item,
        value: valueJson(value, type),
        ...(failures[i] === undefined ? { written: true } : { written: false, error: failures[i] }),
        ...(after[i] === undefined
          ? {}
          : 'data' in after[i]
            ? { readBack: valueJson(after[i].data, type) }
            : { readBack: { error: after[i].failure } }),
      })),
    )
  }
  const verified = after.length > 0
  const rows = assignments.map(({ item, type, value }, i) => [
    safe(item),
    valueLine(value, type, 40),
    failures[i] === undefined ? colours.green('written') : colours.red(failureText(failures[i])),
    ...(verified ? [outcomeText(after[i], type)] : []),
  ])
  const columns = [{ title: 'item' }, { title: 'value' }, { title: 'result' }, ...(verified ? [{ title: 'read back' }] : [])]
  context.print(...renderTable(columns, rows, colours, verified ? io.columns : undefined))
}
