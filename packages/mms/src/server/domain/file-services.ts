import type { LoadData } from '../../asn1/domain.js'
import type { Segments } from '../../edge/segments.js'
import { invalidArgument, nonExistent, serviceError } from '../errors.js'
import type { Answer, Handler } from '../handlers.js'
import { failureOf } from './failures.js'
import { DomainLoad, loadRefusal } from './load.js'
import { beginTransfer, hasForeignField, partsOf, writeFile } from './transfer.js'
import { beginStore, storeRefusal } from './uploads.js'

/** ISO 9506-1, 11.10: the domain is made of the contents of a file; without success there is none. */
export const loadDomainContent: Handler<'loadDomainContent'> = (request, association, call) => {
  if (hasForeignField(association, request)) return invalidArgument
  const refused = loadRefusal(association, request)
  if (refused !== undefined) return refused
  const load = new DomainLoad(association, request, 'loadDomainContent')
  const work = async (): Promise<Answer<'loadDomainContent'>> => {
    let errorOf = failureOf
    try {
      const transfer = await beginTransfer(association, request, call, () => load.undo('notLoaded'))
      ;({ errorOf } = transfer)
      const file = await transfer.files.open(transfer.name)
      await load.make(asLoadData(partsOf(file, transfer.step))).finally(() => file.close())
      load.done('loaded')
      return { response: null }
    } catch (error) {
      load.undo('notLoaded')
      return { error: errorOf(error) }
    }
  }
  return work()
}

/** ISO 9506-1, 11.11: a file is made of what an upload of the domain would give. */
export const storeDomainContent: Handler<'storeDomainContent'> = (request, association, call) => {
  if (hasForeignField(association, request)) return invalidArgument
  const domain = association.vmd.domain(request.domainName)
  if (domain === undefined) return nonExistent
  const refused = storeRefusal(association, domain, 'storeDomainContent')
  if (refused !== undefined) return refused
  const work = async (): Promise<Answer<'storeDomainContent'>> => {
    let errorOf = failureOf
    let stop = () => {}
    try {
      const { segments, end } = beginStore(domain)
      stop = () => {
        segments.close()
        end()
      }
      const transfer = await beginTransfer(association, request, call)
      ;({ errorOf } = transfer)
      await writeFile(transfer.files, transfer.name, octetsOf(segments), transfer.step)
      return { response: null }
    } catch (error) {
      return { error: errorOf(error) }
    } finally {
      stop()
    }
  }
  return work()
}

async function* asLoadData(parts: AsyncIterable<Uint8Array>): AsyncGenerator<LoadData, void, void> {
  for await (const value of parts) yield { type: 'nonCoded', value }
}

/** Octets of a part that is written. */
const PART = 65_536

/** A file holds octets; other load data would need a format. */
export async function* octetsOf(segments: Segments): AsyncGenerator<Uint8Array, void, void> {
  for (let more = true; more; ) {
    const { loadData, moreFollows } = await segments.next(PART)
    if (loadData.type !== 'nonCoded') throw { error: serviceError('definition', 'type-unsupported') }
    yield loadData.value
    more = moreFollows
  }
}
