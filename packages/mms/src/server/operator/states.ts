/** ISO 9506-1, 17.1. All but idle are busy: then requests wait, in order. */
export type StationState = 'idle' | 'display-prompt-data' | 'waiting-for-input' | 'input-buffer-filled' | 'output-buffers-filled'

export type StationEvent =
  | 'input with prompt'
  | 'input without prompt'
  | 'prompt shown'
  | 'line ended'
  | 'input answered'
  | 'time over'
  /** The request was cancelled, or its association has ended. */
  | 'given up'
  | 'output'
  | 'lines shown'

/** `queue`: the request waits. `kept`: the line waits for the next input, where type-ahead is offered; otherwise it is lost. */
export type StationTarget = StationState | 'queue' | 'kept'

const BUSY = {
  'display-prompt-data': 'queue',
  'waiting-for-input': 'queue',
  'input-buffer-filled': 'queue',
  'output-buffers-filled': 'queue',
} as const

/** The table of an operator station. The states are the standard's, nearly every edge is our own reading. An empty cell is no event of that state. */
export const stationTable: Readonly<Record<StationEvent, Readonly<Partial<Record<StationState, StationTarget>>>>> = {
  'input with prompt': { idle: 'display-prompt-data', ...BUSY },
  'input without prompt': { idle: 'waiting-for-input', ...BUSY },
  'prompt shown': { 'display-prompt-data': 'waiting-for-input' },
  'line ended': { idle: 'kept', 'waiting-for-input': 'input-buffer-filled' },
  'input answered': { 'input-buffer-filled': 'idle' },
  'time over': { 'display-prompt-data': 'idle', 'waiting-for-input': 'idle' },
  'given up': { 'display-prompt-data': 'idle', 'waiting-for-input': 'idle', 'output-buffers-filled': 'output-buffers-filled' },
  output: { idle: 'output-buffers-filled', ...BUSY },
  'lines shown': { 'output-buffers-filled': 'idle' },
}
