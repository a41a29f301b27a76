import { NON_DELETABLE } from '../access.js'
import type { ServiceGroup } from '../groups.js'
import { operatorHandlers } from './services.js'
import { addOperatorStations } from './station.js'

export type { OperatorStationModel, StationType } from './model.js'
export type { StationState } from './states.js'
export { OperatorStation } from './station.js'

/** Operator stations: services 17 and 18. */
export const operatorGroup: ServiceGroup = {
  handlers: operatorHandlers,
  isUsedBy: ({ operatorStations }) => operatorStations !== undefined,
  build: vmd => addOperatorStations(vmd, NON_DELETABLE),
}
