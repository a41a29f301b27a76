export {
  type AbortFields,
  type ApduOptions,
  type AssociateRequestFields,
  type AssociateResponseFields,
  buildAARE,
  buildAARQ,
  buildABRT,
  buildRLRE,
  buildRLRQ,
  decodeApdu,
  encodeApdu,
  type ReleaseFields,
} from './apdu.js'
export {
  AARE,
  AARQ,
  ABRT,
  ACSEApdu,
  AcseRequirements,
  AEQualifier,
  APTitle,
  type Apdu,
  type AssociateSourceDiagnostic,
  AuthenticationValueType,
  ProtocolVersion,
  RLRE,
  RLRQ,
} from './asn1.js'
export {
  AUTHENTICATION_VALUE_LIMIT,
  type AuthenticationFailure,
  type AuthenticationMechanism,
  type AuthenticationRules,
  type AuthenticationVerdict,
  authenticationDiagnostics,
  type ImmediateMechanism,
  type PasswordOptions,
  type ProofContext,
  passwordMechanism,
  sameSecret,
  type Verification,
  verifyAuthentication,
} from './authentication.js'
export { type CertificateOptions, type CertificateProof, certificateMechanism } from './certificate.js'
export * from './codes.js'
export { type ExplainedApdu, type ExplainOptions, explainApdu, maskAuthentication, type UserInformationPlace } from './explain.js'
export { formatApdu } from './format.js'
export { AssociationMachine } from './machine.js'
export * from './options.js'
export { type AssociationPolicy, acceptWhen, chooseApplicationContext, type EntityRule } from './policy.js'
export type { AssociationRecord } from './record.js'
export * from './service.js'
export { type AssociationEvent, type AssociationState, associationStates, associationTable } from './states.js'
export { sameTitle, titleForm } from './titles.js'
