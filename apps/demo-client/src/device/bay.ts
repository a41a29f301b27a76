import type { VmdModel } from '@x/mms'
import { controlDomain } from './control.js'
import { measurementDomain, vmdVariables } from './measurements.js'
import { BayProcess } from './process.js'

/** What sends the reports of the device: an MmsServer. */
export interface Reporter {
  report(list: string): Promise<number>
}

export interface BayOptions {
  /** Milliseconds since 1970. @default the clock of the machine */
  readonly clock?: () => number
  /** Between two reports of `BAY1MEAS/Measurements`, in milliseconds; 0: none. @default 1_000 */
  readonly reportInterval?: number
}

/** The virtual bay controller. */
export interface Bay {
  readonly model: VmdModel
  readonly process: BayProcess
  /** Lets time pass and reports through `server` from now on: measurements in turn, positions when a switch has moved. */
  start(server: Reporter): void
  /** Stops both. */
  stop(): void
}

/** The list reported in turn. */
export const MEASUREMENTS = 'BAY1MEAS/Measurements'
/** The list reported when a switch has moved. */
export const POSITIONS = 'BAY1CTRL/LLN0$Positions'

const TICK = 50

/** A device of two domains, a few hundred variables and live values. It needs a server to be seen. */
export function makeBay(options: BayOptions = {}): Bay {
  const { clock = Date.now, reportInterval = 1_000 } = options
  const process = new BayProcess(clock)
  const timers: NodeJS.Timeout[] = []
  const model: VmdModel = {
    identity: { vendorName: 'X', modelName: 'virtual bay controller', revision: '1.0' },
    variables: vmdVariables(process),
    lists: { Alarms: { items: ['BAY1MEAS/Alarms', 'vmd:Uptime'] } },
    domains: { BAY1CTRL: controlDomain(process), BAY1MEAS: measurementDomain(process) },
  }
  return {
    model,
    process,
    start(server) {
      timers.push(
        setInterval(() => {
          if (process.tick().length > 0) void server.report(POSITIONS)
        }, TICK),
      )
      if (reportInterval > 0) timers.push(setInterval(() => void server.report(MEASUREMENTS), reportInterval))
    },
    stop() {
      for (const timer of timers.splice(0)) clearInterval(timer)
    },
  }
}
