import { OsiError } from '@x/core'
import type { FileError as FileErrorCode } from '../asn1/error.js'
import type { DirectoryEntry, FileAttributes } from '../asn1/file.js'

/** Thrown by a file store: the request ends with an error of the class file and this code. */
export class FileStoreError extends OsiError {
  override readonly name = 'FileStoreError'
  readonly fileError: FileErrorCode

  /** @param fileError a code of the class file; `code` is the same with `MMS_FILE_` in front */
  constructor(fileError: FileErrorCode) {
    super('mms', `MMS_FILE_${String(fileError)}`.toUpperCase().replaceAll('-', '_'), `the file store refuses: ${fileError}`)
    this.fileError = fileError
  }
}

/** A file that is open for reading. Its size is the one it had when it was opened. */
export interface OpenFile {
  readonly attributes: FileAttributes
  /**
   * Fills `octets` from `position` on, or up to the end.
   * @returns how many octets; fewer than asked for only at the end
   * @throws FileStoreError `file-busy` when the file has become shorter than it was
   */
  read(octets: Uint8Array, position: number): Promise<number>
  /** Octets in all, also where `attributes.sizeOfFile` cannot say so. */
  readonly size: number
  close(): Promise<void>
}

/** A file that is being received. Nobody sees it before it is whole. */
export interface FileSink {
  write(octets: Uint8Array): Promise<void>
  /** Makes it a file of the store, safe on the disk. @param lastModified of the file it is a copy of, as GeneralizedTime */
  commit(lastModified?: string): Promise<void>
  /** Forgets what was written. */
  discard(): Promise<void>
}

/**
 * Where a server's files are. Names are texts in which `/` separates the parts; what else they mean is the store's affair. Every method may
 * throw a FileStoreError; anything else is answered with the class file, code other.
 */
export interface FileStore {
  /** @throws FileStoreError `filename-syntax-error`, `file-non-existent`, `file-access-denied`, `file-busy` */
  open(name: string): Promise<OpenFile>
  /**
   * Files under a specification, in the order of the code points of their names, with names that `open` takes.
   * @param specification absent or empty: all
   * @param after only names behind this one; it need not exist
   */
  list(specification: string | undefined, after: string | undefined): AsyncIterable<DirectoryEntry>
  delete(name: string): Promise<void>
  /** @throws FileStoreError `duplicate-filename` when there is a file of the new name */
  rename(from: string, to: string): Promise<void>
  /** Absent: files cannot be received, and obtainFile is not served. @throws FileStoreError `duplicate-filename`, `file-access-denied` */
  create?(name: string): Promise<FileSink>
}
