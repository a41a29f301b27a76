import { octetsOf, streamsOf } from '@x/core/testing'
import type { MmsPdu } from '../src/asn1/pdu.js'
import { describeRejectReason, describeServiceError } from '../src/client/errors.js'
import { formatObjectName } from '../src/names.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../src/services.js'
import { printData, printType } from '../src/values.js'
import { dissect, type Unit } from './dissect.js'
import type { Recording } from './recordings.js'

export type Request = {
  [S in ConfirmedServiceName]: { readonly type: S; readonly value: ConfirmedServices[S]['request'] }
}[ConfirmedServiceName]

/** A confirmed request and what became of it. */
export interface Exchange {
  readonly invokeID: number
  readonly request: Request
  readonly answer?: Extract<MmsPdu, { type: 'confirmedResponsePDU' | 'confirmedErrorPDU' | 'rejectPDU' }>
}

/** The confirmed services of one TCP connection, in the order of the requests. */
export function exchangesOf(client: readonly Unit[], server: readonly Unit[]): readonly Exchange[] {
  const answers = server.flatMap(({ mms }) => (mms ? [mms] : []))
  return client.flatMap(({ mms }) => {
    if (mms?.type !== 'confirmedRequestPDU') return []
    const { invokeID, service } = mms.value
    const at = answers.findIndex(pdu => invokeIDOf(pdu) === invokeID)
    const [answer] = at < 0 ? [] : answers.splice(at, 1)
    return [{ invokeID, request: service as Request, ...(answer && { answer: answer as NonNullable<Exchange['answer']> }) }]
  })
}

/** Those of a recorded connection, or of all of them. */
export function exchangesIn(recording: Recording, streams: readonly number[] = streamsOf(recording)): readonly Exchange[] {
  return streams.flatMap(stream =>
    exchangesOf(dissect(octetsOf(recording, stream, 'c2s')).units, dissect(octetsOf(recording, stream, 's2c')).units),
  )
}

/** The response to a service, if it is one. */
export function responseOf<S extends ConfirmedServiceName>(
  { answer, request }: Exchange,
  service: S,
): ConfirmedServices[S]['response'] | undefined {
  if (request.type !== service || answer?.type !== 'confirmedResponsePDU') return undefined
  return answer.value.service.value as ConfirmedServices[S]['response']
}

function invokeIDOf(pdu: MmsPdu): number | undefined {
  switch (pdu.type) {
    case 'confirmedResponsePDU':
    case 'confirmedErrorPDU':
      return pdu.value.invokeID
    case 'rejectPDU':
      return pdu.value.originalInvokeID
    default:
      return undefined
  }
}

/** What an answer says, as far as two servers with the same objects must agree on it. */
export function essenceOf(exchange: Exchange): string {
  const { answer, request } = exchange
  switch (answer?.type) {
    case undefined:
      return 'nothing'
    case 'confirmedErrorPDU':
      return `error ${describeServiceError({ errorClass: answer.value.serviceError.errorClass })}`
    case 'rejectPDU':
      return `reject ${describeRejectReason(answer.value.rejectReason)}`
  }
  const read = responseOf(exchange, 'read')
  if (read) return read.listOfAccessResult.map(result => (result.type === 'success' ? printData(result.value) : result.value)).join(', ')
  const write = responseOf(exchange, 'write')
  if (write) return write.map(result => (result.type === 'success' ? 'written' : result.value)).join(', ')
  const names = responseOf(exchange, 'getNameList')
  if (names && request.type === 'getNameList') {
    // Where a page ends is each server's own affair.
    return names.moreFollows || request.value.continueAfter !== undefined ? 'a page of names' : [...names.listOfIdentifier].sort().join(' ')
  }
  const described = responseOf(exchange, 'getVariableAccessAttributes')
  if (described) return printType(described.typeDescription)
  const attributes = responseOf(exchange, 'getNamedVariableListAttributes')
  if (attributes) {
    const members = attributes.listOfVariable.map(({ variableSpecification: variable }) =>
      variable.type === 'name' ? formatObjectName(variable.value) : variable.type,
    )
    return `${attributes.mmsDeletable ? 'deletable' : 'fixed'}: ${members.join(' ')}`
  }
  return JSON.stringify(answer?.value.service.value)
}
