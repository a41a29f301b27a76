import type { ServiceSupportBit } from '../service-names.js'
import { type AdditionalHandlers, type Handlers, usualHandlers } from './handlers.js'
import type { VmdModel } from './model.js'
import type { Vmd } from './vmd.js'

/** Services that belong together: they share their objects. */
export interface ServiceGroup {
  readonly handlers?: Handlers
  /** The services inside additionalService. */
  readonly additional?: AdditionalHandlers
  /** Unconfirmed services that it sends. */
  readonly sends?: readonly ServiceSupportBit[]
  /** Whether the model has objects of it: then a server serves it without being told. */
  readonly isUsedBy: (model: VmdModel) => boolean
  /** Makes the objects that the model describes. @throws UsageError `MMS_MODEL` */
  readonly build?: (vmd: Vmd, model: VmdModel) => void
}

/** Every group there is, by the name by which the option `services` means it. */
export const serviceGroups = {
  usual: { handlers: usualHandlers, sends: ['informationReport'], isUsedBy: () => true },
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
