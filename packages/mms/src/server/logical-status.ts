import type { AdditionalServiceName } from '../asn1/additional-service.js'
import type { ConfirmedServiceName } from '../services.js'
import type { VmdStatus } from './model.js'

/** Gate 1 of ISO 9506-1, 7.2.1.9: whether a confirmed service is let through while the VMD has that logical status. */
export function letsThrough(status: VmdStatus['vmdLogicalStatus'], service: ConfirmedServiceName | AdditionalServiceName): boolean {
  switch (status) {
    case 'state-changes-allowed':
      return true
    case 'no-state-changes-allowed':
      return LOOKING.has(service) || service.startsWith('get') || service.startsWith('report')
    case 'limited-services-permitted':
      return service === 'status' || service === 'identify'
    case 'support-services-allowed':
      return !MOVING.has(service)
    default:
      return status satisfies never
  }
}

/** That the files services are among these is our own reading: they change nothing. */
const LOOKING: ReadonlySet<string> = new Set([
  'status',
  'identify',
  'read',
  'readJournal',
  'fileOpen',
  'fileRead',
  'fileClose',
  'fileDirectory',
])
const MOVING: ReadonlySet<string> = new Set(['start', 'stop', 'reset', 'resume', 'kill', 'startUC', 'stopUC'])
