import { ANY_COPY, CHOICE, type Choice, explicit, implicit, NULL, type Type } from '@x/ber'
import * as access from './asn1/access-control.js'
import * as additional from './asn1/additional-service.js'
import { anyService } from './asn1/any-service.js'
import * as exchanges from './asn1/data-exchange.js'
import * as domains from './asn1/domain.js'
import * as events from './asn1/event.js'
import * as actions from './asn1/event-action.js'
import * as conditions from './asn1/event-condition.js'
import * as enrollments from './asn1/event-enrollment.js'
import * as files from './asn1/file.js'
import { type ObjectName, Unsigned32 } from './asn1/identifiers.js'
import * as journals from './asn1/journal.js'
import * as operators from './asn1/operator.js'
import * as programs from './asn1/program-invocation.js'
import * as semaphores from './asn1/semaphore.js'
import * as variables from './asn1/variable-access.js'
import * as definitions from './asn1/variable-definition.js'
import * as vmd from './asn1/vmd.js'
import { confirmedServiceNames, type ServiceName, unconfirmedServiceNames } from './service-names.js'

/**
 * The services that have types, each with its argument and its result. A service is added by a line here and a line in
 * `confirmedServices` below: all else (PDUs, machine, client, server) follows from these two.
 */
export interface ConfirmedServices {
  status: { request: boolean; response: vmd.StatusResponse }
  getNameList: { request: vmd.GetNameListRequest; response: vmd.GetNameListResponse }
  identify: { request: null; response: vmd.IdentifyResponse }
  rename: { request: vmd.RenameRequest; response: null }
  read: { request: variables.ReadRequest; response: variables.ReadResponse }
  write: { request: variables.WriteRequest; response: variables.WriteResponse }
  getVariableAccessAttributes: {
    request: variables.GetVariableAccessAttributesRequest
    response: variables.GetVariableAccessAttributesResponse
  }
  defineNamedVariable: { request: definitions.DefineNamedVariableRequest; response: null }
  defineScatteredAccess: { request: definitions.DefineScatteredAccessRequest; response: null }
  getScatteredAccessAttributes: { request: ObjectName; response: definitions.GetScatteredAccessAttributesResponse }
  deleteVariableAccess: { request: definitions.DeleteVariableAccessRequest; response: variables.DeletedNumbers }
  defineNamedVariableList: { request: variables.DefineNamedVariableListRequest; response: null }
  getNamedVariableListAttributes: {
    request: variables.GetNamedVariableListAttributesRequest
    response: variables.GetNamedVariableListAttributesResponse
  }
  deleteNamedVariableList: { request: variables.DeleteNamedVariableListRequest; response: variables.DeletedNumbers }
  defineNamedType: { request: definitions.DefineNamedTypeRequest; response: null }
  getNamedTypeAttributes: { request: ObjectName; response: definitions.GetNamedTypeAttributesResponse }
  deleteNamedType: { request: definitions.DeleteNamedTypeRequest; response: variables.DeletedNumbers }
  input: { request: operators.InputRequest; response: string }
  output: { request: operators.OutputRequest; response: null }
  takeControl: { request: semaphores.TakeControlRequest; response: semaphores.TakeControlResponse }
  relinquishControl: { request: semaphores.RelinquishControlRequest; response: null }
  defineSemaphore: { request: semaphores.DefineSemaphoreRequest; response: null }
  deleteSemaphore: { request: ObjectName; response: null }
  reportSemaphoreStatus: { request: ObjectName; response: semaphores.ReportSemaphoreStatusResponse }
  reportPoolSemaphoreStatus: {
    request: semaphores.ReportPoolSemaphoreStatusRequest
    response: semaphores.ReportPoolSemaphoreStatusResponse
  }
  reportSemaphoreEntryStatus: {
    request: semaphores.ReportSemaphoreEntryStatusRequest
    response: semaphores.ReportSemaphoreEntryStatusResponse
  }
  initiateDownloadSequence: { request: domains.InitiateDownloadSequenceRequest; response: null }
  downloadSegment: { request: string; response: domains.SegmentResponse }
  terminateDownloadSequence: { request: domains.TerminateDownloadSequenceRequest; response: null }
  initiateUploadSequence: { request: string; response: domains.InitiateUploadSequenceResponse }
  uploadSegment: { request: number; response: domains.SegmentResponse }
  terminateUploadSequence: { request: number; response: null }
  requestDomainDownload: { request: domains.RequestDomainDownloadRequest; response: null }
  requestDomainUpload: { request: domains.RequestDomainUploadRequest; response: null }
  loadDomainContent: { request: domains.LoadDomainContentRequest; response: null }
  storeDomainContent: { request: domains.StoreDomainContentRequest; response: null }
  deleteDomain: { request: string; response: null }
  getDomainAttributes: { request: string; response: domains.GetDomainAttributesResponse }
  createProgramInvocation: { request: programs.CreateProgramInvocationRequest; response: null }
  deleteProgramInvocation: { request: string; response: null }
  start: { request: programs.StartRequest; response: null }
  stop: { request: programs.StopRequest; response: null }
  resume: { request: programs.StartRequest; response: null }
  reset: { request: programs.StopRequest; response: null }
  kill: { request: programs.StopRequest; response: null }
  getProgramInvocationAttributes: { request: string; response: programs.GetProgramInvocationAttributesResponse }
  obtainFile: { request: files.ObtainFileRequest; response: null }
  defineEventCondition: { request: conditions.DefineEventConditionRequest; response: null }
  deleteEventCondition: { request: conditions.DeleteEventConditionRequest; response: number }
  getEventConditionAttributes: { request: ObjectName; response: conditions.GetEventConditionAttributesResponse }
  reportEventConditionStatus: { request: ObjectName; response: conditions.ReportEventConditionStatusResponse }
  alterEventConditionMonitoring: { request: conditions.AlterEventConditionMonitoringRequest; response: null }
  triggerEvent: { request: events.TriggerEventRequest; response: null }
  defineEventAction: { request: actions.DefineEventActionRequest; response: null }
  deleteEventAction: { request: actions.DeleteEventActionRequest; response: number }
  getEventActionAttributes: { request: ObjectName; response: actions.GetEventActionAttributesResponse }
  reportEventActionStatus: { request: ObjectName; response: number }
  defineEventEnrollment: { request: enrollments.DefineEventEnrollmentRequest; response: null }
  deleteEventEnrollment: { request: enrollments.DeleteEventEnrollmentRequest; response: number }
  alterEventEnrollment: { request: enrollments.AlterEventEnrollmentRequest; response: enrollments.AlterEventEnrollmentResponse }
  reportEventEnrollmentStatus: { request: ObjectName; response: enrollments.ReportEventEnrollmentStatusResponse }
  getEventEnrollmentAttributes: {
    request: enrollments.GetEventEnrollmentAttributesRequest
    response: enrollments.GetEventEnrollmentAttributesResponse
  }
  acknowledgeEventNotification: { request: events.AcknowledgeEventNotificationRequest; response: null }
  getAlarmSummary: { request: events.AlarmFilter; response: events.GetAlarmSummaryResponse }
  getAlarmEnrollmentSummary: { request: events.AlarmFilter; response: events.GetAlarmEnrollmentSummaryResponse }
  readJournal: { request: journals.ReadJournalRequest; response: journals.ReadJournalResponse }
  writeJournal: { request: journals.WriteJournalRequest; response: null }
  initializeJournal: { request: journals.InitializeJournalRequest; response: number }
  reportJournalStatus: { request: ObjectName; response: journals.ReportJournalStatusResponse }
  createJournal: { request: journals.JournalRequest; response: null }
  deleteJournal: { request: journals.JournalRequest; response: null }
  getCapabilityList: { request: vmd.GetCapabilityListRequest; response: vmd.GetCapabilityListResponse }
  fileOpen: { request: files.FileOpenRequest; response: files.FileOpenResponse }
  fileRead: { request: number; response: files.FileReadResponse }
  fileClose: { request: number; response: null }
  fileRename: { request: files.FileRenameRequest; response: null }
  fileDelete: { request: files.FileName; response: null }
  fileDirectory: { request: files.FileDirectoryRequest; response: files.FileDirectoryResponse }
  additionalService: { request: additional.AdditionalServiceRequest; response: additional.AdditionalServiceResponse }
  getDataExchangeAttributes: { request: ObjectName; response: exchanges.GetDataExchangeAttributesResponse }
  exchangeData: { request: exchanges.ExchangeDataRequest; response: exchanges.ExchangeDataResponse }
  defineAccessControlList: { request: access.DefineAccessControlListRequest; response: null }
  getAccessControlListAttributes: {
    request: access.GetAccessControlListAttributesRequest
    response: access.GetAccessControlListAttributesResponse
  }
  reportAccessControlledObjects: {
    request: access.ReportAccessControlledObjectsRequest
    response: access.ReportAccessControlledObjectsResponse
  }
  deleteAccessControlList: { request: string; response: null }
  changeAccessControl: { request: access.ChangeAccessControlRequest; response: access.ChangeAccessControlResponse }
}

