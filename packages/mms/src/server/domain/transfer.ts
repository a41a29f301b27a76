import type { ApplicationReference } from '../../asn1/application-reference.js'
import type { ServiceError } from '../../asn1/error.js'
import type { FileName } from '../../asn1/file.js'
import type { ServerAssociation } from '../association.js'
import { serviceError } from '../errors.js'
import { textOf } from '../file-services.js'
import { type FileStore, FileStoreError, type OpenFile } from '../file-store.js'
import type { ServedCall } from '../handlers.js'
import { filesOfThirdParty } from '../third-party.js'
import { failureOf, thirdPartyFailureOf } from './failures.js'

/** Octets of a file that are read at a time. */
const PART = 65_536

/** Where a service has its file: here or at a third party. */
export interface FileRequest {
  readonly fileName: FileName
  readonly thirdParty?: ApplicationReference
}

/** Whether a request has a field that was not negotiated. */
export function hasForeignField(association: ServerAssociation, { thirdParty }: FileRequest): boolean {
  return thirdParty !== undefined && !association.agreed('tpy')
}

/** What of a file a service is at work on, and how that may end early. */
export interface FileTransfer {
  readonly files: Pick<FileStore, 'open' | 'create'>
  readonly name: string
  /** Given up: cancelled, out of time, or the association has ended while a third party is involved. */
  readonly isGivenUp: boolean
  /** There is progress. @throws when it has been given up */
  step(): void
  errorOf(thrown: unknown): ServiceError
}

/**
 * The transfer of a request's file. A Cancel ends it; the end of the association only when a third party is involved: what needs nobody else goes on.
 * @param onGivenUp called once when it is given up
 */
export async function beginTransfer(
  association: ServerAssociation,
  { fileName, thirdParty }: FileRequest,
  call: ServedCall,
  onGivenUp: () => void = () => {},
): Promise<FileTransfer> {
  call.cancelable = true
  let isGivenUp = false
  call.signal.addEventListener('abort', () => {
    if (association.closeReason !== undefined && thirdParty === undefined) return
    isGivenUp = true
    onGivenUp()
  })
  const name = textOf(fileName)
  const files =
    thirdParty === undefined
      ? association.vmd.files
      : await filesOfThirdParty(association.vmd.model.loading?.thirdParty, thirdParty, call.signal)
  return {
    files: files ?? NO_FILES,
    name,
    get isGivenUp() {
      return isGivenUp
    },
    step() {
      if (isGivenUp) throw { error: serviceError('servicePreempt', 'cancel') }
      call.restart()
    },
    errorOf: thirdParty === undefined ? failureOf : thirdPartyFailureOf,
  }
}

const NO_FILES: Pick<FileStore, 'open' | 'create'> = {
  open: async () => {
    throw new FileStoreError('file-non-existent')
  },
}

/** The contents of a file, part by part. @param step called for each part; what it throws ends it */
export async function* partsOf(file: OpenFile, step: () => void): AsyncGenerator<Uint8Array, void, void> {
  for (let position = 0; position < file.size; ) {
    const part = new Uint8Array(Math.min(PART, file.size - position))
    const count = await file.read(part, position)
    if (count === 0) throw new FileStoreError('file-busy')
    step()
    position += count
    yield part.subarray(0, count)
  }
}

/** Makes a file of octets; nobody sees it before it is whole. @param step called for each part; what it throws ends it */
export async function writeFile(
  files: Pick<FileStore, 'create'>,
  name: string,
  octets: AsyncIterable<Uint8Array>,
  step: () => void,
): Promise<void> {
  if (files.create === undefined) throw new FileStoreError('file-access-denied')
  const sink = await files.create(name)
  try {
    for await (const part of octets) {
      step()
      await sink.write(part)
    }
    step()
    await sink.commit()
  } catch (error) {
    await sink.discard()
    throw error
  }
}
