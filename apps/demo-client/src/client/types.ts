import type { DataAccessError, MmsClient, ObjectName, RequestOptions, TypeDescription, VariableReference } from '@x/mms'
import { formatObjectName, select } from '@x/mms'
import { refusalText } from './bulk.js'

/** What a device says of the type of a variable, or why it does not. */
export type TypeOutcome = { readonly type: TypeDescription; readonly mmsDeletable: boolean } | { readonly failure: string }

/** Asks for the types of variables, all at a time. Each name is asked for once. @throws how the association ended, TimeoutError */
export async function typesOf(mms: MmsClient, names: readonly ObjectName[], request: RequestOptions): Promise<readonly TypeOutcome[]> {
  const asked = new Map<string, Promise<TypeOutcome>>()
  return Promise.all(
    names.map(name => {
      const key = formatObjectName(name)
      const pending = asked.get(key) ?? typeOf(mms, name, request)
      asked.set(key, pending)
      return pending
    }),
  )
}

async function typeOf(mms: MmsClient, name: ObjectName, request: RequestOptions): Promise<TypeOutcome> {
  try {
    const { typeDescription, mmsDeletable } = await mms.getVariableAccessAttributes(name, request)
    return { type: typeDescription, mmsDeletable }
  } catch (error) {
    const failure = refusalText(error)
    if (failure === undefined) throw error
    return { failure }
  }
}

/** The type of what a reference means: of the variable, or of the part that it selects. */
export function typeOfPart(type: TypeDescription, { alternateAccess }: VariableReference): TypeDescription | DataAccessError {
  if (alternateAccess === undefined) return type
  const selection = select(type, alternateAccess)
  return typeof selection === 'object' ? selection.type : selection
}

/** The types of what references mean; undefined where the device does not tell. */
export async function typesOfParts(
  mms: MmsClient,
  references: readonly VariableReference[],
  request: RequestOptions,
): Promise<readonly (TypeDescription | undefined)[]> {
  const found = await typesOf(
    mms,
    references.map(({ name }) => name),
    request,
  )
  return found.map((outcome, i) => {
    if ('failure' in outcome) return undefined
    const part = typeOfPart(outcome.type, references[i]!)
    return typeof part === 'object' ? part : undefined
  })
}
