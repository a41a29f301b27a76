import type { ApplicationReference } from '../asn1/application-reference.js'
import { serviceError } from './errors.js'
import type { FileStore } from './file-store.js'
import type { Maybe } from './maybe.js'

/** Where the files of other applications are. @returns undefined: nobody is known by that reference */
export type ThirdParty = (reference: ApplicationReference, signal: AbortSignal) => Maybe<Pick<FileStore, 'open' | 'create'> | undefined>

/** The files of another application. @throws `{ error }` of the class application-reference, with the code of what went wrong */
export async function filesOfThirdParty(
  thirdParty: ThirdParty | undefined,
  reference: ApplicationReference,
  signal: AbortSignal,
): Promise<Pick<FileStore, 'open' | 'create'>> {
  let files: Pick<FileStore, 'open' | 'create'> | undefined
  try {
    files = await thirdParty?.(reference, signal)
  } catch {
    throw { error: serviceError('applicationReference', 'application-unreachable') }
  }
  if (files === undefined) throw { error: serviceError('applicationReference', 'application-reference-invalid') }
  return files
}
