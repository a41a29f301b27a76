import { requester, responder } from './call.js'
import { requesterRig, responderRig } from './call-rig.js'
import { describeTable } from './walk.js'

describeTable(requester, requesterRig)
describeTable(responder, responderRig)
