export * from './asn1/access-control.js'
export * from './asn1/additional-service.js'
export * from './asn1/application-reference.js'
export type { BrokenPdu } from './asn1/broken.js'
export { contextNumber } from './asn1/broken.js'
export { AccessResult, Data, DataAccessError, dataAccessErrors } from './asn1/data.js'
export * from './asn1/data-exchange.js'
export * from './asn1/detail.js'
export * from './asn1/domain.js'
export * from './asn1/environment.js'
export * from './asn1/error.js'
export * from './asn1/event.js'
export * from './asn1/event-action.js'
export * from './asn1/event-condition.js'
export * from './asn1/event-enrollment.js'
export * from './asn1/file.js'
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
export * from './asn1/journal.js'
export * from './asn1/modifier.js'
export * from './asn1/operator.js'
export * from './asn1/pdu.js'
export * from './asn1/program-invocation.js'
export * from './asn1/semaphore.js'
export { TimeOfDay, UtcTime } from './asn1/time.js'
export * from './asn1/unit-control.js'
export * from './asn1/variable-access.js'
export * from './asn1/variable-definition.js'
export * from './asn1/vmd.js'
export * from './client/index.js'
export type { MmsPeer } from './edge/peer.js'
export type { LoadDataSource } from './edge/segments.js'
export { explainMms } from './explain.js'
export { MMS_ABSTRACT_SYNTAX, MMS_APPLICATION_CONTEXT, mmsContexts } from './initiate.js'
export { MmsMachine } from './machine.js'
export * from './names.js'
export {
  type AdditionalParameterName,
  type InitiateParameters,
  initiateSettings,
  type ParameterName,
  parameterNames,
  proposal,
  WHOLE_OF_MMS,
} from './negotiation.js'
export { DEFAULT_ADDRESS } from './open.js'
export type { MmsOptions } from './options.js'
export * from './server/index.js'
export * from './service.js'
export * from './service-names.js'
export * from './services.js'
export { type MmsEvent, type MmsState, states as mmsStates, table as mmsTable } from './states.js'
export * from './times.js'
export * from './values.js'
