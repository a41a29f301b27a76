export { type JoinedOptions, joinedChannels, MemoryChannel } from './channels.js'
export { FakeProvider, recordDeliveries } from './provider.js'
export { playScript, type ScriptStep } from './scripted-peer.js'
export { HandTimers } from './timers.js'
export {
  type Direction,
  octetsOf,
  type RecordedPdu,
  type RecordedSegment,
  type Recording,
  readRecording,
  streamsOf,
  type Turn,
  turnsOf,
} from './vectors.js'
