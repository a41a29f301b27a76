import type { ServerAssociation } from '../association.js'
import { mayMonitor, monitorInvocation } from '../event/monitor.js'
import { whenDeleted } from '../objects.js'
import type { ProgramInvocation, ProgramListener } from './program-invocation.js'

/** For ever, or as long as the association of the client lives that is told. */
export type MonitorDuration = 'permanent' | 'current'

/** What `monitorType` of a definition says. */
export function monitorOf(monitorType: boolean | undefined): { readonly monitor?: MonitorDuration } {
  return monitorType === undefined ? {} : { monitor: monitorType ? 'permanent' : 'current' }
}

/** Whether a client may have an invocation of that name monitored: the services it takes are served. ISO 9506-2, CreateProgramInvocation-Request. */
export function servesMonitoring({ negotiated: { servicesSupportedOwn } }: ServerAssociation): boolean {
  return servicesSupportedOwn.includes('eventNotification') && servicesSupportedOwn.includes('getProgramInvocationAttributes')
}

export { mayMonitor }

/**
 * Tells a client of the end of each run: the condition is active while the invocation runs, until it has stopped. Which states those are is our
 * own reading of ISO 9506-1, 12.2.
 */
export function monitorProgram(program: ProgramInvocation, association: ServerAssociation, duration: MonitorDuration): void {
  const over = () => {
    program.monitor = undefined
    program.listeners.delete(follow)
  }
  const monitor = monitorInvocation(program.name, association, duration, over)
  const follow: ProgramListener = ({ state }) => monitor.setRunning(state === 'running' || state === 'stopping')
  program.monitor = duration
  program.listeners.add(follow)
  whenDeleted(program, () => {
    over()
    monitor.remove()
  })
}
