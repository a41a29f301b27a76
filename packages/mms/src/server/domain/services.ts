import { compareNames } from '../../names.js'
import { mmsDeletable, refusal } from '../access.js'
import { nonExistent } from '../errors.js'
import type { Handler } from '../handlers.js'
import type { MmsObject } from '../objects.js'
import { deleteDomain as deleteFrom } from './deletion.js'
import { domainStateValue } from './states.js'

/** ISO 9506-1, 11.12: a domain that is ready and of which no upload is going on, with every object in it. */
export const deleteDomain: Handler<'deleteDomain'> = (name, association) => {
  const { vmd } = association
  const domain = vmd.domain(name)
  if (domain === undefined) return nonExistent
  const refused = refusal(association, 'delete', domain) ?? domain.deleteRefusal()
  if (refused !== undefined) return refused
  deleteFrom(vmd, domain)
  return { response: null }
}

/** ISO 9506-1, 11.13. Answered in every state. */
export const getDomainAttributes: Handler<'getDomainAttributes'> = (name, association) => {
  const { vmd, negotiated } = association
  const domain = vmd.domain(name)
  if (domain === undefined) return nonExistent
  return {
    response: {
      listOfCapabilities: domain.capabilities,
      state: domainStateValue(domain.state),
      mmsDeletable: mmsDeletable(vmd, domain),
      sharable: domain.sharable,
      listOfProgramInvocations: namesOf(domain.programInvocations),
      uploadInProgress: domain.uploadsInProgress,
      ...(negotiated.versionNumber >= 3 && association.agreed('aco') ? { accessControlList: domain.accessControlList } : {}),
    },
  }
}

function namesOf(objects: Iterable<MmsObject>): readonly string[] {
  return [...objects].map(({ name }) => name).sort(compareNames)
}
