import type { ServiceGroup } from '../groups.js'
import { accessControlHandlers } from './services.js'

export type { AccessControlListModel, AccessControlModel } from './model.js'

/** Access control lists: services 82 to 86. Lists guard whether or not these are served. */
export const accessControlGroup: ServiceGroup = {
  handlers: accessControlHandlers,
  parameters: ['aco'],
  version: 3,
  isUsedBy: ({ accessControlLists }) => accessControlLists !== undefined,
}
