import { UsageError } from '@x/core'
import type { ExchangeDataRequest } from '../../asn1/data-exchange.js'
import type { ObjectName } from '../../asn1/identifiers.js'
import { accessDenied, NON_DELETABLE, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { ServiceGroup } from '../groups.js'
import type { Answer, ServedCall } from '../handlers.js'
import type { Maybe } from '../maybe.js'
import type { VmdModel } from '../model.js'
import { listNameFor } from '../variable/attributes.js'
import { typeIn, typeMade } from '../variable/build.js'
import type { ModelType } from '../variable/model.js'
import type { Vmd } from '../vmd.js'
import { areOf, DataExchange } from './data-exchange.js'

export type { DataExchange } from './data-exchange.js'
export type { DataExchangeModel } from './model.js'

/** Calls of the application with typed data, from minor version 2 on. */
export const dataExchangeGroup: ServiceGroup = {
  handlers: { getDataExchangeAttributes, exchangeData },
  version: 2,
  isUsedBy: model => model.dataExchanges !== undefined,
  build,
}

function build(vmd: Vmd, model: VmdModel): void {
  const typesOf = (types: readonly ModelType[]) => types.map(type => typeIn(type, name => typeMade(vmd, name)))
  for (const [name, given] of Object.entries(model.dataExchanges ?? {})) {
    const { accessControlList = NON_DELETABLE } = given
    const programInvocation =
      given.programInvocation === undefined ? undefined : vmd.vmdSpecific.get('programInvocation', given.programInvocation)
    if (given.programInvocation !== undefined && programInvocation === undefined) {
      throw new UsageError('mms', 'MMS_MODEL', `data exchange ${name}: program invocation ${given.programInvocation} is not in the model`)
    }
    const types = { request: typesOf(given.request), response: typesOf(given.response) }
    vmd.vmdSpecific.add('dataExchange', new DataExchange(name, given, types, { accessControlList, programInvocation }))
  }
}

/** ISO 9506-1, 15.2. */
function getDataExchangeAttributes(name: ObjectName, association: ServerAssociation): Answer<'getDataExchangeAttributes'> {
  const exchange = association.vmd.find('dataExchange', name, association.own)
  if (exchange === undefined) return nonExistent
  const { inUse, requestTypes, responseTypes, programInvocation } = exchange
  return {
    response: {
      inUse,
      listOfRequestTypeDescriptions: requestTypes,
      listOfResponseTypeDescriptions: responseTypes,
      ...(programInvocation === undefined ? {} : { programInvocation: programInvocation.name }),
      ...listNameFor(association, exchange),
    },
  }
}

/** ISO 9506-1, 15.3: the data go to the application, its answer comes back. */
function exchangeData(
  { dataExchangeName, listOfRequestData }: ExchangeDataRequest,
  association: ServerAssociation,
  call: ServedCall,
): Maybe<Answer<'exchangeData'>> {
  const exchange = association.vmd.find('dataExchange', dataExchangeName, association.own)
  if (exchange === undefined) return nonExistent
  const { requestTypes, programInvocation } = exchange
  if (refusal(association, 'write', exchange)) return accessDenied
  if (programInvocation !== undefined && programInvocation.state !== 'running') {
    return { error: serviceError('service', 'object-state-conflict') }
  }
  if (listOfRequestData.length !== requestTypes.length) return invalidArgument
  if (!areOf(listOfRequestData, requestTypes)) return { error: serviceError('definition', 'type-inconsistent') }
  return exchange.run(listOfRequestData, association.context, call)
}
