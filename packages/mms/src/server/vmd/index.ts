import type { ServiceGroup } from '../groups.js'
import type { Vmd } from '../vmd.js'
import { addPredefinedVariables } from './predefined.js'
import { rename } from './rename.js'
import { getCapabilityList } from './services.js'
import { machineHandlers } from './stop-reset.js'

/** What a VMD has beyond the usual: rename, its capabilities, news of its status, the variables of the standard. */
export const vmdGroup: ServiceGroup = {
  handlers: { rename, getCapabilityList },
  sends: ['unsolicitedStatus'],
  isUsedBy: ({ capabilities, predefined }) => capabilities !== undefined || predefined !== undefined,
  build(vmd) {
    addPredefinedVariables(vmd)
    vmd.state.onChange = () => sendStatus(vmd)
  },
}

/** The whole machine at once: the additional services 0 and 1. */
export const machineGroup: ServiceGroup = {
  additional: machineHandlers,
  parameters: ['csr'],
  version: 2,
  isUsedBy: ({ machine }) => machine !== undefined,
}

/** Tells the status to every client that has announced that it wants to hear it. @returns to how many it went. ISO 9506-1, 10.4 */
export function sendStatus({ associations, status }: Vmd): number {
  let sent = 0
  for (const association of associations) {
    if (!association.negotiated.servicesSupportedPeer.includes('unsolicitedStatus')) continue
    if (association.send('unsolicitedStatus', status)) sent += 1
  }
  return sent
}
