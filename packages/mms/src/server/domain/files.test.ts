import { describe, expect, test } from 'vitest'
import { memoryStore } from '../../../test/memory-store.js'
import { model, pair, settle } from '../../../test/pair.js'
import type { LoadData } from '../../asn1/domain.js'
import { domainFileHandlers } from '../../client/domain-files.js'
import { WHOLE_OF_MMS } from '../../negotiation.js'
import type { OpenMmsOptions } from '../../open.js'
import { FileStoreError } from '../file-store.js'
import type { MmsServerOptions } from '../server.js'
import type { DomainLoading } from './model.js'
import { requestDomainDownload, requestDomainUpload } from './requests.js'

const octets = (size: number, first = 0) => Uint8Array.from({ length: size }, (_, i) => (first + i) & 0xff)
const base = model({ variables: {}, domains: { D: { store: () => [octets(100_000), octets(50_000)] }, plain: {} } })
const made = (
  files = memoryStore({ f: octets(150_000) }),
  loading: DomainLoading = {},
  more: Partial<MmsServerOptions> & { client?: OpenMmsOptions } = {},
) => pair({ model: { ...base, loading }, files, initiate: WHOLE_OF_MMS, client: { initiate: WHOLE_OF_MMS }, ...more })
const codeOf = (outcome: Promise<unknown>) =>
  outcome.then(
    () => 'done',
    error => error.code as string,
  )
const load = (fileName: string, more: object = {}) => ({ domainName: 'E', sharable: true, fileName, ...more })
const thirdParty = { apTitle: '1.3.9999.1' } as never

