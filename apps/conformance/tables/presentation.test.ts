import { presentation } from './presentation.js'
import { presentationRig } from './presentation-rig.js'
import { describeTable } from './walk.js'

describeTable(presentation, presentationRig)
