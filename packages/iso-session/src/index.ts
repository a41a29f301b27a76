export { type DecodeTolerances, decodeSpdu, encodeSpdu, formatAt, formatOf, type Spdu, spduFormats } from './codec.js'
export { explainTsdu, type TsduExplanation } from './explain.js'
export { SessionMachine } from './machine.js'
export type { SessionOptions, SessionTolerances } from './options.js'
export type { Reason, TsduMaximumSize } from './parameters.js'
export { refuseReasonText } from './reasons.js'
export * from './service.js'
export type {
  AA,
  AB,
  AC,
  CalledConnectionIdentifier,
  CallingConnectionIdentifier,
  CDO,
  CN,
  ConnectAcceptItem,
  DN,
  DT,
  ED,
  ER,
  EX,
  FN,
  GT,
  KernelSpdu,
  NF,
  OA,
  PR,
  PT,
  RF,
  SpduFormat,
  TD,
  UnknownParameter,
} from './spdu.js'
export { type SessionState, sessionStates, table as sessionTable } from './states.js'
export { decodeTsdu, encodeTsdu, isPlainData, type Tsdu, type TsduTolerances } from './tsdu.js'
export type { LinkingInformation, UnitSpdu } from './units.js'
export {
  absentRequirements,
  DataOverflow,
  Enclosure,
  ExceptionReason,
  FunctionalUnit,
  nameOf,
  namesOf,
  PrepareType,
  ProtocolOption,
  type ProviderRefuseReason,
  RefuseReason,
  Token,
  type TokenPlace,
  type TokenSetting,
  TransportDisconnect,
  tokenSettingOctet,
  tokenSettingOf,
  Version,
} from './values.js'
