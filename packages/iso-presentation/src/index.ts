export { AC, ACA, ARP, ARU, CP, CPA, CPR, type CPType, PdvList, RS, RSA, UserData } from './asn1.js'
export {
  AbortReason,
  ContextProviderReason,
  EventIdentifier,
  nameOf,
  PresentationRequirement,
  ProviderReason,
} from './codes.js'
export type { Admission } from './connect.js'
export {
  BER_TRANSFER_SYNTAX,
  CONTEXT_LIMIT,
  DEFAULT_CONTEXT,
  type DefinedContext,
  type DefinedContextSet,
  definedContextSet,
  definitionListProblem,
  describeNegotiation,
  type IdentifierRule,
  presentationContextIdentifier,
  proposeContexts,
  resultListProblem,
  transferSyntaxNames,
} from './contexts.js'
export type { PresentationState } from './events.js'
export { explainPpdu, type PpduExplanation, type UserDataPlace } from './explain.js'
export { PresentationMachine, type PresentationOptions } from './machine.js'
export {
  type ACAValue,
  type ACValue,
  type ARUValue,
  type CPAValue,
  type CPRValue,
  type CPValue,
  encodeAC,
  encodeACA,
  encodeARP,
  encodeARU,
  encodeCP,
  encodeCPA,
  encodeCPR,
  encodeRS,
  encodeTTD,
  type RSValue,
} from './ppdu.js'
export { connectionRefused } from './refusal.js'
export * from './service.js'
export { presentationStates, table as presentationTable } from './states.js'
export type { Deviation, PresentationTolerances, ToleranceName } from './tolerances.js'
export { encodeUserData, prependSingleValue, readFull, readUserData, singleValue, type UserDataForm } from './user-data.js'
export { encodeX410, type X410Ppdu } from './x410.js'
