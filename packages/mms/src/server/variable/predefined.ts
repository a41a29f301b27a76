import { generalizedTimeText, generalizedTimeToDate } from '../../times.js'
import { types } from '../../value-types.js'
import type { Vmd } from '../vmd.js'
import type { VariableModel } from './model.js'

/** What the application has to do with the predefined variables. */
export interface PredefinedVariables {
  /** Whether the supply fails. @default it does not */
  readonly powerProblem?: () => boolean
  /** Sets the clock: a client has written M_DAYTIME. @default it may not */
  readonly setDayTime?: (time: Date) => void
}

/** The variables that the object module of ISO 9506-1 has for every VMD; a server may leave them out. */
export function predefinedVariables({ powerProblem, setDayTime }: PredefinedVariables, vmd: Vmd): Readonly<Record<string, VariableModel>> {
  const start = vmd.now()
  return {
    M_powerProblem: {
      type: types.boolean,
      accessControlList: 'M_ReadOnly',
      read: () => ({ type: 'boolean', value: powerProblem?.() ?? false }),
    },
    M_ELT: {
      type: types.integer(32),
      accessControlList: 'M_ReadOnly',
      // Our reading: milliseconds; it begins again when 31 bits are full, after 24 days.
      read: () => ({ type: 'integer', value: (vmd.now() - start) % 0x8000_0000 }),
    },
    M_DAYTIME: {
      type: types.generalizedTime,
      ...(setDayTime === undefined ? { writable: false } : {}),
      read: () => ({ type: 'generalizedTime', value: generalizedTimeText(new Date(vmd.now())) }),
      write: value => {
        const time = generalizedTimeToDate(value.value as string)
        if (time === undefined) return { failure: 'object-value-invalid' }
        setDayTime?.(time)
        return undefined
      },
    },
  }
}
