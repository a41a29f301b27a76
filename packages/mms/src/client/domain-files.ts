import { failureOf } from '../server/domain/failures.js'
import { partsOf, writeFile } from '../server/domain/transfer.js'
import { textOf } from '../server/file-services.js'
import type { FileStore } from '../server/file-store.js'
import type { Handlers, ServedCall } from '../server/handlers.js'
import type { MmsClient } from './client.js'

/**
 * What a client needs to serve requestDomainDownload and requestDomainUpload: a server asks it to download one of its files as a domain, or to
 * upload a domain into one. Give them to `connect` as `handlers`. ISO 9506-1, 11.8 and 11.9.
 * @param files where the files are: `directoryStore` of `@x/mms/node`, or a store of your own
 */
export function domainFileHandlers(files: FileStore): Handlers<MmsClient> {
  return {
    requestDomainDownload: ({ domainName, listOfCapabilities = [], sharable, fileName }, client, call) =>
      answering(call, async step => {
        const file = await files.open(textOf(fileName))
        const options = { capabilities: listOfCapabilities, sharable, signal: call.signal }
        await client.domains.download(domainName, partsOf(file, step), options).finally(() => file.close())
      }),
    requestDomainUpload: ({ domainName, fileName }, client, call) =>
      answering(call, step => writeFile(files, textOf(fileName), client.domains.upload(domainName, { signal: call.signal }), step)),
  }
}

/** @param run its `step` is called for each part */
async function answering(call: ServedCall, run: (step: () => void) => Promise<void>) {
  call.cancelable = true
  try {
    await run(() => call.restart())
    return { response: null }
  } catch (error) {
    return { error: failureOf(error) }
  }
}
