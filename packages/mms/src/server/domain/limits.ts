import type { Vmd } from '../vmd.js'
import type { DomainLoading } from './model.js'

export type DomainLimits = Required<
  Pick<DomainLoading, 'maxDomains' | 'maxLoads' | 'maxUploads' | 'maxOctets' | 'maxTotalOctets' | 'answerTimeout'>
>

const DEFAULTS: DomainLimits = {
  maxDomains: 1_000,
  maxLoads: 5,
  maxUploads: 5,
  maxOctets: 1_048_576,
  maxTotalOctets: 67_108_864,
  answerTimeout: 30_000,
}

export function limitsOf({ model }: Vmd): DomainLimits {
  return { ...DEFAULTS, ...model.loading }
}

/** What services have made of a VMD's room. */
export interface Made {
  /** Domains that are there or being loaded. */
  domains: number
  /** Octets that the default loader keeps. */
  octets: number
}

const made = new WeakMap<Vmd, Made>()

export function madeOf(vmd: Vmd): Made {
  const known = made.get(vmd) ?? { domains: 0, octets: 0 }
  made.set(vmd, known)
  return known
}
