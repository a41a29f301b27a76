/**
 * ISO 9506-2: every service by name, number and support bit. Tags are not bits (80 to 86 have the bits 85 to 91, and 78
 * has none), so a bit is always found by name.
 */

/** The bits of ServiceSupportOptions of ISO 9506-2:2003, in order: bit 0 first, 93 in all; edition 1 and IEC 61850 end after bit 84. */
export const serviceSupportBits = [
  'status',
  'getNameList',
  'identify',
  'rename',
  'read',
  'write',
  'getVariableAccessAttributes',
  'defineNamedVariable',
  'defineScatteredAccess',
  'getScatteredAccessAttributes',
  'deleteVariableAccess',
  'defineNamedVariableList',
  'getNamedVariableListAttributes',
  'deleteNamedVariableList',
  'defineNamedType',
  'getNamedTypeAttributes',
  'deleteNamedType',
  'input',
  'output',
  'takeControl',
  'relinquishControl',
  'defineSemaphore',
  'deleteSemaphore',
  'reportSemaphoreStatus',
  'reportPoolSemaphoreStatus',
  'reportSemaphoreEntryStatus',
  'initiateDownloadSequence',
  'downloadSegment',
  'terminateDownloadSequence',
  'initiateUploadSequence',
  'uploadSegment',
  'terminateUploadSequence',
  'requestDomainDownload',
  'requestDomainUpload',
  'loadDomainContent',
  'storeDomainContent',
  'deleteDomain',
  'getDomainAttributes',
  'createProgramInvocation',
  'deleteProgramInvocation',
  'start',
  'stop',
  'resume',
  'reset',
  'kill',
  'getProgramInvocationAttributes',
  'obtainFile',
  'defineEventCondition',
  'deleteEventCondition',
  'getEventConditionAttributes',
  'reportEventConditionStatus',
  'alterEventConditionMonitoring',
  'triggerEvent',
  'defineEventAction',
  'deleteEventAction',
  'getEventActionAttributes',
  'reportEventActionStatus',
  'defineEventEnrollment',
  'deleteEventEnrollment',
  'alterEventEnrollment',
  'reportEventEnrollmentStatus',
  'getEventEnrollmentAttributes',
  'acknowledgeEventNotification',
  'getAlarmSummary',
  'getAlarmEnrollmentSummary',
  'readJournal',
  'writeJournal',
  'initializeJournal',
  'reportJournalStatus',
  'createJournal',
  'deleteJournal',
  'getCapabilityList',
  'fileOpen',
  'fileRead',
  'fileClose',
  'fileRename',
  'fileDelete',
  'fileDirectory',
  'unsolicitedStatus',
  'informationReport',
  'eventNotification',
  'attachToEventCondition',
  'attachToSemaphore',
  'conclude',
  'cancel',
  'getDataExchangeAttributes',
  'exchangeData',
  'defineAccessControlList',
  'getAccessControlListAttributes',
  'reportAccessControlledObjects',
  'deleteAccessControlList',
  'alterAccessControl',
  'reconfigureProgramInvocation',
] as const

/** By which bit a side announces that it runs a modifier of requests. */
export const modifierBits = { eventModifier: 'attachToEventCondition', semaphoreModifier: 'attachToSemaphore' } as const

/** One service of ISO 9506. */
export interface ServiceName<Name extends string = string> {
  /** Identifier in ConfirmedServiceRequest and ConfirmedServiceResponse, or in UnconfirmedService. */
  readonly name: Name
  /** Context tag in that CHOICE. */
  readonly tag: number
  /** Bit in ServiceSupportOptions; `undefined` for additionalService, whose services have bits of their own. */
  readonly bit: number | undefined
  /** Whether the tag takes the place of the request type's own tag. */
  readonly request: 'implicit' | 'explicit'
  /** Whether the tag takes the place of the response type's own tag. */
  readonly response: 'implicit' | 'explicit'
}

