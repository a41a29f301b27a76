export { MmsClient, type ReportOptions, type RequestOptions } from './client.js'
export { describeRejectReason, describeServiceError } from './errors.js'
export { ReportQueue } from './reports.js'
export type { VariableItem } from './specify.js'
