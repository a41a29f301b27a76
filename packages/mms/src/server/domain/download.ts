import { whenAborted } from '@x/core/async'
import type { LoadData } from '../../asn1/domain.js'
import type { ServiceError } from '../../asn1/error.js'
import type { Handler } from '../handlers.js'
import { failureOf, TRANSFER_PROBLEM } from './failures.js'
import { limitsOf } from './limits.js'
import { DomainLoad, loadRefusal } from './load.js'

/** ISO 9506-1, 11.2: answered at once; then it is the server that asks for segment after segment, and that ends the sequence. */
export const initiateDownloadSequence: Handler<'initiateDownloadSequence'> = (request, association) => {
  const refused = loadRefusal(association, request)
  if (refused !== undefined) return refused
  const load = new DomainLoad(association, request, 'initiateDownloadSequence')
  load.whenOver(association.holdOpen())
  load.whenOver(whenAborted(association.signal, () => load.undo('associationEnds')))
  // The response goes first.
  void Promise.resolve().then(() => download(load))
  return { response: null }
}

async function download(load: DomainLoad): Promise<void> {
  const { association, domain } = load
  if (load.isOver) return
  domain.step('initiated')
  // The client knows it by this name, whatever others call it meanwhile.
  const { name } = domain
  const timeout = limitsOf(association.vmd).answerTimeout
  let asking: Promise<unknown> | undefined

  async function ask(): Promise<{ readonly loadData: LoadData; readonly moreFollows: boolean }> {
    domain.step('downloadSegment')
    try {
      const segment = await association.request('downloadSegment', name, { timeout })
      if (segment.moreFollows && isEmpty(segment.loadData)) throw { error: TRANSFER_PROBLEM }
      if (load.isOver) throw { error: TRANSFER_PROBLEM }
      domain.step(segment.moreFollows ? 'segment' : 'lastSegment')
      return segment
    } catch (error) {
      if (!load.isOver) domain.step('broken')
      throw error
    }
  }

  async function* segments(): AsyncGenerator<LoadData, void, void> {
    for (let more = true; more; ) {
      const answer = ask()
      asking = answer
      const { loadData, moreFollows } = await answer
      if (!isEmpty(loadData)) yield loadData
      more = moreFollows
    }
  }

  let discard: ServiceError | undefined
  try {
    await load.make(segments())
  } catch (error) {
    discard = failureOf(error)
    // A loader may give up while a segment is on its way.
    await asking?.catch(() => {})
  }
  if (load.isOver) return
  domain.step(discard === undefined ? 'keep' : 'discard')
  const request = { domainName: name, ...(discard === undefined ? {} : { discard }) }
  // At once with the response: what the client asks next finds the domain ready, or the name free.
  const end = () => {
    if (load.isOver) return
    if (discard === undefined) load.done('terminated')
    else load.undo('terminated')
  }
  await association.request('terminateDownloadSequence', request, { timeout }, end).catch(() => load.undo('notTerminated'))
}

function isEmpty(data: LoadData): boolean {
  return data.type === 'nonCoded' && data.value.length === 0
}