/** @param bit name of the bit where it is not the name of the service */
function row<const Name extends string>(
  tag: number,
  name: Name,
  request: 'I' | 'E' = 'I',
  response: 'I' | 'E' = 'I',
  bit: string = name,
): ServiceName<Name> {
  const index = (serviceSupportBits as readonly string[]).indexOf(bit)
  return {
    name,
    tag,
    bit: index < 0 ? undefined : index,
    request: request === 'I' ? 'implicit' : 'explicit',
    response: response === 'I' ? 'implicit' : 'explicit',
  }
}

/** ConfirmedServiceRequest and ConfirmedServiceResponse of ISO 9506-2:2003, all 86, in the order of their tags. */
export const confirmedServiceNames = [
  row(0, 'status'),
  row(1, 'getNameList'),
  row(2, 'identify'),
  row(3, 'rename'),
  row(4, 'read'),
  row(5, 'write'),
  row(6, 'getVariableAccessAttributes', 'E'),
  row(7, 'defineNamedVariable'),
  row(8, 'defineScatteredAccess'),
  row(9, 'getScatteredAccessAttributes', 'E'),
  row(10, 'deleteVariableAccess'),
  row(11, 'defineNamedVariableList'),
  row(12, 'getNamedVariableListAttributes', 'E'),
  row(13, 'deleteNamedVariableList'),
  row(14, 'defineNamedType'),
  row(15, 'getNamedTypeAttributes', 'E'),
  row(16, 'deleteNamedType'),
  row(17, 'input'),
  row(18, 'output'),
  row(19, 'takeControl', 'I', 'E'),
  row(20, 'relinquishControl'),
  row(21, 'defineSemaphore'),
  row(22, 'deleteSemaphore', 'E'),
  row(23, 'reportSemaphoreStatus', 'E'),
  row(24, 'reportPoolSemaphoreStatus'),
  row(25, 'reportSemaphoreEntryStatus'),
  row(26, 'initiateDownloadSequence'),
  row(27, 'downloadSegment'),
  row(28, 'terminateDownloadSequence'),
  row(29, 'initiateUploadSequence'),
  row(30, 'uploadSegment'),
  row(31, 'terminateUploadSequence'),
  row(32, 'requestDomainDownload'),
  row(33, 'requestDomainUpload'),
  row(34, 'loadDomainContent'),
  row(35, 'storeDomainContent'),
  row(36, 'deleteDomain'),
  row(37, 'getDomainAttributes'),
  row(38, 'createProgramInvocation'),
  row(39, 'deleteProgramInvocation'),
  row(40, 'start'),
  row(41, 'stop'),
  row(42, 'resume'),
  row(43, 'reset'),
  row(44, 'kill'),
  row(45, 'getProgramInvocationAttributes'),
  row(46, 'obtainFile'),
  row(47, 'defineEventCondition'),
  row(48, 'deleteEventCondition', 'E'),
  row(49, 'getEventConditionAttributes', 'E'),
  row(50, 'reportEventConditionStatus', 'E'),
  row(51, 'alterEventConditionMonitoring'),
  row(52, 'triggerEvent'),
  row(53, 'defineEventAction'),
  row(54, 'deleteEventAction', 'E'),
  row(55, 'getEventActionAttributes', 'E'),
  row(56, 'reportEventActionStatus', 'E'),
  row(57, 'defineEventEnrollment'),
  row(58, 'deleteEventEnrollment', 'E'),
  row(59, 'alterEventEnrollment'),
  row(60, 'reportEventEnrollmentStatus', 'E'),
  row(61, 'getEventEnrollmentAttributes'),
  row(62, 'acknowledgeEventNotification'),
  row(63, 'getAlarmSummary'),
  row(64, 'getAlarmEnrollmentSummary'),
  row(65, 'readJournal'),
  row(66, 'writeJournal'),
  row(67, 'initializeJournal'),
  row(68, 'reportJournalStatus', 'E'),
  row(69, 'createJournal'),
  row(70, 'deleteJournal'),
  row(71, 'getCapabilityList'),
  row(72, 'fileOpen'),
  row(73, 'fileRead'),
  row(74, 'fileClose'),
  row(75, 'fileRename'),
  row(76, 'fileDelete'),
  row(77, 'fileDirectory'),
  row(78, 'additionalService', 'E', 'E'),
  row(80, 'getDataExchangeAttributes', 'E', 'E'),
  row(81, 'exchangeData'),
  row(82, 'defineAccessControlList'),
  row(83, 'getAccessControlListAttributes', 'E'),
  row(84, 'reportAccessControlledObjects'),
  row(85, 'deleteAccessControlList'),
  row(86, 'changeAccessControl', 'I', 'I', 'alterAccessControl'),
]

