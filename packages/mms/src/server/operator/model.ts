import type { Maybe } from '../maybe.js'

export type StationType = 'entry' | 'display' | 'entry-display'

/** An operator station of a model: where somebody reads and types. ISO 9506-1, 17. */
export interface OperatorStationModel {
  readonly type: StationType
  /**
   * Shows lines of an output, or the prompt of an input. They count as shown when it has ended; what it throws is answered with
   * vmd-operational-problem. @default shown at once: the application reads `outputBuffers` of the station
   */
  readonly show?: (lines: readonly string[], turn: { readonly isPrompt: boolean; readonly signal: AbortSignal }) => Maybe<void>
  /**
   * Lets somebody type a line, with or without a mark at its end. The signal fires when nobody waits for it any more; then what it gives is
   * thrown away. What it throws is answered with vmd-operational-problem. @default the application calls `enter` of the station
   */
  readonly read?: (turn: { readonly echo: boolean; readonly signal: AbortSignal }) => Maybe<string>
  /** Whether a line that is typed while nobody has asked waits for the next input. One does. @default false */
  readonly typeAhead?: boolean
  /** When an output is answered: when its lines are shown, or when they are in the buffers. @default 'shown' */
  readonly outputAnswered?: 'shown' | 'buffered'
  /** Requests that wait for the station. @default 10 */
  readonly maxWaiting?: number
}
