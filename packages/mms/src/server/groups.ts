import { type AdditionalParameterName, type InitiateParameters, type ParameterName, USUAL_PARAMETERS } from '../negotiation.js'
import type { AdditionalServiceName, ServiceSupportBit } from '../service-names.js'
import type { ConfirmedServiceName, ConfirmedServices } from '../services.js'
import { accessControlGroup } from './access-control/index.js'
import type { ServerAssociation } from './association.js'
import { dataExchangeGroup } from './data-exchange/index.js'
import { domainGroup } from './domain/index.js'
import { eventConditionListsGroup, eventsGroup } from './event/index.js'
import { type AdditionalHandlers, type Handlers, type Modifiers, usualHandlers } from './handlers.js'
import { journalGroup } from './journal/index.js'
import type { VmdModel } from './model.js'
import { operatorGroup } from './operator/index.js'
import { programControlGroup, programInvocationGroup } from './program-invocation/index.js'
import { semaphoreGroup } from './semaphore/index.js'
import { unitControlGroup } from './unit-control/index.js'
import { meaningsGroup, namedTypesGroup, namedVariablesGroup, scatteredAccessGroup } from './variable/groups.js'
import { machineGroup, vmdGroup } from './vmd/index.js'
import type { Vmd } from './vmd.js'

/** Services that belong together: they share their objects. */
export interface ServiceGroup {
  readonly handlers?: Handlers
  /** The services inside additionalService. */
  readonly additional?: AdditionalHandlers
  /** Those that are served only where there is a file store. */
  readonly withFiles?: { readonly handlers?: Handlers; readonly additional?: AdditionalHandlers }
  /** What the server asks its clients for. */
  readonly asks?: readonly (ConfirmedServiceName | AdditionalServiceName)[]
  /** What runs the modifiers of requests. */
  readonly modifiers?: Modifiers
  /** Told of requests that have been served, by it or by another group. */
  readonly after?: { readonly [S in ConfirmedServiceName]?: AfterServing<S> }
  /** Unconfirmed services that it sends. */
  readonly sends?: readonly ServiceSupportBit[]
  /** Building blocks that its services need, besides the usual ones. */
  readonly parameters?: readonly ParameterName[]
  /** Additional building blocks that its services need; they go with `cspi`. */
  readonly additionalCBB?: readonly AdditionalParameterName[]
  /** Minor version from which on there are its services. @default 1 */
  readonly version?: 2 | 3
  /** Whether the model has objects of it: then a server serves it without being told. */
  readonly isUsedBy: (model: VmdModel) => boolean
  /** Makes the objects that the model describes. @throws UsageError `MMS_MODEL` */
  readonly build?: (vmd: Vmd, model: VmdModel) => void
}

export type AfterServing<S extends ConfirmedServiceName> = (
  argument: ConfirmedServices[S]['request'],
  association: ServerAssociation,
) => void

/** Every group there is, by the name by which the option `services` means it. */
export const serviceGroups = {
  usual: { handlers: usualHandlers, sends: ['informationReport'], isUsedBy: () => true },
  domains: domainGroup,
  journals: journalGroup,
  programInvocations: programInvocationGroup,
  programControl: programControlGroup,
  namedVariables: namedVariablesGroup,
  scatteredAccess: scatteredAccessGroup,
  namedTypes: namedTypesGroup,
  meanings: meaningsGroup,
  dataExchange: dataExchangeGroup,
  semaphores: semaphoreGroup,
  accessControl: accessControlGroup,
  events: eventsGroup,
  eventConditionLists: eventConditionListsGroup,
  vmd: vmdGroup,
  machine: machineGroup,
  // Behind those whose objects belong to unit controls.
  unitControls: unitControlGroup,
  operators: operatorGroup,
} as const satisfies Record<string, ServiceGroup>

export type ServiceGroupName = keyof typeof serviceGroups

/** The groups that a server serves. @param wanted `usual`: those that the model has objects of */
export function groupsFor(model: VmdModel, wanted: 'usual' | 'all' | readonly ServiceGroupName[]): readonly ServiceGroup[] {
  const groups: readonly [string, ServiceGroup][] = Object.entries(serviceGroups)
  return groups
    .filter(([name, group]) =>
      wanted === 'all'
        ? true
        : wanted === 'usual'
          ? group.isUsedBy(model)
          : name === 'usual' || (wanted as readonly string[]).includes(name),
    )
    .map(([, group]) => group)
}

/** What must be negotiated for the services of these groups. */
export function initiateFor(groups: readonly ServiceGroup[]): InitiateParameters {
  return {
    versionNumber: Math.max(1, ...groups.map(({ version = 1 }) => version)),
    parameterCBB: [...new Set([...USUAL_PARAMETERS, ...groups.flatMap(({ parameters = [] }) => parameters)])],
    additionalCBB: [...new Set(groups.flatMap(({ additionalCBB = [] }) => additionalCBB))],
  }
}
