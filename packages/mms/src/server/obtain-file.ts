import { ServiceError as ServiceErrorOutcome } from '@x/core'
import type { FileError, FileSide, ServiceError } from '../asn1/error.js'
import type { MmsPeer } from '../edge/peer.js'
import { invalidArgument, serviceError } from './errors.js'
import { textOf } from './file-services.js'
import { type FileSink, type FileStore, FileStoreError } from './file-store.js'
import type { Handler, ServedCall } from './handlers.js'

/** Milliseconds for each answer of whoever has the file. */
const STEP = 10_000

/**
 * obtainFile, ISO 9506-1, annex C: the roles turn round, and the side that was asked fetches the file from the one that asks, part by part,
 * into a file that nobody sees before it is whole.
 */
export function fileObtainer(store: Required<FileStore>, maxTransfers: number): Handler<'obtainFile', MmsPeer> {
  let transfers = 0
  return async ({ sourceFileServer, sourceFile, destinationFile }, peer, call) => {
    // Third parties (`tpy`) are not negotiated here.
    if (sourceFileServer !== undefined) return invalidArgument
    if (transfers >= maxTransfers) return { error: serviceError('resource', 'capability-unavailable') }
    transfers += 1
    call.cancelable = true
    try {
      await fetchFile(store, { source: sourceFile.join('/'), destination: textOf(destinationFile) }, peer, call)
      return { response: null }
    } catch (error) {
      return { error: failure(error) }
    } finally {
      transfers -= 1
    }
  }
}

async function fetchFile(
  store: Required<FileStore>,
  { source, destination }: { readonly source: string; readonly destination: string },
  peer: MmsPeer,
  call: ServedCall,
): Promise<void> {
  const options = { timeout: STEP, signal: call.signal }
  const there = <T>(step: Promise<T>) => step.catch(error => Promise.reject(new Failed('source-file', error)))
  const here = <T>(step: Promise<T>) => step.catch(error => Promise.reject(new Failed('destination-file', error)))
  const sink = await here(store.create(destination))
  try {
    const { frsmID, fileAttributes } = await there(peer.request('fileOpen', { fileName: [source], initialPosition: 0 }, options))
    // A failing close alone is of no interest, and a transfer that has failed does not wait for it.
    const close = () => peer.request('fileClose', frsmID, { timeout: STEP }).catch(() => {})
    try {
      await copy(() => there(peer.request('fileRead', frsmID, options)), sink, here, call)
    } catch (error) {
      void close()
      throw error
    }
    await close()
    if (call.signal.aborted) throw new Failed('source-file', call.signal.reason)
    await here(sink.commit(fileAttributes.lastModified))
  } catch (error) {
    await sink.discard()
    throw error
  }
}

async function copy(
  next: () => Promise<{ readonly fileData: Uint8Array; readonly moreFollows: boolean }>,
  sink: FileSink,
  here: <T>(step: Promise<T>) => Promise<T>,
  call: ServedCall,
): Promise<void> {
  for (let more = true; more; ) {
    const { fileData, moreFollows } = await next()
    await here(sink.write(fileData))
    call.restart()
    more = moreFollows
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
  return { ...serviceError('file', codeOf(reason)), serviceSpecificInfo: { type: 'obtainFile', value: side } }
}

function codeOf(reason: unknown): FileError {
  if (reason instanceof FileStoreError) return reason.fileError
  const given = reason instanceof ServiceErrorOutcome ? (reason.answered as ServiceError).errorClass : undefined
  return given?.type === 'file' && typeof given.value === 'string' ? given.value : 'other'
}
