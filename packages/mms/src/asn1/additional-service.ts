import { BOOLEAN, CHOICE, type Choice, explicit, implicit, NULL, type Type } from '@x/ber'
import type { AdditionalServiceName } from '../service-names.js'
import * as conditions from './event-condition.js'

export type { AdditionalServiceName }

import type { ObjectName } from './identifiers.js'
import * as programs from './program-invocation.js'
import * as units from './unit-control.js'
import { StatusResponse } from './vmd.js'

/**
 * ISO 9506-2, AdditionalService: the services inside the service with the number 78. Their names are those of the CHOICE; the support bits
 * of some are longer (`alterPI` is alterProgramInvocationAttributes, `defineECL` is defineEventConditionList …).
 */
export interface AdditionalServices {
  vMDStop: { request: null; response: null }
  vMDReset: { request: boolean; response: StatusResponse }
  select: { request: programs.SelectRequest; response: null }
  alterPI: { request: programs.AlterProgramInvocationAttributesRequest; response: null }
  initiateUCLoad: { request: string; response: null }
  uCLoad: { request: string; response: units.UnitControlLoadSegmentResponse }
  uCUpload: { request: units.UnitControlUploadRequest; response: units.UnitControlUploadResponse }
  startUC: { request: units.StartUnitControlRequest; response: null }
  stopUC: { request: string; response: null }
  createUC: { request: units.UnitControlMembers; response: null }
  addToUC: { request: units.UnitControlMembers; response: null }
  removeFromUC: { request: units.UnitControlMembers; response: null }
  getUCAttributes: { request: string; response: units.GetUnitControlAttributesResponse }
  loadUCFromFile: { request: units.UnitControlFileRequest; response: null }
  storeUCToFile: { request: units.UnitControlFileRequest; response: null }
  deleteUC: { request: string; response: null }
  defineECL: { request: conditions.EventConditionListReferences; response: null }
  deleteECL: { request: ObjectName; response: null }
  addECLReference: { request: conditions.EventConditionListReferences; response: null }
  removeECLReference: { request: conditions.EventConditionListReferences; response: null }
  getECLAttributes: { request: ObjectName; response: conditions.GetEventConditionListAttributesResponse }
  reportECLStatus: {
    request: conditions.ReportEventConditionListStatusRequest
    response: conditions.ReportEventConditionListStatusResponse
  }
  alterECLMonitoring: { request: conditions.AlterEventConditionListMonitoringRequest; response: null }
}

/** ISO 9506-2, AdditionalService-Request. */
export type AdditionalServiceRequest = Choice<{ [S in AdditionalServiceName]: AdditionalServices[S]['request'] }>
export const AdditionalServiceRequest: Type<AdditionalServiceRequest> = CHOICE<AdditionalServiceRequest>('AdditionalService-Request', {
  vMDStop: implicit(0, NULL),
  vMDReset: implicit(1, BOOLEAN),
  select: implicit(2, programs.SelectRequest),
  alterPI: implicit(3, programs.AlterProgramInvocationAttributesRequest),
  initiateUCLoad: implicit(4, units.UnitControlName),
  uCLoad: implicit(5, units.UnitControlName),
  uCUpload: implicit(6, units.UnitControlUploadRequest),
  startUC: implicit(7, units.StartUnitControlRequest),
  stopUC: implicit(8, units.UnitControlName),
  createUC: implicit(9, units.CreateUnitControlRequest),
  addToUC: implicit(10, units.AddToUnitControlRequest),
  removeFromUC: implicit(11, units.RemoveFromUnitControlRequest),
  getUCAttributes: implicit(12, units.UnitControlName),
  loadUCFromFile: implicit(13, units.LoadUnitControlFromFileRequest),
  storeUCToFile: implicit(14, units.StoreUnitControlToFileRequest),
  deleteUC: implicit(15, units.UnitControlName),
  defineECL: explicit(16, conditions.DefineEventConditionListRequest),
  deleteECL: explicit(17, conditions.EventConditionListName),
  addECLReference: implicit(18, conditions.AddEventConditionListReferenceRequest),
  removeECLReference: implicit(19, conditions.RemoveEventConditionListReferenceRequest),
  getECLAttributes: explicit(20, conditions.EventConditionListName),
  reportECLStatus: implicit(21, conditions.ReportEventConditionListStatusRequest),
  alterECLMonitoring: implicit(22, conditions.AlterEventConditionListMonitoringRequest),
})

/** ISO 9506-2, AdditionalService-Response. */
export type AdditionalServiceResponse = Choice<{ [S in AdditionalServiceName]: AdditionalServices[S]['response'] }>
export const AdditionalServiceResponse: Type<AdditionalServiceResponse> = CHOICE<AdditionalServiceResponse>('AdditionalService-Response', {
  vMDStop: implicit(0, NULL),
  vMDReset: implicit(1, StatusResponse),
  select: implicit(2, NULL),
  alterPI: implicit(3, NULL),
  initiateUCLoad: implicit(4, NULL),
  uCLoad: implicit(5, units.UnitControlLoadSegmentResponse),
  uCUpload: implicit(6, units.UnitControlUploadResponse),
  startUC: implicit(7, NULL),
  stopUC: implicit(8, NULL),
  createUC: implicit(9, NULL),
  addToUC: implicit(10, NULL),
  removeFromUC: implicit(11, NULL),
  getUCAttributes: implicit(12, units.GetUnitControlAttributesResponse),
  loadUCFromFile: implicit(13, NULL),
  storeUCToFile: implicit(14, NULL),
  deleteUC: implicit(15, NULL),
  defineECL: implicit(16, NULL),
  deleteECL: implicit(17, NULL),
  addECLReference: implicit(18, NULL),
  removeECLReference: implicit(19, NULL),
  getECLAttributes: implicit(20, conditions.GetEventConditionListAttributesResponse),
  reportECLStatus: implicit(21, conditions.ReportEventConditionListStatusResponse),
  alterECLMonitoring: implicit(22, NULL),
})
