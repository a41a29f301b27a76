import { sameOctets } from '@x/core'
import type { AeQualifier, ApplicationEntity, ApTitle, RelativeDistinguishedName } from './service.js'

/** The form of a title or qualifier: 1 directory name, 2 object identifier or integer. X.227, 9.1. */
export function titleForm(title: ApTitle | AeQualifier): 1 | 2 {
  return typeof title === 'object' ? 1 : 2
}

/** Whether AP title and AE qualifier, when both are there, have the same form, as X.227, 9.1 wants. */
export function titleFormsAgree(entity: ApplicationEntity): boolean {
  const { apTitle, aeQualifier } = entity
  return apTitle === undefined || aeQualifier === undefined || titleForm(apTitle) === titleForm(aeQualifier)
}

/**
 * Whether two titles or two qualifiers are the same. Form 2: equal values. Form 1: the same names level by level; within one
 * level, a set, in any order, values octet by octet (the matching rules of X.501 are not applied).
 */
export function sameTitle(a: ApTitle | AeQualifier, b: ApTitle | AeQualifier): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b
  if (isName(a) !== isName(b)) return a.length === 0 && b.length === 0
  if (!isName(a) || !isName(b)) return sameNames(a as RelativeDistinguishedName, b as RelativeDistinguishedName)
  return a.length === b.length && a.every((level, i) => sameNames(level, b[i]!))
}

function isName(title: Extract<ApTitle | AeQualifier, object>): title is readonly RelativeDistinguishedName[] {
  return Array.isArray(title[0])
}

function sameNames(a: RelativeDistinguishedName, b: RelativeDistinguishedName): boolean {
  return a.length === b.length && holds(a, b) && holds(b, a)
}

/** Whether each name of `some` is among `all`. */
function holds(all: RelativeDistinguishedName, some: RelativeDistinguishedName): boolean {
  return some.every(one => all.some(other => one.type === other.type && sameOctets(one.value, other.value)))
}
