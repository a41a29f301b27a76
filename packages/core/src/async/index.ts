export { Connection } from './connection.js'
export { DataConnection } from './data-connection.js'
export { type ConnectionOptions, type ExchangeOptions, refusalIn, type Shape, withCause } from './shape.js'
export { systemTimers } from './timers.js'
