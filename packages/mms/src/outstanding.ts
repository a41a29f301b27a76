import { UsageError } from '@x/core'

/** Confirmed requests without an answer: of this side, and of the peer. */
export class Outstanding {
  /** Ours: invoke identifier and service. */
  readonly requested = new Map<number, string>()
  /** The peer's. */
  readonly serving = new Set<number>()
  /** Ours that we have asked to cancel. */
  readonly cancelling = new Set<number>()

  /** @param most negotiated number of our requests @throws UsageError `MMS_INVOKE_ID`, `MMS_OUTSTANDING` */
  checkRequest(invokeID: number, most: number): void {
    if (this.requested.has(invokeID)) throw usage('MMS_INVOKE_ID', `request ${invokeID} is still open`)
    if (this.requested.size >= most) throw usage('MMS_OUTSTANDING', `the negotiated ${most} requests are open`)
  }

  /** @throws UsageError `MMS_INVOKE_ID` */
  checkServing(invokeID: number): void {
    if (!this.serving.has(invokeID)) throw usage('MMS_INVOKE_ID', `no request ${invokeID} of the peer is open`)
  }

  /** @throws UsageError `MMS_INVOKE_ID` */
  checkCancel(invokeID: number): void {
    if (!this.requested.has(invokeID)) throw usage('MMS_INVOKE_ID', `no request ${invokeID} is open`)
  }

  /** @throws UsageError `MMS_OUTSTANDING` */
  checkConclude(): void {
    const { size } = this.requested
    if (size > 0) throw usage('MMS_OUTSTANDING', `${size} requests of this side are open; conclude waits for their answers`)
  }

  /** Whether an answer belongs to an open request of ours, and to its service. */
  isOurs(invokeID: number, service?: string): boolean {
    const requested = this.requested.get(invokeID)
    return requested !== undefined && (service === undefined || service === requested)
  }

  /** Whether a request is open on either side. */
  get some(): boolean {
    return this.serving.size > 0 || this.requested.size > 0
  }
}

function usage(code: string, message: string): UsageError {
  return new UsageError('mms', code, message)
}
