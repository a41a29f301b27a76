import { UsageError } from '@x/core'
import type { VmdStatus } from '../model.js'

const USUAL_STATUS: VmdStatus = { vmdLogicalStatus: 'state-changes-allowed', vmdPhysicalStatus: 'operational' }
const AFTER_STOP: VmdStatus = { vmdLogicalStatus: 'no-state-changes-allowed', vmdPhysicalStatus: 'needs-commissioning' }
/** Bits of localDetail. ISO 9506-2, StatusResponse. */
const LOCAL_DETAIL = 128

/** Something about the whole machine that may be unknown: then the mask of the extended status leaves it out. */
export type Known = boolean | undefined

/** The status of a VMD, and what `csr` adds to it. ISO 9506-1, 7.2.1. */
export class VmdState {
  safetyInterlocksViolated: Known
  anyPhysicalResourcePowerOn: Known
  allPhysicalResourcesCalibrated: Known
  /** Told when what the status service answers has changed. @internal */
  onChange: (() => void) | undefined
  #set = USUAL_STATUS
  #status = USUAL_STATUS
  #localControl: Known
  #needsIntervention = false

  /**
   * What the status service answers. The logical status decides which services are let through. While the VMD is under local control, or
   * after a vMDStop, a set status that allows changes is shown, and works, as no-state-changes-allowed: our own reading of ISO 9506-1, 7.2.
   */
  get status(): VmdStatus {
    return this.#status
  }

  /** @throws UsageError `MMS_STATUS` for a local detail of more than 128 bits */
  set status(status: VmdStatus) {
    const size = status.localDetail?.size ?? 0
    if (size > LOCAL_DETAIL) throw new UsageError('mms', 'MMS_STATUS', `localDetail: expected at most ${LOCAL_DETAIL} bits, found ${size}`)
    this.#set = status
    this.#derive()
  }

  /** Whether somebody on the spot controls the machine. @default unknown */
  get localControl(): Known {
    return this.#localControl
  }

  set localControl(localControl: Known) {
    this.#localControl = localControl
    this.#derive()
  }

  /** Whether the machine has been stopped by vMDStop. The application sets it to false when somebody has seen to it. */
  get manualInterventionRequired(): boolean {
    return this.#needsIntervention
  }

  set manualInterventionRequired(required: boolean) {
    this.#needsIntervention = required
    this.#derive()
  }

  /** What vMDStop leads to. ISO 9506-1, 10.9. */
  stop(): void {
    this.#needsIntervention = true
    this.#localControl = undefined
    this.status = AFTER_STOP
  }

  #derive(): void {
    const { vmdLogicalStatus: logical } = this.#set
    const isHeld =
      logical === 'state-changes-allowed'
        ? this.#localControl === true || this.#needsIntervention
        : logical === 'support-services-allowed' && this.#needsIntervention
    const before = this.#status
    this.#status = isHeld ? { ...this.#set, vmdLogicalStatus: 'no-state-changes-allowed' } : this.#set
    const { vmdLogicalStatus, vmdPhysicalStatus } = this.#status
    if (vmdLogicalStatus !== before.vmdLogicalStatus || vmdPhysicalStatus !== before.vmdPhysicalStatus) this.onChange?.()
  }
}
