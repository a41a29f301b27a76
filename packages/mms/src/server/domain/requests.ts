import type { RequestDomainDownloadRequest } from '../../asn1/domain.js'
import type { RequestOptions } from '../../edge/requests.js'
import type { ServerAssociation } from '../association.js'

/** Milliseconds for a whole transfer that a client has been asked for. */
const TRANSFER = 300_000

/**
 * Asks a client to download one of its files as a domain (requestDomainDownload, ISO 9506-1, 11.8). Resolves when the domain is ready.
 * @param options the default of `timeout`, for all of it, is 300_000 ms
 * @throws ServiceError with the error of the file or of the download
 */
export async function requestDomainDownload(
  association: ServerAssociation,
  request: Omit<RequestDomainDownloadRequest, 'fileName'> & { readonly fileName: string },
  options?: RequestOptions,
): Promise<void> {
  const argument = { ...request, fileName: [request.fileName] }
  await association.request('requestDomainDownload', argument, { timeout: TRANSFER, ...options })
}

/**
 * Asks a client to upload a domain into one of its files (requestDomainUpload, ISO 9506-1, 11.9).
 * @param options the default of `timeout`, for all of it, is 300_000 ms
 * @throws ServiceError with the error of the file or of the upload
 */
export async function requestDomainUpload(
  association: ServerAssociation,
  request: { readonly domainName: string; readonly fileName: string },
  options?: RequestOptions,
): Promise<void> {
  const argument = { ...request, fileName: [request.fileName] }
  await association.request('requestDomainUpload', argument, { timeout: TRANSFER, ...options })
}
