import type { ServiceError } from '../asn1/error.js'
import type { FileName } from '../asn1/file.js'
import type { MmsPeer } from '../edge/peer.js'
import { serviceError } from './errors.js'
import { type FileStore, FileStoreError } from './file-store.js'
import type { Handler, Handlers } from './handlers.js'
import { fileObtainer } from './obtain-file.js'
import { type OpenFiles, openFilesOf } from './open-files.js'
import type { ThirdParty } from './third-party.js'

/** Numbers that the file services do not exceed for one association. */
export interface FileLimits {
  /** Files open at once. @default 5 */
  readonly maxOpenFiles: number
  /** Milliseconds after which a file that nobody reads is closed. @default 60_000 */
  readonly idleTimeout: number
  /** Reads the next part of a file while the last one is on its way to the client: one part is held for each open file. @default true */
  readonly readsAhead: boolean
  /** Files being fetched at once by obtainFile, for all associations together. @default 5 */
  readonly maxTransfers: number
  /** Where the files of other applications are, for obtainFile from a third party (`tpy`). @default `loading.thirdParty` of the model */
  readonly thirdParty?: ThirdParty | undefined
}

/** The file services of ISO 9506-1, annex D, over a store: give them to a server as `handlers`, or use its option `files`. */
export function fileServices(store: FileStore, limits: Partial<FileLimits> = {}): Handlers<MmsPeer> {
  const { maxOpenFiles = 5, idleTimeout = 60_000, maxTransfers = 5, readsAhead = true, thirdParty } = limits
  const openFiles = (association: MmsPeer): OpenFiles => openFilesOf(association, store, { idleTimeout, readsAhead })

  const fileOpen: Handler<'fileOpen', MmsPeer> = async ({ fileName, initialPosition }, association) => {
    const files = openFiles(association)
    if (files.size >= maxOpenFiles) return { error: serviceError('resource', 'capability-unavailable') }
    return answering(async () => {
      const { frsmID, file } = await files.open(textOf(fileName), initialPosition)
      return { frsmID, fileAttributes: file.attributes }
    })
  }
  const fileRead: Handler<'fileRead', MmsPeer> = (frsmID, association) =>
    answering(() => openFiles(association).read(frsmID, association.negotiated.maxPduSize - READ_ENVELOPE))
  const fileClose: Handler<'fileClose', MmsPeer> = (frsmID, association) =>
    answering(async () => {
      await openFiles(association).close(frsmID)
      return null
    })
  const fileDelete: Handler<'fileDelete', MmsPeer> = fileName =>
    answering(async () => {
      await store.delete(textOf(fileName))
      return null
    })
  const fileRename: Handler<'fileRename', MmsPeer> = ({ currentFileName, newFileName }) =>
    answering(async () => {
      await store.rename(textOf(currentFileName), textOf(newFileName))
      return null
    })
  const fileDirectory: Handler<'fileDirectory', MmsPeer> = ({ fileSpecification, continueAfter }, association) => {
    const room = association.negotiated.maxPduSize - DIRECTORY_ENVELOPE
    const specification = fileSpecification?.join('/')
    return answering(() => openFiles(association).page(specification, continueAfter?.join('/'), room))
  }
  const services = { fileOpen, fileRead, fileClose, fileDelete, fileRename, fileDirectory }
  return store.create === undefined
    ? services
    : { ...services, obtainFile: fileObtainer(store as Required<FileStore>, maxTransfers, thirdParty) }
}

/** Octets of a fileRead response around the data. */
const READ_ENVELOPE = 32
/** Octets of a fileDirectory response around the entries. */
const DIRECTORY_ENVELOPE = 40

/** One text or several; a file has a name. @throws FileStoreError `filename-syntax-error` */
export function textOf(name: FileName): string {
  const text = name.join('/')
  if (text === '') throw new FileStoreError('filename-syntax-error')
  return text
}

/** What a store throws as an error of the class file. */
async function answering<T>(work: () => Promise<T>): Promise<{ response: T } | { error: ServiceError }> {
  try {
    return { response: await work() }
  } catch (error) {
    return { error: serviceError('file', error instanceof FileStoreError ? error.fileError : 'other') }
  }
}
