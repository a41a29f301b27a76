import type { Data } from '../../asn1/data.js'
import type { AccessContext, AccessFailure, ModelType } from '../variable/model.js'

/** A data exchange: a call of the application with typed lists of data, there and back. ISO 9506-1, 15. */
export interface DataExchangeModel {
  /** What a client sends, in order. */
  readonly request: readonly ModelType[]
  /** What it gets back, in order. */
  readonly response: readonly ModelType[]
  /**
   * Takes the data, which is of the types. What it throws, and a result that is not of the types, is answered with vmd-state,
   * vmd-operational-problem; the signal of the context fires when nobody waits for the result any more.
   */
  readonly exchange: (
    data: readonly Data[],
    context: AccessContext,
  ) => readonly Data[] | AccessFailure | Promise<readonly Data[] | AccessFailure>
  /** Exchanges that may run at the same time. @default 1 */
  readonly concurrent?: number
  /** Exchanges that wait for their turn; more are refused with service, object-state-conflict. @default 10 */
  readonly waiting?: number
  /** The program invocation that it belongs to: it must be running. */
  readonly programInvocation?: string
  /** @default 'M_NonDeletable' */
  readonly accessControlList?: string
}
