import type { BitString } from '@x/ber'
import type { ObjectName } from '../asn1/identifiers.js'
import type { AccessControlModel } from './access-control/model.js'
import type { DataExchangeModel } from './data-exchange/model.js'
import type { DomainAttributes, DomainLoading } from './domain/model.js'
import type { EventModel } from './event/model.js'
import type { JournalModel } from './journal/model.js'
import type { JournalStore } from './journal/store.js'
import type { Maybe } from './maybe.js'
import type { OperatorStationModel } from './operator/model.js'
import type { ProgramInvocationModel } from './program-invocation/create.js'
import type { ProgramHooks } from './program-invocation/hooks.js'
import type { SemaphoreModel } from './semaphore/semaphores.js'
import type { UnitControlModel } from './unit-control/unit-control.js'
import type { AddressSpace, UnnamedVariableModel, VariablesModel } from './variable/model.js'
import type { PredefinedVariables } from './vmd/predefined.js'
import type { MachineHooks } from './vmd/stop-reset.js'

/** What a server shows: the objects of a virtual manufacturing device, as plain objects. Build it at run time, from anything. */
export interface VmdModel extends VariablesModel, EventModel, AccessControlModel {
  /** Texts of the identify service, up to 64 characters each for the widest interoperability. */
  readonly identity: {
    readonly vendorName: string
    readonly modelName: string
    readonly revision: string
    /** Dotted object identifiers of abstract syntaxes besides MMS. @default none */
    readonly listOfAbstractSyntaxes?: readonly string[]
  }
  /** Asked at each status request. @default state-changes-allowed, operational */
  readonly status?: (extendedDerivation: boolean) => VmdStatus
  /** Variables without a name. Clients that agreed on `vadr` use them by their address. */
  readonly unnamedVariables?: readonly UnnamedVariableModel[]
  /** Asked for what lies at other addresses. @default nothing */
  readonly addressSpace?: AddressSpace
  /**
   * A write of which one item would fail writes none of them; those that would not have failed are answered with `temporarily-unavailable`.
   * ISO 9506-1, 14.7 has item by item. What a hook refuses while it writes cannot be undone. @default false
   */
  readonly atomicWrites?: boolean
  /** Calls of the application with typed data, by name. */
  readonly dataExchanges?: Readonly<Record<string, DataExchangeModel>>
  /** Texts of getCapabilityList, in any order. @default none, and no such service */
  readonly capabilities?: readonly string[]
  /** Variables that the standard knows of every VMD. @default none */
  readonly predefined?: PredefinedVariables
  /** What the whole machine does, with `csr`: then vMDStop and vMDReset are served. @default they are not */
  readonly machine?: MachineHooks
  /** By name. */
  readonly operatorStations?: Readonly<Record<string, OperatorStationModel>>
  /** By name. */
  readonly programInvocations?: Readonly<Record<string, ProgramInvocationModel>>
  /** What programs do that clients make of the domains. @default nothing: such an invocation has its states alone */
  readonly program?: ProgramHooks
  /** VMD-specific semaphores, by name. */
  readonly semaphores?: Readonly<Record<string, SemaphoreModel>>
  /** By name. */
  readonly domains?: Readonly<Record<string, DomainModel>>
  /** By name. */
  readonly unitControls?: Readonly<Record<string, UnitControlModel>>
  /** How domains are made of load data, and how many. */
  readonly loading?: DomainLoading
  /** VMD-specific journals, by name. */
  readonly journals?: Readonly<Record<string, JournalModel>>
  /** Gives a journal that a client makes its store. @default memoryJournal() */
  readonly newJournal?: (name: ObjectName) => Maybe<JournalStore>
}

/** ISO 9506-1, 10.3. */
export interface VmdStatus {
  readonly vmdLogicalStatus:
    | 'state-changes-allowed'
    | 'no-state-changes-allowed'
    | 'limited-services-permitted'
    | 'support-services-allowed'
  readonly vmdPhysicalStatus: 'operational' | 'partially-operational' | 'inoperable' | 'needs-commissioning'
  /** Up to 128 bits with a meaning of the vendor's. @default none */
  readonly localDetail?: BitString
}

export interface DomainModel extends DomainAttributes, VariablesModel, EventModel {
  /** Whether a client may delete it. @default false; true for one that a client had loaded */
  readonly mmsDeletable?: boolean
  /** The list that governs the domain itself; `mmsDeletable` then says nothing. @default `M_NonDeletable` */
  readonly accessControlList?: string
  /** Domain-specific semaphores, by item name. */
  readonly semaphores?: Readonly<Record<string, SemaphoreModel>>
  /** Domain-specific journals, by item name. */
  readonly journals?: Readonly<Record<string, JournalModel>>
  /**
   * Each component of a structure is a variable of its own as well, named with `$` between the parts, as IEC 61850-8-1 wants it:
   * `LLN0$ST$Mod` beside `LLN0`. @default false
   */
  readonly componentsAsVariables?: boolean
}
