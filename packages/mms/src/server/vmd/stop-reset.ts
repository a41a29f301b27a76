import type { StatusResponse } from '../../asn1/vmd.js'
import { mmsDeletable, refusal } from '../access.js'
import type { ServerAssociation } from '../association.js'
import { deleteDomain } from '../domain/deletion.js'
import { serviceError } from '../errors.js'
import type { AdditionalAnswer, AdditionalHandlers } from '../handlers.js'
import type { Maybe } from '../maybe.js'
import { deleteProgramInvocation } from '../program-invocation/create.js'
import { semaphoresOf } from '../semaphore/semaphores.js'

/** What the application does when a client stops or resets the whole machine, with `csr`. */
export interface MachineHooks {
  /** Stops motion and control as fast as it can. What it throws is answered with vmd-operational-problem, and nothing has changed. */
  readonly stop?: () => Maybe<void>
  /** Whether local conditions allow a reset: what it throws is answered with vmd-operational-problem, and nothing has changed. */
  readonly reset?: () => Maybe<void>
}

const PROBLEM = { error: serviceError('vmdState', 'vmd-operational-problem') }

/** ISO 9506-1, 10.9. Where running programs are led is a local matter: here they are stopped. */
function vMDStop(_: null, association: ServerAssociation): Maybe<AdditionalAnswer<'vMDStop'>> {
  const { vmd } = association
  const denied = refusal(association, 'execute', vmd)
  if (denied) return denied
  return attempted(vmd.model.machine?.stop, () => {
    for (const program of vmd.vmdSpecific.of('programInvocation')) program.vMDStop()
    vmd.state.stop()
    return { response: null }
  })
}

/** ISO 9506-1, 10.10: what MMS may not delete stays, and is no error; one that resists is, and those before it are gone. */
function vMDReset(extendedDerivation: boolean, association: ServerAssociation): Maybe<AdditionalAnswer<'vMDReset'>> {
  const { vmd } = association
  const denied = refusal(association, 'execute', vmd)
  if (denied) return denied
  return attempted(vmd.model.machine?.reset, () => {
    for (const program of [...vmd.vmdSpecific.of('programInvocation')]) {
      if (mmsDeletable(vmd, program)) deleteProgramInvocation(program)
    }
    for (const domain of [...vmd.domains]) {
      // One that still belongs to a program which stays is needed by it.
      if (!mmsDeletable(vmd, domain) || domain.programInvocations.size > 0) continue
      const refused = domain.deleteRefusal()
      if (refused) return refused
      deleteDomain(vmd, domain)
    }
    semaphoresOf(vmd).reset()
    return { response: vmd.derivedStatus(extendedDerivation) satisfies StatusResponse }
  })
}

function attempted<T>(hook: (() => Maybe<void>) | undefined, then: () => T): Maybe<T | typeof PROBLEM> {
  let result: Maybe<void>
  try {
    result = hook?.()
  } catch {
    return PROBLEM
  }
  return result instanceof Promise
    ? result
        .then(
          () => true,
          () => false,
        )
        .then(done => (done ? then() : PROBLEM))
    : then()
}

export const machineHandlers: AdditionalHandlers = { vMDStop, vMDReset }
