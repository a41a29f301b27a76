import { OutcomeError, ServiceError as ServiceErrorOutcome } from '@x/core'
import { whenAborted } from '@x/core/async'
import type { ApplicationReference } from '../asn1/application-reference.js'
import type { FileError, FileSide, ServiceError } from '../asn1/error.js'
import type { MmsPeer } from '../edge/peer.js'
import { invalidArgument, serviceError } from './errors.js'
import { textOf } from './file-services.js'
import { type FileStore, FileStoreError } from './file-store.js'
import type { Handler, ServedCall } from './handlers.js'
import { filesOfThirdParty, type ThirdParty } from './third-party.js'

/** Milliseconds for each answer of whoever has the file. */
const STEP = 10_000
/** Octets that are asked of a third party at a time. */
const PART = 65_536

/**
 * obtainFile, ISO 9506-1, annex C: the roles turn round, and the side that was asked fetches the file from the one that asks, or from a third
 * party, part by part, into a file that nobody sees before it is whole.
 */
export function fileObtainer(store: Required<FileStore>, maxTransfers: number, thirdParty?: ThirdParty): Handler<'obtainFile', MmsPeer> {
  let transfers = 0
  return async ({ sourceFileServer, sourceFile, destinationFile }, peer, call) => {
    if (sourceFileServer !== undefined && !peer.negotiated.parameterCBB.includes('tpy')) return invalidArgument
    if (transfers >= maxTransfers) return { error: serviceError('resource', 'capability-unavailable') }
    transfers += 1
    call.cancelable = true
    const open =
      sourceFileServer === undefined
        ? () => openAtPeer(sourceFile.join('/'), peer, call)
        : () => openElsewhere(sourceFile.join('/'), thirdParty, sourceFileServer, call.signal)
    try {
      await fetchFile(store, textOf(destinationFile), open, call)
      return { response: null }
    } catch (error) {
      return { error: failure(error) }
    } finally {
      transfers -= 1
    }
  }
}

/** A file that is open where it comes from. */
interface Source {
  readonly lastModified: string | undefined
  next(): Promise<{ readonly fileData: Uint8Array; readonly moreFollows: boolean }>
  /** A failing close alone is of no interest. */
  close(): Promise<unknown>
}

async function openAtPeer(name: string, peer: MmsPeer, { signal }: ServedCall): Promise<Source> {
  const options = { timeout: STEP, signal }
  const { frsmID, fileAttributes } = await peer.request('fileOpen', { fileName: [name], initialPosition: 0 }, options)
  return {
    lastModified: fileAttributes.lastModified,
    next: () => peer.request('fileRead', frsmID, options),
    close: () => peer.request('fileClose', frsmID, { timeout: STEP }).catch(() => {}),
  }
}

/** At a third party, which may take its time: nobody waits for it when the call is over. */
async function openElsewhere(
  name: string,
  thirdParty: ThirdParty | undefined,
  reference: ApplicationReference,
  signal: AbortSignal,
): Promise<Source> {
  let giveUp!: (reason: unknown) => void
  const over = new Promise<never>((_, reject) => {
    giveUp = reject
  })
  over.catch(() => {})
  whenAborted(signal, () => giveUp(signal.reason))
  const opening = filesOfThirdParty(thirdParty, reference, signal).then(files => files.open(name))
  const file = await Promise.race([opening, over]).catch(error => {
    opening.then(late => late.close()).catch(() => {})
    throw lostOr(error)
  })
  let position = 0
  return {
    lastModified: file.attributes.lastModified,
    async next() {
      const part = new Uint8Array(Math.min(PART, file.size - position))
      const count = await Promise.race([file.read(part, position), over]).catch(error => Promise.reject(lostOr(error)))
      if (count === 0 && part.length > 0) throw new FileStoreError('file-busy')
      position += count
      return { fileData: part.subarray(0, count), moreFollows: position < file.size }
    },
    close: () => file.close().catch(() => {}),
  }
}

/** The association with the third party may have been lost. The code is our reading. */
function lostOr(error: unknown): unknown {
  const isLost = error instanceof OutcomeError && !(error instanceof ServiceErrorOutcome)
  return isLost ? { error: serviceError('applicationReference', 'connection-lost') } : error
}

async function fetchFile(store: Required<FileStore>, destination: string, open: () => Promise<Source>, call: ServedCall): Promise<void> {
  const there = <T>(step: Promise<T>) => step.catch(error => Promise.reject(new Failed('source-file', error)))
  const here = <T>(step: Promise<T>) => step.catch(error => Promise.reject(new Failed('destination-file', error)))
  const sink = await here(store.create(destination))
  try {
    const source = await there(open())
    try {
      for (let more = true; more; ) {
        const { fileData, moreFollows } = await there(source.next())
        await here(sink.write(fileData))
        call.restart()
        more = moreFollows
      }
    } catch (error) {
      // A transfer that has failed does not wait for it.
      void source.close()
      throw error
    }
    await source.close()
    if (call.signal.aborted) throw new Failed('source-file', call.signal.reason)
    await here(sink.commit(source.lastModified))
  } catch (error) {
    await sink.discard()
    throw error
  }
}

/** Which of the two files it was. */
class Failed {
  readonly side: FileSide
  readonly reason: unknown
  constructor(side: FileSide, reason: unknown) {
    this.side = side
    this.reason = reason
  }
}

function failure(error: unknown): ServiceError {
  const { side, reason } = error instanceof Failed ? error : new Failed('destination-file', error)
  const known = typeof reason === 'object' && reason !== null && 'error' in reason ? (reason.error as ServiceError) : undefined
  return { ...(known ?? serviceError('file', codeOf(reason))), serviceSpecificInfo: { type: 'obtainFile', value: side } }
}

function codeOf(reason: unknown): FileError {
  if (reason instanceof FileStoreError) return reason.fileError
  const given = reason instanceof ServiceErrorOutcome ? (reason.answered as ServiceError).errorClass : undefined
  return given?.type === 'file' && typeof given.value === 'string' ? given.value : 'other'
}
