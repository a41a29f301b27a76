import { mms } from './mms.js'
import { mmsRig } from './mms-rig.js'
import { describeTable } from './walk.js'

describeTable(mms, mmsRig)
