import { BOOLEAN, explicit, implicit, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import { type Data, DataList } from './data.js'
import { Identifier, ObjectName } from './identifiers.js'
import { TypeDescription } from './variable-access.js'

/** ISO 9506-2, ExchangeData-Request. */
export interface ExchangeDataRequest {
  readonly dataExchangeName: ObjectName
  readonly listOfRequestData: readonly Data[]
}
export const ExchangeDataRequest: Type<ExchangeDataRequest> = SEQUENCE<ExchangeDataRequest>('ExchangeData-Request', {
  dataExchangeName: explicit(0, ObjectName),
  listOfRequestData: implicit(1, DataList),
})

/** ISO 9506-2, ExchangeData-Response. */
export interface ExchangeDataResponse {
  readonly listOfResponseData: readonly Data[]
}
export const ExchangeDataResponse: Type<ExchangeDataResponse> = SEQUENCE<ExchangeDataResponse>('ExchangeData-Response', {
  listOfResponseData: implicit(0, DataList),
})

/** ISO 9506-2, GetDataExchangeAttributes-Request: its name. */
export const GetDataExchangeAttributesRequest: Type<ObjectName> = ObjectName

/** ISO 9506-2, GetDataExchangeAttributes-Response. */
export interface GetDataExchangeAttributesResponse {
  readonly inUse: boolean
  readonly listOfRequestTypeDescriptions: readonly TypeDescription[]
  readonly listOfResponseTypeDescriptions: readonly TypeDescription[]
  /** The one that takes the data. */
  readonly programInvocation?: string
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const GetDataExchangeAttributesResponse: Type<GetDataExchangeAttributesResponse> = SEQUENCE<GetDataExchangeAttributesResponse>(
  'GetDataExchangeAttributes-Response',
  {
    inUse: implicit(0, BOOLEAN),
    listOfRequestTypeDescriptions: implicit(1, SEQUENCE_OF(TypeDescription)),
    listOfResponseTypeDescriptions: implicit(2, SEQUENCE_OF(TypeDescription)),
    programInvocation: implicit(3, Identifier).optional(),
    accessControlList: implicit(4, Identifier).optional(),
  },
)
