import type { ServiceGroup } from '../groups.js'
import type { DomainModel } from '../model.js'
import { initiateDownloadSequence } from './download.js'
import { loadDomainContent, storeDomainContent } from './file-services.js'
import { deleteDomain, getDomainAttributes } from './services.js'
import { initiateUploadSequence, terminateUploadSequence, uploadSegment } from './uploads.js'

/** Domains: loading, uploading, deleting them, and looking at them. ISO 9506-1, 11. */
export const domainGroup: ServiceGroup = {
  handlers: {
    initiateDownloadSequence,
    initiateUploadSequence,
    uploadSegment,
    terminateUploadSequence,
    deleteDomain,
    getDomainAttributes,
  },
  withFiles: { handlers: { loadDomainContent, storeDomainContent } },
  asks: ['downloadSegment', 'terminateDownloadSequence', 'requestDomainDownload', 'requestDomainUpload'],
  isUsedBy: ({ loading, domains }) => loading !== undefined || Object.values(domains ?? {}).some(hasAttributes),
}

/** Only variables and lists can be seen without these services. */
function hasAttributes({ capabilities, sharable, store, mmsDeletable }: DomainModel): boolean {
  return capabilities !== undefined || sharable !== undefined || store !== undefined || mmsDeletable !== undefined
}