describe('loadDomainContent, ISO 9506-1, 11.10', () => {
  test('makes a domain of a file of the server, part by part, and closes the file', async () => {
    const files = memoryStore({ f: octets(150_000) })
    const { mms, server } = await made(files, { load: undefined as never })
    await mms.domains.loadDomainContent(load('f', { listOfCapabilities: ['c'] }))
    expect(await mms.domains.getDomainAttributes('E')).toMatchObject({ state: 'ready', listOfCapabilities: ['c'], sharable: true })
    expect(files.log).toEqual(['f closed'])
    const parts: Uint8Array[] = []
    for await (const part of mms.domains.upload('E')) parts.push(part)
    expect(Buffer.concat(parts).equals(octets(150_000))).toBe(true)
    expect(server.servicesSupported).toEqual(expect.arrayContaining(['loadDomainContent', 'storeDomainContent']))
  })

  test('each error: the name, the file, the loader, a third party; then there is no domain', async () => {
    const { mms, server } = await made(undefined, { capabilities: { c: false } })
    const outcome = (request: object) => codeOf(mms.domains.loadDomainContent(request as never))
    expect(await outcome(load('f', { domainName: 'D' }))).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    expect(await outcome(load('f', { listOfCapabilities: ['x'] }))).toBe('MMS_RESOURCE_CAPABILITY_UNKNOWN')
    expect(await outcome(load('f', { listOfCapabilities: ['c'] }))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    expect(await outcome(load('none'))).toBe('MMS_FILE_FILE_NON_EXISTENT')
    expect(await outcome(load(''))).toBe('MMS_FILE_FILENAME_SYNTAX_ERROR')
    expect(await outcome(load('f', { thirdParty }))).toBe('MMS_APPLICATION_REFERENCE_APPLICATION_REFERENCE_INVALID')
    const refusing = await made(memoryStore({ f: octets(9) }), { load: () => Promise.reject(new TypeError('no')) })
    expect(await codeOf(refusing.mms.domains.loadDomainContent(load('f')))).toBe('MMS_VMD_STATE_DOMAIN_TRANSFER_PROBLEM')
    for (const { vmd } of [server, refusing.server]) expect(vmd.domains.names).toEqual(['D', 'plain'])
    const without = await made(undefined, {}, { initiate: {}, client: {} })
    expect(await codeOf(without.mms.domains.loadDomainContent(load('f', { thirdParty })))).toBe('MMS_REJECT_INVALID_ARGUMENT')
  })

  test('a third party is served as the application says: its files, unreachable, lost on the way', async () => {
    const remote = memoryStore({ r: octets(70_000) })
    let how: 'there' | 'unreachable' | 'lost' = 'there'
    const { mms, server } = await made(undefined, {
      thirdParty: reference => {
        expect(reference).toEqual({ apTitle: '1.3.9999.1' })
        if (how === 'unreachable') throw new TypeError('no route')
        if (how === 'there') return remote
        return { open: () => mms.connection.ended.then(() => Promise.reject(mms.connection.endedWith)) }
      },
    })
    await mms.domains.loadDomainContent(load('r', { thirdParty }))
    await mms.domains.storeDomainContent({ domainName: 'E', fileName: 'copy', thirdParty })
    expect(Buffer.from(remote.files.copy!).equals(octets(70_000))).toBe(true)
    how = 'unreachable'
    expect(await codeOf(mms.domains.loadDomainContent(load('r', { domainName: 'F', thirdParty })))).toBe(
      'MMS_APPLICATION_REFERENCE_APPLICATION_UNREACHABLE',
    )
    how = 'lost'
    const call = mms.domains.loadDomainContent(load('r', { domainName: 'F', thirdParty }))
    call.catch(() => {})
    await settle()
    expect(server.vmd.domain('F')?.state).toBe('loading')
    mms.abort()
    await settle()
    // It needs somebody else: undone with the association.
    expect(server.vmd.domain('F')).toBe(undefined)
  })

  test('RM-18: a cancel deletes what was loaded; without one, what needs only local files outlives the association', async () => {
    for (const how of ['cancel', 'abort'] as const) {
      let goOn = () => {}
      const wait = async (segments: AsyncIterable<LoadData>) => {
        for await (const _ of segments)
          await new Promise<void>(resolve => {
            goOn = resolve
          })
        return {}
      }
      const { mms, server } = await made(memoryStore({ f: octets(100) }), { load: wait })
      const stop = new AbortController()
      const call = mms.domains.loadDomainContent(load('f'), { signal: stop.signal, cancel: true })
      call.catch(() => {})
      await settle()
      expect(server.vmd.domain('E')?.state).toBe('loading')
      if (how === 'cancel') stop.abort(new Error('enough'))
      else mms.abort()
      await expect(call).rejects.toThrow()
      await settle()
      goOn()
      await settle()
      expect(server.vmd.domain('E')?.state).toBe(how === 'cancel' ? undefined : 'ready')
    }
  })
})

describe('storeDomainContent, ISO 9506-1, 11.11', () => {
  test('writes what an upload would give; the domain is busy as long', async () => {
    const files = memoryStore()
    const { mms, server } = await made(files)
    await mms.domains.storeDomainContent({ domainName: 'D', fileName: 'd' })
    expect(Buffer.from(files.files.d!).equals(Buffer.concat([octets(100_000), octets(50_000)]))).toBe(true)
    expect(server.vmd.domain('D')?.uploadsInProgress).toBe(0)
  })

  test('each error, and what was written is thrown away', async () => {
    const files = memoryStore({ f: octets(1) })
    const { mms } = await made(files)
    const store = (domainName: string, fileName: string, more: object = {}) =>
      codeOf(mms.domains.storeDomainContent({ domainName, fileName, ...more }))
    expect(await store('X', 'd')).toBe('MMS_ACCESS_OBJECT_NON_EXISTENT')
    expect(await store('plain', 'd')).toBe('MMS_ACCESS_OBJECT_ACCESS_UNSUPPORTED')
    expect(await store('D', 'f')).toBe('MMS_FILE_DUPLICATE_FILENAME')
    expect(await store('D', 'd', { thirdParty })).toBe('MMS_APPLICATION_REFERENCE_APPLICATION_REFERENCE_INVALID')
    const { create: _, ...readOnly } = memoryStore()
    const { mms: other } = await made(readOnly as never)
    expect(await codeOf(other.domains.storeDomainContent({ domainName: 'D', fileName: 'd' }))).toBe('MMS_FILE_FILE_ACCESS_DENIED')
    const torn = memoryStore()
    const broken = { ...base, domains: { T: { store: () => [octets(10), { type: 'coded', value: {} } as never] } } }
    const { mms: third } = await made(torn, {}, { model: broken })
    expect(await codeOf(third.domains.storeDomainContent({ domainName: 'T', fileName: 'd' }))).toBe('MMS_DEFINITION_TYPE_UNSUPPORTED')
    expect(torn.log).toEqual(['d discarded'])
  })
})

describe('requestDomainDownload and requestDomainUpload, ISO 9506-1, 11.8 and 11.9: the server asks', () => {
  const asking = (files = memoryStore({ f: octets(200_000) })) =>
    made(undefined, {}, { client: { handlers: domainFileHandlers(files) } }).then(pairing => ({ ...pairing, files }))

  test('a client downloads its file as a domain, then answers', async () => {
    const { association, server, mms, files } = await asking()
    await requestDomainDownload(association, { domainName: 'E', sharable: true, fileName: 'f', listOfCapabilities: ['c'] })
    expect(server.vmd.domain('E')).toMatchObject({ state: 'ready', sharable: true, capabilities: ['c'] })
    expect(files.log).toEqual(['f closed'])
    expect(association.negotiated.servicesSupportedPeer).toEqual(expect.arrayContaining(['requestDomainDownload', 'requestDomainUpload']))
    await requestDomainUpload(association, { domainName: 'E', fileName: 'back' })
    expect(Buffer.from(files.files.back!).equals(octets(200_000))).toBe(true)
    await mms.close()
  })

  test('errors are those of the file, and of the sequence', async () => {
    const { association, files } = await asking()
    const download = (domainName: string, fileName: string) =>
      codeOf(requestDomainDownload(association, { domainName, sharable: false, fileName }))
    const upload = (domainName: string, fileName: string) => codeOf(requestDomainUpload(association, { domainName, fileName }))
    expect(await download('E', 'none')).toBe('MMS_FILE_FILE_NON_EXISTENT')
    expect(await download('D', 'f')).toBe('MMS_DEFINITION_OBJECT_EXISTS')
    expect(await upload('D', 'f')).toBe('MMS_FILE_DUPLICATE_FILENAME')
    expect(await upload('plain', 'p')).toBe('MMS_ACCESS_OBJECT_ACCESS_UNSUPPORTED')
    expect(files.log).toContain('p discarded')
    const refusing = await asking({ ...memoryStore(), open: async () => Promise.reject(new FileStoreError('file-access-denied')) })
    expect(await codeOf(requestDomainDownload(refusing.association, { domainName: 'E', sharable: false, fileName: 'f' }))).toBe(
      'MMS_FILE_FILE_ACCESS_DENIED',
    )
    const plain = await made()
    expect(await codeOf(requestDomainUpload(plain.association, { domainName: 'D', fileName: 'f' }))).toBe('MMS_REJECT_UNRECOGNIZED_SERVICE')
  })
})
