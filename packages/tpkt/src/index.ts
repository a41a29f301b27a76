export { type ExplainedTpkt, explainTpkt } from './explain.js'
export { TpktMachine, type TpktOptions } from './machine.js'
export { decodeTpkt, encodeTpkt, HEADER_LENGTH, MAX_LENGTH, MIN_LENGTH, type Tpkt } from './packet.js'
export * from './service.js'
