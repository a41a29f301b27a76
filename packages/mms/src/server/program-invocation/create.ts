import { UsageError } from '@x/core'
import { DELETABLE, NON_DELETABLE, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import type { Domain } from '../domain/domain.js'
import { serviceError } from '../errors.js'
import type { Vmd } from '../vmd.js'
import type { ProgramHooks } from './hooks.js'
import { type MonitorDuration, mayMonitor, monitorProgram } from './monitoring.js'
import { ProgramInvocation, type Refused } from './program-invocation.js'

/** A program invocation in a model: it is there from the beginning and is not deleted by MMS. */
export interface ProgramInvocationModel extends ProgramHooks {
  /** Names of the domains of the model that it runs on, at least one. */
  readonly domains: readonly string[]
  /** Whether it is idle again after its end, or unrunnable. @default true */
  readonly reusable?: boolean
  /** A controlling one may be selected and counts its cycles; a controlled one is moved by it. @default 'normal' */
  readonly control?: 'normal' | 'controlling' | 'controlled'
  /** @default `M_NonDeletable` */
  readonly accessControlList?: string
}

/** What a program invocation is made of. */
export interface ProgramDefinition {
  readonly name: string
  /** Each once; at least one. */
  readonly domains: readonly string[]
  readonly reusable: boolean
  readonly control?: 'normal' | 'controlling' | 'controlled'
  /** Events of the ends of its runs, told to the client that asks. @default none */
  readonly monitor?: MonitorDuration
  /** @default those of the model's `program` */
  readonly hooks?: ProgramHooks
  /** @default `M_Deletable` */
  readonly accessControlList?: string
}

/**
 * createProgramInvocation of ISO 9506-1, 12.2, its checks in their order: all or nothing.
 * @param association who asks; undefined: the server itself, which needs nobody's leave
 */
export function createProgramInvocation(
  vmd: Vmd,
  definition: ProgramDefinition,
  association?: ServerAssociation,
): Refused | { readonly program: ProgramInvocation } {
  const { name, reusable, control = 'normal', accessControlList = DELETABLE, hooks = vmd.model.program ?? {} } = definition
  const isFree = !vmd.vmdSpecific.of('programInvocation').has(name) && (definition.monitor === undefined || mayMonitor(vmd, name))
  if (!isFree) return { error: serviceError('definition', 'object-exists') }
  const denied = association && refusal(association, 'load', vmd)
  if (denied) return denied
  const domains: Domain[] = []
  for (const domainName of new Set(definition.domains)) {
    const domain = vmd.domain(domainName)
    if (domain === undefined) return { error: serviceError('definition', 'object-undefined') }
    domains.push(domain)
  }
  for (const domain of domains) {
    const refused = domain.bindRefusal()
    if (refused) return refused
  }
  const most = association?.limits.maxProgramInvocations ?? Number.POSITIVE_INFINITY
  if (vmd.vmdSpecific.of('programInvocation').size >= most) return { error: serviceError('resource', 'capability-unavailable') }
  const program = new ProgramInvocation(name, { domains, reusable, control, accessControlList, hooks })
  for (const domain of domains) domain.bind(program)
  vmd.vmdSpecific.add('programInvocation', program)
  if (definition.monitor !== undefined && association !== undefined) monitorProgram(program, association, definition.monitor)
  return { program }
}

/** Whatever its state: unbinds its domains, and it is gone. What is at work on it ends with object-state-conflict. */
export function deleteProgramInvocation(program: ProgramInvocation): void {
  for (const domain of program.domains) domain.unbind(program)
  for (const controlled of program.controlled) controlled.controlledBy = undefined
  if (program.controlledBy !== undefined) {
    program.controlledBy.controlled = program.controlledBy.controlled.filter(other => other !== program)
  }
  program.scope?.remove('programInvocation', program)
  program.delete()
}

/** Makes those of the model. @throws UsageError `MMS_MODEL` */
export function addProgramInvocations(vmd: Vmd): void {
  for (const [name, given] of Object.entries(vmd.model.programInvocations ?? {})) {
    const { domains, reusable = true, control = 'normal', accessControlList = NON_DELETABLE } = given
    const made = createProgramInvocation(vmd, { name, domains, reusable, control, hooks: given, accessControlList })
    if ('program' in made && domains.length > 0) continue
    throw new UsageError(
      'mms',
      'MMS_MODEL',
      `program invocation ${name}: expected domains of the model that it may have, found ${domains.join(', ')}`,
    )
  }
}
