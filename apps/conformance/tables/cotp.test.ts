import { cotp } from './cotp.js'
import { cotpRig } from './cotp-rig.js'
import { describeTable } from './walk.js'

describeTable(cotp, cotpRig)
