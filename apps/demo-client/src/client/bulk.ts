import { RejectedError, ServiceError } from '@x/core'
import type { AccessResult, Data, MmsClient, RequestOptions, TypeDescription, TypeSpecification, VariableReference } from '@x/mms'
import { describeRejectReason, describeServiceError, formatVariable } from '@x/mms'

/** What became of one item: its value, or why there is none. */
export type Outcome = { readonly data: Data } | { readonly failure: string | number }

/** A variable to be read, with its type where it is known. */
export interface Wanted {
  readonly reference: VariableReference
  readonly type?: TypeDescription | undefined
}

/** Octets around the items of a read or its response. */
const ENVELOPE = 64
/** Items in one request: some devices take no more. */
const MOST_ITEMS = 64
/** What a variable without a known type is taken to need. */
const UNKNOWN_SIZE = 1_024

/**
 * Reads many variables: as many in a request as fit the negotiated PDU size by their types, as many requests at a time as negotiated.
 * A request that the device refuses is tried again in halves, so that one bad item costs only itself.
 *
 * @param onRead told of the results of each request as they come
 * @returns one outcome for each item, in order
 * @throws how the association ended, TimeoutError, the signal's reason
 */
export async function readAll(
  mms: MmsClient,
  wanted: readonly Wanted[],
  request: RequestOptions,
  onRead: (first: number, outcomes: readonly Outcome[]) => void = () => {},
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = new Array(wanted.length)
  await Promise.all(
    batches(wanted, mms.negotiated.maxPduSize - ENVELOPE).map(async ({ from, to }) => {
      const read = await readBatch(mms, wanted.slice(from, to), request)
      for (const [i, outcome] of read.entries()) outcomes[from + i] = outcome
      onRead(from, read)
    }),
  )
  return outcomes
}

async function readBatch(mms: MmsClient, wanted: readonly Wanted[], request: RequestOptions): Promise<readonly Outcome[]> {
  try {
    const results = await mms.read(
      wanted.map(({ reference }) => reference),
      request,
    )
    return wanted.map((_, i) => outcomeOf(results[i]))
  } catch (error) {
    const failure = refusalText(error)
    if (failure === undefined) throw error
    if (wanted.length === 1) return [{ failure }]
    const middle = wanted.length >> 1
    const halves = await Promise.all([readBatch(mms, wanted.slice(0, middle), request), readBatch(mms, wanted.slice(middle), request)])
    return halves.flat()
  }
}

/** An AccessResult as an outcome; the device may have sent none. */
export function outcomeOf(result: AccessResult | undefined): Outcome {
  if (result === undefined) return { failure: 'no result from the device' }
  return result.type === 'success' ? { data: result.value } : { failure: result.value }
}

/** Why the device refused a whole request; undefined: it is another kind of error. */
export function refusalText(error: unknown): string | undefined {
  if (error instanceof ServiceError) {
    const { answered } = error
    return typeof answered === 'object' && answered !== null && 'errorClass' in answered
      ? describeServiceError(answered as never)
      : error.message
  }
  if (error instanceof RejectedError) {
    const { answered } = error
    return typeof answered === 'object' && answered !== null && 'type' in answered
      ? `rejected: ${describeRejectReason(answered as never)}`
      : error.message
  }
  return undefined
}

/** Ranges of items that fit one request and its response. */
function batches(wanted: readonly Wanted[], room: number): readonly { readonly from: number; readonly to: number }[] {
  const ranges: { from: number; to: number }[] = []
  let from = 0
  let asked = 0
  let answered = 0
  for (const [i, { reference, type }] of wanted.entries()) {
    const question = 24 + 2 * formatVariable(reference).length
    const answer = type === undefined ? UNKNOWN_SIZE : sizeOf(type)
    if (i > from && (asked + question > room || answered + answer > room || i - from >= MOST_ITEMS)) {
      ranges.push({ from, to: i })
      from = i
      asked = 0
      answered = 0
    }
    asked += question
    answered += answer
  }
  if (from < wanted.length) ranges.push({ from, to: wanted.length })
  return ranges
}

/** The most octets that a value of the type takes. */
export function sizeOf(type: TypeDescription): number {
  switch (type.type) {
    case 'array':
      return 6 + type.value.numberOfElements * sizeOfSpecification(type.value.elementType)
    case 'structure':
      return 6 + type.value.components.reduce((sum, { componentType }) => sum + sizeOfSpecification(componentType), 0)
    case 'bitString':
      return 4 + ((Math.abs(type.value) + 7) >> 3)
    case 'integer':
    case 'unsigned':
      return 3 + ((type.value + 7) >> 3)
    case 'floatingPoint':
      return 3 + (type.value.formatWidth >> 3)
    case 'octetString':
    case 'visibleString':
      return 4 + Math.abs(type.value)
    case 'mMSString':
      return 4 + 4 * Math.abs(type.value)
    case 'bcd':
      return 3 + type.value
    case 'generalizedTime':
    case 'objId':
      return 24
    default:
      return 10
  }
}

function sizeOfSpecification(specification: TypeSpecification): number {
  return specification.type === 'typeDescription' ? sizeOf(specification.value) : UNKNOWN_SIZE
}
