import type { Data } from '../../asn1/data.js'
import { generalizedTimeText, generalizedTimeToDate } from '../../times.js'
import { types } from '../../value-types.js'
import { NON_DELETABLE } from '../access.js'
import type { VariableModel } from '../variable/model.js'
import { makeVariable } from '../variable/variable.js'
import type { Vmd } from '../vmd.js'

/** The names that ISO 9506-1 gives to objects of the VMD. */
export const PREDEFINED: ReadonlySet<string> = new Set([
  'M_powerProblem',
  'M_ELT',
  'M_DAYTIME',
  'M_Deletable',
  'M_NonDeletable',
  'M_ReadOnly',
  'M_Never',
  'M_Violation',
])

/** The variables that the standard knows of every VMD; a server has those that it is asked for. */
export interface PredefinedVariables {
  /**
   * `M_DAYTIME`, a generalized time: the server's clock. With a function clients may set it, otherwise they are refused with
   * object-access-denied. @default not there
   */
  readonly daytime?: boolean | ((time: Date) => void | Promise<void>)
  /** `M_ELT`, an integer of 32 bits: milliseconds since the server was made, as far as they fit; our own reading of its unit. @default not there */
  readonly elapsedTime?: boolean
  /** `M_powerProblem`, a boolean. @default not there */
  readonly powerProblem?: () => boolean | Promise<boolean>
}

const READ_ONLY = 'M_ReadOnly'
/** Milliseconds that an integer of 32 bits can say. */
const ELAPSED_MODULUS = 0x8000_0000

const DENIED: NonNullable<VariableModel['write']> = () => ({ failure: 'object-access-denied' })

export function addPredefinedVariables(vmd: Vmd): void {
  const { daytime = false, elapsedTime = false, powerProblem } = vmd.model.predefined ?? {}
  if (daytime !== false) {
    const read = (): Data => ({ type: 'generalizedTime', value: generalizedTimeText(new Date(vmd.now())) })
    add(vmd, 'M_DAYTIME', NON_DELETABLE, { type: types.generalizedTime, read, write: daytime === true ? DENIED : setter(daytime) })
  }
  if (elapsedTime) {
    const began = vmd.now()
    const read = (): Data => ({ type: 'integer', value: Math.max(0, vmd.now() - began) % ELAPSED_MODULUS })
    add(vmd, 'M_ELT', READ_ONLY, { type: types.integer(32), read, write: DENIED })
  }
  if (powerProblem !== undefined) {
    const read = async (): Promise<Data> => ({ type: 'boolean', value: await powerProblem() })
    add(vmd, 'M_powerProblem', READ_ONLY, { type: types.boolean, read, write: DENIED })
  }
}

function setter(set: (time: Date) => void | Promise<void>): NonNullable<VariableModel['write']> {
  return value => {
    const time = value.type === 'generalizedTime' ? generalizedTimeToDate(value.value) : undefined
    return time === undefined ? { failure: 'object-value-invalid' } : set(time)
  }
}

function add(
  vmd: Vmd,
  name: string,
  accessControlList: string,
  model: VariableModel & { readonly type: ReturnType<typeof types.integer> },
): void {
  const variable = makeVariable(name, model, model.type)
  vmd.vmdSpecific.add('namedVariable', { ...variable, name, scope: undefined, accessControlList, address: undefined, meaning: undefined })
}
