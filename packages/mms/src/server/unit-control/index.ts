import type { ServiceGroup } from '../groups.js'
import { initiateUCLoad, loadUCFromFile } from './load.js'
import { startUC, stopUC } from './run.js'
import { addToUC, createUC, deleteUC, getUCAttributes, removeFromUC } from './services.js'
import { addUnitControls } from './unit-control.js'
import { storeUCToFile, uCUpload } from './upload.js'

/** Unit control: domains and program invocations that are loaded, started and stored together. The additional services 4 to 15. ISO 9506-1, 13. */
export const unitControlGroup: ServiceGroup = {
  additional: { initiateUCLoad, uCUpload, startUC, stopUC, createUC, addToUC, removeFromUC, getUCAttributes, deleteUC },
  withFiles: { additional: { loadUCFromFile, storeUCToFile } },
  asks: ['uCLoad'],
  parameters: ['cspi'],
  version: 2,
  isUsedBy: ({ unitControls }) => unitControls !== undefined,
  build: addUnitControls,
}
