import { ExtendedStatus, encodeResponseDetail, type OperationState } from '../../asn1/detail.js'
import type { ServerAssociation } from '../association.js'
import { selectedProgram } from '../program-invocation/select.js'
import type { Vmd } from '../vmd.js'
import type { VmdState } from './state.js'

const BITS = [
  'safetyInterlocksViolated',
  'anyPhysicalResourcePowerOn',
  'allPhysicalResourcesCalibrated',
  'localControl',
] as const satisfies (keyof VmdState)[]

/**
 * What the whole machine is doing. The standard names the values and does not say when which of them holds (ISO 9506-1, 10.3): that they
 * follow from domains and program invocations is our own reading.
 */
export function operationState(vmd: Vmd): OperationState {
  if (vmd.state.manualInterventionRequired) return 'manualInterventionRequired'
  const states = new Set<string>()
  for (const { state } of vmd.vmdSpecific.of('programInvocation')) states.add(state)
  if (states.has('running') || states.has('stopping')) return 'executing'
  if (states.has('stopped') || states.has('resuming') || states.has('resetting')) return 'motion-paused'
  if (states.has('idle') || states.has('starting')) return 'ready'
  for (const { isUsable } of vmd.domains) if (isUsable) return 'loaded'
  return 'idle'
}

/** What a response of status has besides the status: with `csr` all of it, with `cspi` alone nothing, which is said. ISO 9506-1, 10.3. */
export function statusDetail(association: ServerAssociation): Uint8Array | undefined {
  if (!association.agreed('csr')) {
    return association.agreed('cspi') ? encodeResponseDetail('status', { type: 'noExtraResponse', value: null }) : undefined
  }
  const { vmd } = association
  const selected = selectedProgram(vmd)
  return encodeResponseDetail('status', {
    type: 'fullResponse',
    value: {
      operationState: operationState(vmd),
      extendedStatus: ExtendedStatus.of(...BITS.filter(bit => vmd.state[bit] === true)),
      extendedStatusMask: ExtendedStatus.of(...BITS.filter(bit => vmd.state[bit] !== undefined)),
      selectedProgramInvocation:
        selected === undefined ? { type: 'noneSelected', value: null } : { type: 'programInvocation', value: selected.name },
    },
  })
}
