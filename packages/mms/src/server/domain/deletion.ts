import type { Vmd } from '../vmd.js'
import type { Domain } from './domain.js'

/** Deletes a domain with every object in it. Checks nothing: see `Domain.deleteRefusal`. ISO 9506-1, 11.12. */
export function deleteDomain(vmd: Vmd, domain: Domain): void {
  domain.step('deleteDomain')
  domain.step('deleted')
  removeDomain(vmd, domain)
}

/** Takes away a domain whose table has led to its end. */
export function removeDomain(vmd: Vmd, domain: Domain): void {
  domain.objects.clear()
  vmd.vmdSpecific.remove('domain', domain)
  domain.attributes.onDelete?.()
}
