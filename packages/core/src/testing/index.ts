export { type JoinedOptions, joinedChannels, MemoryChannel } from './channels.js'
export { type AnyMachine, describeMachine, type MachineHarness, type MachineSuite, trackRows } from './machine-suite.js'
export { FakeProvider, recordDeliveries } from './provider.js'
export { HandTimers } from './timers.js'
