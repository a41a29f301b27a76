import { type MmsClient, parseVariable, printType, type RequestOptions, type VariableReference } from '@x/mms'
import { memberText } from '../browse/collect.js'
import { refusalText } from '../client/bulk.js'
import { typeOfPart } from '../client/types.js'
import type { Context } from '../context.js'
import { Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'
import { typeJson } from '../render/json.js'
import { safe } from '../render/text.js'
import { failureText } from '../render/values.js'

type Description =
  | {
      readonly kind: 'variable'
      readonly item: string
      readonly mmsDeletable: boolean
      readonly type: unknown
      readonly lines: readonly string[]
    }
  | { readonly kind: 'list'; readonly item: string; readonly mmsDeletable: boolean; readonly members: readonly string[] }
  | { readonly kind: 'none'; readonly item: string; readonly error: string }

/** `mms describe item…`: the type of each variable, or of a part of it; the members of a list. */
export async function describe(context: Context, items: readonly string[]): Promise<void> {
  const references = items.map(parseVariable)
  const { settings, colours } = context
  await context.associated(async (mms, request) => {
    const found = await Promise.all(references.map((reference, i) => describeOne(mms, reference, items[i]!, request)))
    if (settings.json) context.printJson(found.map(json))
    else for (const [i, one] of found.entries()) context.print(...(i > 0 ? [''] : []), ...lines(one))
    if (found.some(one => one.kind === 'none')) throw new Failed(ExitCode.refused)
  })

  function lines(one: Description): readonly string[] {
    const title = colours.bold(safe(one.item))
    const deletable = one.kind !== 'none' && one.mmsDeletable ? ', deletable' : ''
    switch (one.kind) {
      case 'variable':
        return [`${title}  ${colours.dim(`variable${deletable}`)}`, ...one.lines]
      case 'list':
        return [`${title}  ${colours.dim(`list of ${one.members.length}${deletable}`)}`, ...one.members.map(safe)]
      case 'none':
        return [`${title}  ${colours.red(safe(one.error))}`]
      default:
        return one satisfies never
    }
  }
}

function json(one: Description): object {
  if (one.kind !== 'variable') return one
  const { kind, item, mmsDeletable, type } = one
  return { kind, item, mmsDeletable, type }
}

/** A variable first; what is none may be a list. */
async function describeOne(mms: MmsClient, reference: VariableReference, item: string, request: RequestOptions): Promise<Description> {
  try {
    const { typeDescription, mmsDeletable } = await mms.getVariableAccessAttributes(reference.name, request)
    const type = typeOfPart(typeDescription, reference)
    if (typeof type !== 'object') return { kind: 'none', item, error: failureText(type) }
    return { kind: 'variable', item, mmsDeletable, type: typeJson(type), lines: printType(type).split('\n').map(safe) }
  } catch (error) {
    const failure = refusalText(error)
    if (failure === undefined) throw error
    if (reference.alternateAccess !== undefined) return { kind: 'none', item, error: failure }
    return describeList(mms, reference, item, failure, request)
  }
}

async function describeList(
  mms: MmsClient,
  reference: VariableReference,
  item: string,
  failure: string,
  request: RequestOptions,
): Promise<Description> {
  try {
    const { mmsDeletable, listOfVariable } = await mms.getNamedVariableListAttributes(reference.name, request)
    return { kind: 'list', item, mmsDeletable, members: listOfVariable.map(memberText) }
  } catch (error) {
    if (refusalText(error) === undefined) throw error
    return { kind: 'none', item, error: failure }
  }
}
