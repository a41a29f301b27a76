import type { LoadData } from '../../asn1/domain.js'
import { serviceError } from '../errors.js'
import type { DomainModel } from '../model.js'
import type { Vmd } from '../vmd.js'
import { limitsOf, madeOf } from './limits.js'

/** What load data mean to a VMD that has not been told: octets to be kept, and to be given again. */
export async function keepOctets(segments: AsyncIterable<LoadData>, vmd: Vmd): Promise<DomainModel> {
  const { maxOctets, maxTotalOctets } = limitsOf(vmd)
  const made = madeOf(vmd)
  const kept: Uint8Array[] = []
  let octets = 0
  const giveBack = () => {
    made.octets -= octets
    octets = 0
  }
  try {
    for await (const data of segments) {
      if (data.type !== 'nonCoded') throw { error: serviceError('definition', 'type-unsupported') }
      octets += data.value.length
      made.octets += data.value.length
      if (octets > maxOctets || made.octets > maxTotalOctets) throw { error: serviceError('resource', 'memory-unavailable') }
      kept.push(data.value.slice())
    }
  } catch (error) {
    giveBack()
    throw error
  }
  return { store: () => kept, onDelete: giveBack }
}
