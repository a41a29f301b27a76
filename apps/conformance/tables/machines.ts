import { acse } from './acse.js'
import { acseRig } from './acse-rig.js'
import type { Rig } from './bench.js'
import { requester, responder } from './call.js'
import { requesterRig, responderRig } from './call-rig.js'
import { cotp } from './cotp.js'
import { cotpRig } from './cotp-rig.js'
import { mms } from './mms.js'
import { mmsRig } from './mms-rig.js'
import { presentation } from './presentation.js'
import { presentationRig } from './presentation-rig.js'
import { session } from './session.js'
import { sessionRig } from './session-rig.js'
import type { LayerTable } from './table.js'

/** Every independent table, with the machine of ours that it judges. */
export const machines: readonly { readonly table: LayerTable; readonly rig: Rig }[] = [
  { table: cotp, rig: cotpRig },
  { table: session, rig: sessionRig },
  { table: presentation, rig: presentationRig },
  { table: acse, rig: acseRig },
  { table: mms, rig: mmsRig },
  { table: requester, rig: requesterRig },
  { table: responder, rig: responderRig },
]
