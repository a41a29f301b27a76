import { BOOLEAN, explicit, GraphicString, implicit, leaf, OCTET_STRING, SEQUENCE, SEQUENCE_OF, type Type } from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { GeneralizedTimeText } from './data.js'
import { Integer32, Unsigned32 } from './identifiers.js'
import { prependText, readText } from './text.js'

const GRAPHIC_STRING = 0x19

/** A part of a file name: octets of UTF-8 in a GraphicString, as peers send them. VisibleString and UTF8String are taken, too. */
const FileNamePart: Type<string> = leaf<string>({
  name: 'GraphicString',
  as: GraphicString,
  tags: [GRAPHIC_STRING, 0x1a, 0x0c],
  get: readText,
  put: (sdu, value) => prependText(sdu, value, GRAPHIC_STRING),
})

/** ISO 9506-2, FileName: one text, or a path of several; what they mean is a matter of the file store. */
export type FileName = readonly string[]
export const FileName: Type<FileName> = SEQUENCE_OF(FileNamePart, 'FileName')

/** ISO 9506-2, ObtainFile-Request: the server is to fetch a file. */
export interface ObtainFileRequest {
  /** Where it lies. Absent: with whoever asks, who then serves fileOpen, fileRead and fileClose. Needs `tpy`. */
  readonly sourceFileServer?: ApplicationReference
  readonly sourceFile: FileName
  readonly destinationFile: FileName
}
export const ObtainFileRequest: Type<ObtainFileRequest> = SEQUENCE<ObtainFileRequest>('ObtainFile-Request', {
  sourceFileServer: implicit(0, ApplicationReference).optional(),
  sourceFile: implicit(1, FileName),
  destinationFile: implicit(2, FileName),
})

/** ISO 9506-2, FileOpen-Request. */
export interface FileOpenRequest {
  readonly fileName: FileName
  /** Octets to skip. */
  readonly initialPosition: number
}
export const FileOpenRequest: Type<FileOpenRequest> = SEQUENCE<FileOpenRequest>('FileOpen-Request', {
  fileName: implicit(0, FileName),
  initialPosition: implicit(1, Unsigned32),
})

/** ISO 9506-2, FileAttributes. */
export interface FileAttributes {
  /** Octets. */
  readonly sizeOfFile: number
  /** GeneralizedTime as its text. */
  readonly lastModified?: string
}
export const FileAttributes: Type<FileAttributes> = SEQUENCE<FileAttributes>('FileAttributes', {
  sizeOfFile: implicit(0, Unsigned32),
  lastModified: implicit(1, GeneralizedTimeText).optional(),
})

/** ISO 9506-2, FileOpen-Response. */
export interface FileOpenResponse {
  /** Of the file read state machine: what fileRead and fileClose name. */
  readonly frsmID: number
  readonly fileAttributes: FileAttributes
}
export const FileOpenResponse: Type<FileOpenResponse> = SEQUENCE<FileOpenResponse>('FileOpen-Response', {
  frsmID: implicit(0, Integer32),
  fileAttributes: implicit(1, FileAttributes),
})

/** ISO 9506-2, FileRead-Request and FileClose-Request: the `frsmID`. */
export const FrsmIdentifier: Type<number> = Integer32

/** ISO 9506-2, FileRead-Response. */
export interface FileReadResponse {
  readonly fileData: Uint8Array
  /** @default true */
  readonly moreFollows: boolean
}
export const FileReadResponse: Type<FileReadResponse> = SEQUENCE<FileReadResponse>('FileRead-Response', {
  fileData: implicit(0, OCTET_STRING),
  moreFollows: implicit(1, BOOLEAN).default(true),
})

/** ISO 9506-2, FileRename-Request. */
export interface FileRenameRequest {
  readonly currentFileName: FileName
  readonly newFileName: FileName
}
export const FileRenameRequest: Type<FileRenameRequest> = SEQUENCE<FileRenameRequest>('FileRename-Request', {
  currentFileName: implicit(0, FileName),
  newFileName: implicit(1, FileName),
})

/** ISO 9506-2, FileDirectory-Request. */
export interface FileDirectoryRequest {
  /** A file, or a group of files. Absent: the whole file store. */
  readonly fileSpecification?: FileName
  readonly continueAfter?: FileName
}
export const FileDirectoryRequest: Type<FileDirectoryRequest> = SEQUENCE<FileDirectoryRequest>('FileDirectory-Request', {
  fileSpecification: implicit(0, FileName).optional(),
  continueAfter: implicit(1, FileName).optional(),
})

/** ISO 9506-2, DirectoryEntry. */
export interface DirectoryEntry {
  readonly fileName: FileName
  readonly fileAttributes: FileAttributes
}
const DirectoryEntry: Type<DirectoryEntry> = SEQUENCE<DirectoryEntry>('DirectoryEntry', {
  fileName: implicit(0, FileName),
  fileAttributes: implicit(1, FileAttributes),
})

/** ISO 9506-2, FileDirectory-Response. The tag of the list is explicit. */
export interface FileDirectoryResponse {
  readonly listOfDirectoryEntry: readonly DirectoryEntry[]
  /** @default false */
  readonly moreFollows: boolean
}
export const FileDirectoryResponse: Type<FileDirectoryResponse> = SEQUENCE<FileDirectoryResponse>('FileDirectory-Response', {
  listOfDirectoryEntry: explicit(0, SEQUENCE_OF(DirectoryEntry)),
  moreFollows: implicit(1, BOOLEAN).default(false),
})
