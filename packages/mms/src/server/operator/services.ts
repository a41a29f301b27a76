import type { InputRequest, OutputRequest } from '../../asn1/operator.js'
import { refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Answer, Handlers, ServedCall } from '../handlers.js'
import type { Maybe } from '../maybe.js'

const INCONSISTENT = { error: serviceError('definition', 'object-attribute-inconsistent') }
const TOO_MANY = { error: serviceError('resource', 'capability-unavailable') }

/** ISO 9506-1, 17.2. */
function input(
  { operatorStationName, echo, listOfPromptData: prompt = [], inputTimeOut }: InputRequest,
  association: ServerAssociation,
  call: ServedCall,
): Maybe<Answer<'input'>> {
  const { vmd, negotiated } = association
  const station = vmd.vmdSpecific.get('operatorStation', operatorStationName)
  if (station === undefined) return nonExistent
  const denied = refusal(association, 'write', station)
  if (denied) return denied
  if (station.type === 'display') return INCONSISTENT
  const mayPrompt = station.type === 'entry-display' && negotiated.servicesSupportedOwn.includes('output')
  if (prompt.length > 0 && !mayPrompt) return invalidArgument
  if (!station.hasRoom) return TOO_MANY
  const timeout = inputTimeOut === undefined ? undefined : inputTimeOut * 1_000
  // An entry station has nothing to echo on.
  const job = { type: 'input', echo: echo && station.type === 'entry-display', prompt, timeout } as const
  return station.ask(job, call).then(outcome => ('error' in outcome ? outcome : { response: outcome.line }))
}

/** ISO 9506-1, 17.3. */
function output(
  { operatorStationName, listOfOutputData: lines }: OutputRequest,
  association: ServerAssociation,
  call: ServedCall,
): Maybe<Answer<'output'>> {
  const station = association.vmd.vmdSpecific.get('operatorStation', operatorStationName)
  if (station === undefined) return nonExistent
  const denied = refusal(association, 'read', station)
  if (denied) return denied
  if (station.type === 'entry') return INCONSISTENT
  if (!station.hasRoom) return TOO_MANY
  return station.ask({ type: 'output', lines }, call).then(outcome => ('error' in outcome ? outcome : { response: null }))
}

export const operatorHandlers: Handlers = { input, output }
