import { EncodeError } from '@x/core'
import { type Data, type MmsClient, parseVariable, type RequestOptions, type TypeDescription, toData, type VariableReference } from '@x/mms'
import { BadUsage, Untyped } from '../errors.js'
import { failureText } from '../render/values.js'
import { shortType } from './type-text.js'
import { typeOfPart, typesOf } from './types.js'

/** Something to be written, as it stands on the command line. */
export interface Given {
  readonly item: string
  readonly reference: VariableReference
  readonly text: string
}

/** The same with its type and its value. */
export interface Assignment {
  readonly item: string
  readonly reference: VariableReference
  readonly type: TypeDescription
  readonly value: Data
}

/**
 * Values from text, as the types say.
 * @param forced instead of what the device says of the types
 * @throws Untyped where the device does not tell a type; BadUsage and EncodeError MMS_TYPE_MISMATCH for values that do not fit
 */
export async function assignmentsOf(
  mms: MmsClient,
  given: readonly Given[],
  forced: TypeDescription | undefined,
  request: RequestOptions,
): Promise<readonly Assignment[]> {
  const types = forced === undefined ? await askTypes(mms, given, request) : given.map(() => forced)
  return given.map(({ item, reference, text }, i) => ({ item, reference, type: types[i]!, value: valueFromText(item, text, types[i]!) }))
}

/** `item=value` as something to be written. @throws BadUsage */
export function parseAssignment(text: string): Given {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}') depth--
    if (text[at] !== '=' || depth > 0) continue
    const item = text.slice(0, at)
    return { item, reference: parseVariable(item), text: text.slice(at + 1) }
  }
  throw new BadUsage(`expected item=value, found ${text}`)
}

async function askTypes(mms: MmsClient, given: readonly Given[], request: RequestOptions): Promise<readonly TypeDescription[]> {
  const found = await typesOf(
    mms,
    given.map(({ reference }) => reference.name),
    request,
  )
  return found.map((outcome, i) => {
    const { item, reference } = given[i]!
    if ('failure' in outcome) throw new Untyped(item, outcome.failure)
    const part = typeOfPart(outcome.type, reference)
    if (typeof part !== 'object') throw new Untyped(item, failureText(part))
    return part
  })
}

function valueFromText(item: string, text: string, type: TypeDescription): Data {
  try {
    return convert(item, text, type)
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error
    throw new BadUsage(`${item}: ${error.message}`, `what the device expects: mms describe '${item}'`)
  }
}

/** A value from the command line: text as it is for simple types, JSON for structures, arrays, and texts in quotes. */
function convert(item: string, text: string, type: TypeDescription): Data {
  const structured = type.type === 'structure' || type.type === 'array'
  const quoted = text.length > 1 && text.startsWith('"') && text.endsWith('"')
  if (!structured && !quoted) return toData(text, type)
  try {
    return toData(JSON.parse(text), type)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    if (!structured) return toData(text, type)
    throw new BadUsage(
      `the value of ${item} must be JSON, since it is ${shortType(type)}: ${error.message}`,
      `its form: mms read '${item}' --json`,
    )
  }
}
