import { acse } from './acse.js'
import { acseRig } from './acse-rig.js'
import { describeTable } from './walk.js'

describeTable(acse, acseRig)
