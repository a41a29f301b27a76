import { type MmsClient, parseVariable, type RequestOptions, type TypeDescription, type VariableReference } from '@x/mms'
import { memberReference, memberText } from '../browse/collect.js'
import { type Row, rowOf } from '../browse/rows.js'
import { type Outcome, outcomeOf, readAll } from '../client/bulk.js'
import { typesOfParts } from '../client/types.js'
import type { Context } from '../context.js'
import { BadUsage, Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'
import { typeJson, valueJson } from '../render/json.js'
import { renderTree } from '../render/tree.js'
import { failureText, valueLine } from '../render/values.js'

export interface ReadOptions {
  /** Reads a named variable list. */
  readonly list?: string
  /** False: values alone, without asking for their types. */
  readonly types: boolean
  /** JSON that loses nothing. */
  readonly exact?: boolean
}

/** One item that was read. */
export interface ReadItem {
  readonly item: string
  readonly outcome: Outcome
  readonly type: TypeDescription | undefined
}

/** `mms read item…`: one result for each item. */
export async function read(context: Context, items: readonly string[], options: ReadOptions): Promise<void> {
  if (items.length === 0 && options.list === undefined) throw new BadUsage('read: expected items or --list, found neither')
  if (items.length > 0 && options.list !== undefined) throw new BadUsage('read: items and --list exclude each other')
  const references = items.map(parseVariable)
  await context.associated(async (mms, request) => {
    const found =
      options.list === undefined
        ? await readItems(mms, references, items, options.types, request)
        : await readList(mms, options.list, options.types, request)
    if (context.settings.json) context.printJson(found.map(one => itemJson(one, options.exact)))
    else context.print(...itemLines(context, found))
    if (found.some(({ outcome }) => 'failure' in outcome)) throw new Failed(ExitCode.refused)
  })
}

/** Reads variables, and their types beside them. */
export async function readItems(
  mms: MmsClient,
  references: readonly VariableReference[],
  items: readonly string[],
  withTypes: boolean,
  request: RequestOptions,
): Promise<readonly ReadItem[]> {
  const types = withTypes ? await typesOfParts(mms, references, request) : references.map(() => undefined)
  const outcomes = await readAll(
    mms,
    references.map((reference, i) => ({ reference, type: types[i] })),
    request,
  )
  return items.map((item, i) => ({ item, outcome: outcomes[i]!, type: types[i] }))
}

/** Reads a named variable list. */
export async function readList(mms: MmsClient, list: string, withTypes: boolean, request: RequestOptions): Promise<readonly ReadItem[]> {
  const { name } = parseVariable(list)
  const [{ listOfVariable }, results] = await Promise.all([
    mms.getNamedVariableListAttributes(name, request),
    mms.readVariableList(name, request),
  ])
  const members = listOfVariable.map(memberReference)
  const known = members.filter(member => member !== undefined)
  const types = withTypes ? await typesOfParts(mms, known, request) : []
  return Array.from({ length: Math.max(results.length, members.length) }, (_, i) => {
    const member = members[i]
    const at = member === undefined ? -1 : known.indexOf(member)
    return {
      item: listOfVariable[i] === undefined ? `member ${i + 1}` : memberText(listOfVariable[i]!),
      outcome: outcomeOf(results[i]),
      type: types[at],
    }
  })
}

/** An item as JSON. */
export function itemJson({ item, outcome, type }: ReadItem, exact = false): object {
  const described = type === undefined ? {} : { type: typeJson(type) }
  if ('failure' in outcome) return { item, ...described, error: outcome.failure }
  return { item, ...described, value: valueJson(outcome.data, type, exact) }
}

/** Items as a tree; structures on one line where they fit. */
export function itemLines({ colours, io }: Context, items: readonly ReadItem[]): string[] {
  const width = io.columns
  const rows = items.map(one => itemRow(one, width === undefined ? ONE_LINE : Math.max(32, width - 48)))
  return renderTree(rows, { colours, width, types: items.some(({ type }) => type !== undefined) })
}

/** Columns up to which a structure stands on one line where nothing else says so. */
const ONE_LINE = 72

function itemRow({ item, outcome, type }: ReadItem, room: number): Row {
  if ('failure' in outcome) return { label: item, path: item, type: '', value: failureText(outcome.failure), failed: true, below: [] }
  const line = valueLine(outcome.data, type)
  const short = line.length <= room
  if (type === undefined) return { label: item, path: item, type: '', value: line, below: [] }
  return rowOf(item, item, type, outcome, short ? { depth: 0 } : {})
}
