export type { RequestOptions } from '../edge/requests.js'
export { type BackOff, backOff } from './back-off.js'
export { MmsClient } from './client.js'
export { MmsDataExchange } from './data-exchange.js'
export { domainFileHandlers } from './domain-files.js'
export { type DomainDownloadOptions, MmsDomains } from './domains.js'
export type { DownloadOptions } from './downloads.js'
export { describeRejectReason, describeServiceError } from './errors.js'
export { type ConditionListMembers, MmsEventConditionLists } from './event-condition-lists.js'
export { type DeleteScope, MmsEvents, type Name, type TransitionName } from './events.js'
export { type FileReadOptions, type FileWriteOptions, MmsFiles } from './files.js'
export { type JournalRange, MmsJournals } from './journals.js'
export type { KeepAlive } from './keep-alive.js'
export { ManagedClient, type ManagedEvents, type ManagedOptions, type StateChange } from './managed.js'
export { type ManagedEvent, type ManagedState, managedEvents, managedStates, managedTable } from './managed-states.js'
export type { ClientEvents, ClientListener } from './notifications.js'
export type { ListedList, PagingOptions } from './paging.js'
export {
  type CreateProgramInvocationOptions,
  MmsProgramInvocations,
  type ProgramInvocationAttributes,
  type ResumeProgramOptions,
  type StartProgramOptions,
} from './program-invocations.js'
export { type Overflow, type ReportOptions, ReportQueue } from './reports.js'
export type { DetailedResponse, Requester } from './requester.js'
export { type ControlOptions, MmsSemaphores } from './semaphores.js'
export { ClientServices } from './services.js'
export type { VariableItem } from './specify.js'
export { type AddressItem, MmsTypes, type ObjectsToDelete, type ScatteredItem } from './types.js'
export { MmsValues, type PlainResult } from './values.js'
export { VariableAccess, type WrittenItem } from './variables.js'
export { type ExtendedStatusBit, MmsVmd, type VmdStatusReport } from './vmd.js'