/** UnconfirmedService of ISO 9506-2:2003. */
export const unconfirmedServiceNames = [row(0, 'informationReport'), row(1, 'unsolicitedStatus'), row(2, 'eventNotification')]

/** AdditionalService-Request and -Response (tag 78): name by tag. Each has the bit of its tag in AdditionalSupportOptions. */
export const additionalServiceNames = [
  'vMDStop',
  'vMDReset',
  'select',
  'alterPI',
  'initiateUCLoad',
  'uCLoad',
  'uCUpload',
  'startUC',
  'stopUC',
  'createUC',
  'addToUC',
  'removeFromUC',
  'getUCAttributes',
  'loadUCFromFile',
  'storeUCToFile',
  'deleteUC',
  'defineECL',
  'deleteECL',
  'addECLReference',
  'removeECLReference',
  'getECLAttributes',
  'reportECLStatus',
  'alterECLMonitoring',
] as const

export type AdditionalServiceName = (typeof additionalServiceNames)[number]
export type AnyConfirmedServiceName = (typeof confirmedServiceNames)[number]['name']
export type AnyUnconfirmedServiceName = (typeof unconfirmedServiceNames)[number]['name']
export type ServiceSupportBit = (typeof serviceSupportBits)[number]

const confirmedByTag = new Map<number, ServiceName>(confirmedServiceNames.map(service => [service.tag, service]))
const unconfirmedByTag = new Map<number, ServiceName>(unconfirmedServiceNames.map(service => [service.tag, service]))

/**
 * The bit by which a confirmed service is announced: changeAccessControl has the bit alterAccessControl, additionalService none.
 * @param service name of a confirmed service, or of a bit that is not one's, such as `conclude`
 */
export function supportBitOf(service: AnyConfirmedServiceName | ServiceSupportBit): ServiceSupportBit | undefined {
  const known = confirmedServiceNames.find(({ name }) => name === service)
  if (known === undefined) return service as ServiceSupportBit
  return known.bit === undefined ? undefined : serviceSupportBits[known.bit]
}

/** The minor version from which on there is a service: data exchange came with 2, access control lists with 3. @param bit of a service, by name */
export function sinceVersion(bit: ServiceSupportBit): 1 | 2 | 3 {
  const index = serviceSupportBits.indexOf(bit)
  return index < FIRST_BIT_OF_VERSION_2 ? 1 : index < FIRST_BIT_OF_VERSION_3 ? 2 : 3
}
const FIRST_BIT_OF_VERSION_2 = serviceSupportBits.indexOf('getDataExchangeAttributes')
const FIRST_BIT_OF_VERSION_3 = serviceSupportBits.indexOf('defineAccessControlList')

/** @returns the name of the confirmed service with this tag, or `undefined` when ISO 9506-2 has none */
export function confirmedServiceName(tag: number): string | undefined {
  return confirmedByTag.get(tag)?.name
}

/** @returns the name of the unconfirmed service with this tag, or `undefined` when ISO 9506-2 has none */
export function unconfirmedServiceName(tag: number): string | undefined {
  return unconfirmedByTag.get(tag)?.name
}
