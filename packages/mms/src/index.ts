export type { BrokenPdu } from './asn1/broken.js'
export { contextNumber } from './asn1/broken.js'
export { AccessResult, Data, DataAccessError, dataAccessErrors } from './asn1/data.js'
export * from './asn1/environment.js'
export * from './asn1/error.js'
export { FloatingPoint } from './asn1/floating-point.js'
export {
  type BasicObjectClass,
  type CsObjectClass,
  type DomainSpecific,
  Identifier,
  MMSString,
  ObjectClass,
  ObjectName,
} from './asn1/identifiers.js'
export * from './asn1/pdu.js'
export { TimeOfDay, UtcTime } from './asn1/time.js'
export * from './asn1/variable-access.js'
export * from './asn1/vmd.js'
export * from './client/index.js'
export { explainMms } from './explain.js'
export { MMS_ABSTRACT_SYNTAX, MMS_APPLICATION_CONTEXT, mmsContexts } from './initiate.js'
export { MmsMachine } from './machine.js'
export * from './names.js'
export { type InitiateParameters, initiateSettings, type ParameterName, proposal } from './negotiation.js'
export { DEFAULT_ADDRESS } from './open.js'
export type { MmsOptions } from './options.js'
export * from './server/index.js'
export { type Selection, select } from './server/select.js'
export * from './service.js'
export * from './service-names.js'
export * from './services.js'
export { type MmsEvent, type MmsState, states as mmsStates, table as mmsTable } from './states.js'
export * from './times.js'
export * from './values.js'