/** The unconfirmed services that have types. */
export interface UnconfirmedServices {
  informationReport: variables.InformationReport
  unsolicitedStatus: vmd.StatusResponse
  eventNotification: actions.EventNotification
}

/** Request and response type of each service; the tags and their kind come from the table of names. */
export const confirmedServices: {
  readonly [S in keyof ConfirmedServices]: {
    readonly request: Type<ConfirmedServices[S]['request']>
    readonly response: Type<ConfirmedServices[S]['response']>
  }
} = {
  status: { request: vmd.StatusRequest, response: vmd.StatusResponse },
  getNameList: { request: vmd.GetNameListRequest, response: vmd.GetNameListResponse },
  identify: { request: vmd.IdentifyRequest, response: vmd.IdentifyResponse },
  rename: { request: vmd.RenameRequest, response: NULL },
  read: { request: variables.ReadRequest, response: variables.ReadResponse },
  write: { request: variables.WriteRequest, response: variables.WriteResponse },
  getVariableAccessAttributes: {
    request: variables.GetVariableAccessAttributesRequest,
    response: variables.GetVariableAccessAttributesResponse,
  },
  defineNamedVariable: { request: definitions.DefineNamedVariableRequest, response: NULL },
  defineScatteredAccess: { request: definitions.DefineScatteredAccessRequest, response: NULL },
  getScatteredAccessAttributes: { request: definitions.DefinedName, response: definitions.GetScatteredAccessAttributesResponse },
  deleteVariableAccess: { request: definitions.DeleteVariableAccessRequest, response: variables.DeleteVariableAccessResponse },
  defineNamedVariableList: { request: variables.DefineNamedVariableListRequest, response: NULL },
  getNamedVariableListAttributes: {
    request: variables.GetNamedVariableListAttributesRequest,
    response: variables.GetNamedVariableListAttributesResponse,
  },
  deleteNamedVariableList: { request: variables.DeleteNamedVariableListRequest, response: variables.DeleteNamedVariableListResponse },
  defineNamedType: { request: definitions.DefineNamedTypeRequest, response: NULL },
  getNamedTypeAttributes: { request: definitions.DefinedName, response: definitions.GetNamedTypeAttributesResponse },
  deleteNamedType: { request: definitions.DeleteNamedTypeRequest, response: variables.DeleteNamedTypeResponse },
  input: { request: operators.InputRequest, response: operators.InputResponse },
  output: { request: operators.OutputRequest, response: NULL },
  takeControl: { request: semaphores.TakeControlRequest, response: semaphores.TakeControlResponse },
  relinquishControl: { request: semaphores.RelinquishControlRequest, response: NULL },
  defineSemaphore: { request: semaphores.DefineSemaphoreRequest, response: NULL },
  deleteSemaphore: { request: semaphores.SemaphoreName, response: NULL },
  reportSemaphoreStatus: { request: semaphores.SemaphoreName, response: semaphores.ReportSemaphoreStatusResponse },
  reportPoolSemaphoreStatus: {
    request: semaphores.ReportPoolSemaphoreStatusRequest,
    response: semaphores.ReportPoolSemaphoreStatusResponse,
  },
  reportSemaphoreEntryStatus: {
    request: semaphores.ReportSemaphoreEntryStatusRequest,
    response: semaphores.ReportSemaphoreEntryStatusResponse,
  },
  initiateDownloadSequence: { request: domains.InitiateDownloadSequenceRequest, response: NULL },
  downloadSegment: { request: domains.DownloadSegmentRequest, response: domains.DownloadSegmentResponse },
  terminateDownloadSequence: { request: domains.TerminateDownloadSequenceRequest, response: NULL },
  initiateUploadSequence: { request: domains.InitiateUploadSequenceRequest, response: domains.InitiateUploadSequenceResponse },
  uploadSegment: { request: domains.UlsmIdentifier, response: domains.UploadSegmentResponse },
  terminateUploadSequence: { request: domains.UlsmIdentifier, response: NULL },
  requestDomainDownload: { request: domains.RequestDomainDownloadRequest, response: NULL },
  requestDomainUpload: { request: domains.RequestDomainUploadRequest, response: NULL },
  loadDomainContent: { request: domains.LoadDomainContentRequest, response: NULL },
  storeDomainContent: { request: domains.StoreDomainContentRequest, response: NULL },
  deleteDomain: { request: domains.DomainName, response: NULL },
  getDomainAttributes: { request: domains.DomainName, response: domains.GetDomainAttributesResponse },
  createProgramInvocation: { request: programs.CreateProgramInvocationRequest, response: NULL },
  deleteProgramInvocation: { request: programs.ProgramInvocationName, response: NULL },
  start: { request: programs.StartRequest, response: NULL },
  stop: { request: programs.StopRequest, response: NULL },
  resume: { request: programs.ResumeRequest, response: NULL },
  reset: { request: programs.ResetRequest, response: NULL },
  kill: { request: programs.KillRequest, response: NULL },
  getProgramInvocationAttributes: { request: programs.ProgramInvocationName, response: programs.GetProgramInvocationAttributesResponse },
  obtainFile: { request: files.ObtainFileRequest, response: NULL },
  defineEventCondition: { request: conditions.DefineEventConditionRequest, response: NULL },
  deleteEventCondition: { request: conditions.DeleteEventConditionRequest, response: Unsigned32 },
  getEventConditionAttributes: { request: conditions.EventConditionName, response: conditions.GetEventConditionAttributesResponse },
  reportEventConditionStatus: { request: conditions.EventConditionName, response: conditions.ReportEventConditionStatusResponse },
  alterEventConditionMonitoring: { request: conditions.AlterEventConditionMonitoringRequest, response: NULL },
  triggerEvent: { request: events.TriggerEventRequest, response: NULL },
  defineEventAction: { request: actions.DefineEventActionRequest, response: NULL },
  deleteEventAction: { request: actions.DeleteEventActionRequest, response: Unsigned32 },
  getEventActionAttributes: { request: actions.EventActionName, response: actions.GetEventActionAttributesResponse },
  reportEventActionStatus: { request: actions.EventActionName, response: actions.ReportEventActionStatusResponse },
  defineEventEnrollment: { request: enrollments.DefineEventEnrollmentRequest, response: NULL },
  deleteEventEnrollment: { request: enrollments.DeleteEventEnrollmentRequest, response: Unsigned32 },
  alterEventEnrollment: { request: enrollments.AlterEventEnrollmentRequest, response: enrollments.AlterEventEnrollmentResponse },
  reportEventEnrollmentStatus: { request: enrollments.EventEnrollmentName, response: enrollments.ReportEventEnrollmentStatusResponse },
  getEventEnrollmentAttributes: {
    request: enrollments.GetEventEnrollmentAttributesRequest,
    response: enrollments.GetEventEnrollmentAttributesResponse,
  },
  acknowledgeEventNotification: { request: events.AcknowledgeEventNotificationRequest, response: NULL },
  getAlarmSummary: { request: events.GetAlarmSummaryRequest, response: events.GetAlarmSummaryResponse },
  getAlarmEnrollmentSummary: { request: events.GetAlarmEnrollmentSummaryRequest, response: events.GetAlarmEnrollmentSummaryResponse },
  readJournal: { request: journals.ReadJournalRequest, response: journals.ReadJournalResponse },
  writeJournal: { request: journals.WriteJournalRequest, response: NULL },
  initializeJournal: { request: journals.InitializeJournalRequest, response: journals.InitializeJournalResponse },
  reportJournalStatus: { request: journals.JournalName, response: journals.ReportJournalStatusResponse },
  createJournal: { request: journals.CreateJournalRequest, response: NULL },
  deleteJournal: { request: journals.DeleteJournalRequest, response: NULL },
  getCapabilityList: { request: vmd.GetCapabilityListRequest, response: vmd.GetCapabilityListResponse },
  fileOpen: { request: files.FileOpenRequest, response: files.FileOpenResponse },
  fileRead: { request: files.FrsmIdentifier, response: files.FileReadResponse },
  fileClose: { request: files.FrsmIdentifier, response: NULL },
  fileRename: { request: files.FileRenameRequest, response: NULL },
  fileDelete: { request: files.FileName, response: NULL },
  fileDirectory: { request: files.FileDirectoryRequest, response: files.FileDirectoryResponse },
  additionalService: { request: additional.AdditionalServiceRequest, response: additional.AdditionalServiceResponse },
  getDataExchangeAttributes: { request: exchanges.GetDataExchangeAttributesRequest, response: exchanges.GetDataExchangeAttributesResponse },
  exchangeData: { request: exchanges.ExchangeDataRequest, response: exchanges.ExchangeDataResponse },
  defineAccessControlList: { request: access.DefineAccessControlListRequest, response: NULL },
  getAccessControlListAttributes: {
    request: access.GetAccessControlListAttributesRequest,
    response: access.GetAccessControlListAttributesResponse,
  },
  reportAccessControlledObjects: {
    request: access.ReportAccessControlledObjectsRequest,
    response: access.ReportAccessControlledObjectsResponse,
  },
  deleteAccessControlList: { request: access.DeleteAccessControlListRequest, response: NULL },
  changeAccessControl: { request: access.ChangeAccessControlRequest, response: access.ChangeAccessControlResponse },
}

