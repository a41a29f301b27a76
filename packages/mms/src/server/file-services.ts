import type { FileName } from '../asn1/file.js'
import type { ServerAssociation } from './association.js'
import { type invalidArgument, serviceError } from './errors.js'
import { type FileStore, FileStoreError } from './file-store.js'
import type { Handler, Handlers } from './handlers.js'
import { type OpenFiles, openFilesOf } from './open-files.js'

/** Numbers that the file services do not exceed for one association. */
export interface FileLimits {
  /** Files open at once. @default 5 */
  readonly maxOpenFiles: number
  /** Milliseconds after which a file that nobody reads is closed. @default 60_000 */
  readonly idleTimeout: number
}

/** The file services of ISO 9506-1, annex D, over a store: give them to a server as `handlers`, or use its option `files`. */
export function fileServices(store: FileStore, limits: Partial<FileLimits> = {}): Handlers {
  const { maxOpenFiles = 5, idleTimeout = 60_000 } = limits
  const openFiles = (association: ServerAssociation): OpenFiles => openFilesOf(association, store, idleTimeout)

  const fileOpen: Handler<'fileOpen'> = async ({ fileName, initialPosition }, association) => {
    const files = openFiles(association)
    if (files.size >= maxOpenFiles) return { error: serviceError('resource', 'capability-unavailable') }
    return answering(async () => {
      const { frsmID, file } = await files.open(textOf(fileName), initialPosition)
      return { frsmID, fileAttributes: file.attributes }
    })
  }
  const fileRead: Handler<'fileRead'> = (frsmID, association) =>
    answering(() => openFiles(association).read(frsmID, association.negotiated.maxPduSize - READ_ENVELOPE))
  const fileClose: Handler<'fileClose'> = (frsmID, association) =>
    answering(async () => {
      await openFiles(association).close(frsmID)
      return null
    })
  const fileDelete: Handler<'fileDelete'> = fileName =>
    answering(async () => {
      await store.delete(textOf(fileName))
      return null
    })
  const fileRename: Handler<'fileRename'> = ({ currentFileName, newFileName }) =>
    answering(async () => {
      await store.rename(textOf(currentFileName), textOf(newFileName))
      return null
    })
  const fileDirectory: Handler<'fileDirectory'> = ({ fileSpecification, continueAfter }, association) => {
    const room = association.negotiated.maxPduSize - DIRECTORY_ENVELOPE
    const specification = fileSpecification?.join('/')
    return answering(() => openFiles(association).page(specification, continueAfter?.join('/'), room))
  }
  return { fileOpen, fileRead, fileClose, fileDelete, fileRename, fileDirectory }
}

/** Octets of a fileRead response around the data. */
const READ_ENVELOPE = 32
/** Octets of a fileDirectory response around the entries. */
const DIRECTORY_ENVELOPE = 40

/** One text or several; a file has a name. @throws FileStoreError `filename-syntax-error` */
function textOf(name: FileName): string {
  const text = name.join('/')
  if (text === '') throw new FileStoreError('filename-syntax-error')
  return text
}

/** What a store throws as an error of the class file. */
async function answering<T>(
  work: () => Promise<T>,
): Promise<{ response: T } | { error: ReturnType<typeof serviceError> } | typeof invalidArgument> {
  try {
    return { response: await work() }
  } catch (error) {
    return { error: serviceError('file', error instanceof FileStoreError ? error.code : 'other') }
  }
}
