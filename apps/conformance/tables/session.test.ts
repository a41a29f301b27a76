import { session } from './session.js'
import { sessionRig } from './session-rig.js'
import { describeTable } from './walk.js'

describeTable(session, sessionRig)
