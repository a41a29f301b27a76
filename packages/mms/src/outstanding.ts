import { NumberMap, UsageError } from '@x/core'
import type { MmsSubmit } from './service.js'

/** Confirmed requests without an answer: of this side, and of the peer. */
export class Outstanding {
  /** Ours: invoke identifier and service. */
  readonly requested = new NumberMap<string>()
  /** The peer's, by invoke identifier. */
  readonly serving = new NumberMap<true>()
  /** Ours that we have asked to cancel. */
  readonly cancelling = new NumberMap<true>()
  /** What else of the user's must end before a conclude: uploads, downloads, control of semaphores. ISO 9506-1, 8.3. */
  held = 0

  /**
   * Whether the open requests allow a primitive.
   *
   * @param most negotiated number of our requests
   * @throws UsageError `MMS_INVOKE_ID`, `MMS_OUTSTANDING`
   */
  check(primitive: MmsSubmit, most: number): void {
    const { requested, serving } = this
    switch (primitive.type) {
      case 'M-CONFIRMED.request':
        if (requested.has(primitive.invokeID)) throw usage('MMS_INVOKE_ID', `request ${primitive.invokeID} is still open`)
        // The answer to the cancel would be taken for one of the new request.
        if (this.cancelling.size > 0 && this.cancelling.has(primitive.invokeID))
          throw usage('MMS_INVOKE_ID', `the cancel of request ${primitive.invokeID} is not answered`)
        if (requested.size >= most) throw usage('MMS_OUTSTANDING', `the negotiated ${most} requests are open`)
        return
      case 'M-CONFIRMED.response':
        if (!serving.has(primitive.invokeID)) throw usage('MMS_INVOKE_ID', `no request ${primitive.invokeID} of the peer is open`)
        return
      case 'M-REJECT.request':
        if (!serving.has(primitive.originalInvokeID))
          throw usage('MMS_INVOKE_ID', `no request ${primitive.originalInvokeID} of the peer is open`)
        return
      case 'M-CANCEL.request':
        if (!requested.has(primitive.originalInvokeID)) throw usage('MMS_INVOKE_ID', `no request ${primitive.originalInvokeID} is open`)
        // Two cancels of one request could not be told apart by their answers.
        if (this.cancelling.has(primitive.originalInvokeID))
          throw usage('MMS_INVOKE_ID', `request ${primitive.originalInvokeID} is being cancelled already`)
        return
      case 'M-CONCLUDE.request':
        if (requested.size > 0)
          throw usage('MMS_OUTSTANDING', `${requested.size} requests of this side are open; conclude waits for their answers`)
    }
  }

  /** Whether an answer belongs to an open request of ours, and to its service. */
  isOurs(invokeID: number, service?: string): boolean {
    const requested = this.requested.get(invokeID)
    return requested !== undefined && (service === undefined || service === requested)
  }

  /** Whether a request is open on either side, or the user holds something that a conclude would lose. */
  get some(): boolean {
    return this.serving.size > 0 || this.requested.size > 0 || this.held > 0
  }
}

function usage(code: string, message: string): UsageError {
  return new UsageError('mms', code, message)
}
