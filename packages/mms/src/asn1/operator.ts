import { BOOLEAN, implicit, SEQUENCE, type Type } from '@x/ber'
import { MMSStringList } from './domain.js'
import { Identifier, MMSString, Unsigned32 } from './identifiers.js'

/** ISO 9506-2, Input-Request: an operator is asked. */
export interface InputRequest {
  readonly operatorStationName: string
  /** Whether what is typed is shown. @default true */
  readonly echo: boolean
  readonly listOfPromptData?: readonly string[]
  /** Seconds; absent: for ever. */
  readonly inputTimeOut?: number
}
export const InputRequest: Type<InputRequest> = SEQUENCE<InputRequest>('Input-Request', {
  operatorStationName: implicit(0, Identifier),
  echo: implicit(1, BOOLEAN).default(true),
  listOfPromptData: implicit(2, MMSStringList).optional(),
  inputTimeOut: implicit(3, Unsigned32).optional(),
})

/** ISO 9506-2, Input-Response: what the operator typed. */
export const InputResponse: Type<string> = MMSString

/** ISO 9506-2, Output-Request: an operator is shown texts. */
export interface OutputRequest {
  readonly operatorStationName: string
  readonly listOfOutputData: readonly string[]
}
export const OutputRequest: Type<OutputRequest> = SEQUENCE<OutputRequest>('Output-Request', {
  operatorStationName: implicit(0, Identifier),
  listOfOutputData: implicit(1, MMSStringList),
})
