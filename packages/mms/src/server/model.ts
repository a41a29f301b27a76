import type { Data, DataAccessError } from '../asn1/data.js'
import type { ObjectName } from '../asn1/identifiers.js'
import type { TypeDescription } from '../asn1/variable-access.js'
import type { ServerAssociation } from './association.js'
import type { DomainAttributes, DomainLoading } from './domain/model.js'
import type { JournalModel } from './journal/model.js'
import type { JournalStore } from './journal/store.js'
import type { Maybe } from './maybe.js'
import type { ProgramInvocationModel } from './program-invocation/create.js'
import type { ProgramHooks } from './program-invocation/hooks.js'

/** What a server shows: the objects of a virtual manufacturing device, as plain objects. Build it at run time, from anything. */
export interface VmdModel {
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
  /** VMD-specific variables, by name. */
  readonly variables?: Readonly<Record<string, VariableModel>>
  /** VMD-specific lists, by name. */
  readonly lists?: Readonly<Record<string, ListModel>>
  /** By name. */
  readonly programInvocations?: Readonly<Record<string, ProgramInvocationModel>>
  /** What programs do that clients make of the domains. @default nothing: such an invocation has its states alone */
  readonly program?: ProgramHooks
  /** By name. */
  readonly domains?: Readonly<Record<string, DomainModel>>
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
}

export interface DomainModel extends DomainAttributes {
  /** Whether a client may delete it. @default false; true for one that a client had loaded */
  readonly mmsDeletable?: boolean
  /** Domain-specific variables, by item name. */
  readonly variables?: Readonly<Record<string, VariableModel>>
  readonly lists?: Readonly<Record<string, ListModel>>
  /** Domain-specific journals, by item name. */
  readonly journals?: Readonly<Record<string, JournalModel>>
  /**
   * Each component of a structure is a variable of its own as well, named with `$` between the parts, as IEC 61850-8-1 wants it:
   * `LLN0$ST$Mod` beside `LLN0`. @default false
   */
  readonly componentsAsVariables?: boolean
}

/** What a hook knows of the request it serves. */
export interface AccessContext {
  readonly association: ServerAssociation
  /** Fires when the association ends. */
  readonly signal: AbortSignal
}

/** Thrown by a hook, or returned, to answer an item with that error. */
export interface AccessFailure {
  readonly failure: DataAccessError
}

/** A named variable: its type, and its value or the hooks that stand for it. */
export interface VariableModel {
  readonly type: TypeDescription
  /** The value held by the server when there is no `read` hook; written values take its place. @default the type's zero value */
  readonly value?: Data
  /** Called for each access. Sync or async; what it throws is answered with `hardware-fault`, an AccessFailure with its error. */
  readonly read?: (context: AccessContext) => Data | AccessFailure | Promise<Data | AccessFailure>
  /** Called with the whole new value, already checked against the type. Without it the server keeps the value. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook without a result is written as a plain function
  readonly write?: (value: Data, context: AccessContext) => AccessFailure | void | Promise<AccessFailure | void>
  /** @default true */
  readonly writable?: boolean
  /** @default true */
  readonly readable?: boolean
}

/** A named variable list made by the server: it cannot be deleted by MMS. */
export interface ListModel {
  /** Variables in order, written as `domain/item`, `vmd:item`, with an access path where only a part is meant. */
  readonly items: readonly string[]
}