export const unconfirmedServices: { readonly [S in keyof UnconfirmedServices]: Type<UnconfirmedServices[S]> } = {
  informationReport: variables.InformationReport,
  unsolicitedStatus: vmd.StatusResponse,
  eventNotification: actions.EventNotification,
}

/** An alternative without a type: the whole element. `serviceOf` names it. */
export type UnknownService = Uint8Array

/** ISO 9506-2, ConfirmedServiceRequest. */
export type ConfirmedServiceRequest = Choice<
  { [S in keyof ConfirmedServices]: ConfirmedServices[S]['request'] } & { unknown: UnknownService }
>
/** ISO 9506-2, ConfirmedServiceResponse. */
export type ConfirmedServiceResponse = Choice<
  { [S in keyof ConfirmedServices]: ConfirmedServices[S]['response'] } & { unknown: UnknownService }
>
/** ISO 9506-2, UnconfirmedService. */
export type UnconfirmedService = Choice<UnconfirmedServices & { unknown: UnknownService }>

/** The names of the confirmed services that have types. */
export type ConfirmedServiceName = keyof ConfirmedServices
/** The names of the unconfirmed services that have types. */
export type UnconfirmedServiceName = keyof UnconfirmedServices

/** A request with its argument, as the primitives have it. */
export type ConfirmedRequest = {
  [S in ConfirmedServiceName]: { readonly service: S; readonly argument: ConfirmedServices[S]['request'] }
}[ConfirmedServiceName]
/** A response with its result, as the primitives have it. */
export type ConfirmedResponse = {
  [S in ConfirmedServiceName]: { readonly service: S; readonly response: ConfirmedServices[S]['response'] }
}[ConfirmedServiceName]
/** An unconfirmed service with its argument, as the primitives have it. */
export type UnconfirmedRequest = {
  [S in UnconfirmedServiceName]: { readonly service: S; readonly argument: UnconfirmedServices[S] }
}[UnconfirmedServiceName]

