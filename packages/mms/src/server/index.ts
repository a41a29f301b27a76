export type { AccessClass, AccessControlList } from './access.js'
export type { AccessControlListModel, AccessControlModel } from './access-control/index.js'
export { ServerAssociation, type ServerLimits } from './association.js'
export type { DataExchange, DataExchangeModel } from './data-exchange/index.js'
export { Domain } from './domain/domain.js'
export type { DomainAttributes, DomainLoading, LoadingDomain } from './domain/model.js'
export { requestDomainDownload, requestDomainUpload } from './domain/requests.js'
export { type DomainEvent, type DomainStateName, domainStateNames, domainTable } from './domain/states.js'
export { serviceError } from './errors.js'
export type { EventLimits } from './event/limits.js'
export type { EventActionModel, EventConditionListModel, EventConditionModel, EventEnrollmentModel, EventModel } from './event/model.js'
export { type EventConditionView, type EventEnrollmentView, ServerEvents } from './event/server-events.js'
export type { AckRule, ConditionState, ConditionTransition, EnrollmentState } from './event/states.js'
export { type FileLimits, fileServices } from './file-services.js'
export { type FileSink, type FileStore, FileStoreError, type OpenFile } from './file-store.js'
export type { ServiceGroup, ServiceGroupName } from './groups.js'
export {
  type AdditionalAnswer,
  type AdditionalHandler,
  type AdditionalHandlers,
  type Answer,
  type Handler,
  type Handlers,
  type ModifierHandler,
  type ModifierOutcome,
  type Modifiers,
  type ServedCall,
  usualHandlers,
} from './handlers.js'
export { Journal, type JournalNote } from './journal/journal.js'
export { type MemoryJournalOptions, memoryJournal } from './journal/memory-store.js'
export type { JournalModel } from './journal/model.js'
export {
  JournalFullError,
  type JournalPlace,
  type JournalQuery,
  type JournalStore,
  type NewJournalEntry,
  type StoredJournalEntry,
  type WhenFull,
} from './journal/store.js'
export type { DomainModel, VmdModel, VmdStatus } from './model.js'
export { Directory, type HeldClass, type MmsObject, type ObjectsByClass, objectNameOf, type ReadableDirectory, Scope } from './objects.js'
export { OperatorStation, type OperatorStationModel, type StationState, type StationType } from './operator/index.js'
export { fullNameOf, type Pics, type PicsService, picsOf } from './pics.js'
export {
  createProgramInvocation,
  deleteProgramInvocation,
  type MoveDetails,
  type MovingService,
  type ProgramControl,
  type ProgramDefinition,
  ProgramFailure,
  type ProgramHooks,
  ProgramInvocation,
  type ProgramInvocationModel,
  type ProgramListener,
  type ProgramRun,
  type ProgramState,
} from './program-invocation/index.js'
export {
  type EntryState,
  type Semaphore,
  type SemaphoreEntry as SemaphoreEntryObject,
  type SemaphoreModel,
  Semaphores,
  semaphoresOf,
} from './semaphore/index.js'
export { type AssociateDecision, MmsServer, type MmsServerOptions } from './server.js'
export { UnitControl, type UnitControlModel } from './unit-control/unit-control.js'
export * from './variable/index.js'
export { sendStatus } from './vmd/index.js'
export { operationState } from './vmd/operation-state.js'
export type { PredefinedVariables } from './vmd/predefined.js'
export { type Known, VmdState } from './vmd/state.js'
export type { MachineHooks } from './vmd/stop-reset.js'
export { Vmd } from './vmd.js'