function tagged<T>(service: ServiceName, side: 'request' | 'response', type: Type<T>): Type<T> {
  return service[side] === 'implicit' ? implicit(service.tag, type) : explicit(service.tag, type)
}

function alternatives(
  names: readonly ServiceName[],
  side: 'request' | 'response',
  typeOf: (name: string) => Type<never> | undefined,
): Record<string, Type<never>> {
  const all: Record<string, Type<never>> = {}
  for (const service of names) {
    const type = typeOf(service.name)
    if (type) all[service.name] = tagged(service, side, type)
  }
  all.unknown = ANY_COPY as unknown as Type<never>
  return all
}

const confirmed = confirmedServices as unknown as Readonly<
  Record<string, { readonly request: Type<never>; readonly response: Type<never> } | undefined>
>
const unconfirmed = unconfirmedServices as unknown as Readonly<Record<string, Type<never> | undefined>>

export const ConfirmedServiceRequest: Type<ConfirmedServiceRequest> = CHOICE<ConfirmedServiceRequest>(
  'ConfirmedServiceRequest',
  alternatives(confirmedServiceNames, 'request', name => confirmed[name]?.request) as never,
)
export const ConfirmedServiceResponse: Type<ConfirmedServiceResponse> = CHOICE<ConfirmedServiceResponse>(
  'ConfirmedServiceResponse',
  alternatives(confirmedServiceNames, 'response', name => confirmed[name]?.response) as never,
)
export const UnconfirmedService: Type<UnconfirmedService> = CHOICE<UnconfirmedService>(
  'UnconfirmedService',
  alternatives(unconfirmedServiceNames, 'request', name => unconfirmed[name]) as never,
)

anyService.request = ConfirmedServiceRequest
anyService.response = ConfirmedServiceResponse
