import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AbortedError } from '@x/core'
import { afterAll, describe, expect, test } from 'vitest'
import { model, pair, settle } from '../../test/pair.js'
import type { RequestOptions } from '../edge/requests.js'
import { WHOLE_OF_MMS } from '../negotiation.js'
import type { FileStore, OpenFile } from '../server/file-store.js'
import { type DirectoryStoreOptions, directoryStore } from './directory-store.js'
import { openFile } from './local-file.js'

const scratch = mkdtempSync(join(tmpdir(), 'obtain-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const content = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) >>> 2)

async function served(options: { store?: DirectoryStoreOptions; maxPduSize?: number; maxTransfers?: number } = {}) {
  const root = mkdtempSync(join(scratch, 'x-'))
  const made = await pair({
    files: await directoryStore(root, { readOnly: false, ...options.store }),
    fileLimits: options.maxTransfers === undefined ? {} : { maxTransfers: options.maxTransfers },
    ...(options.maxPduSize === undefined ? {} : { initiate: { maxPduSize: options.maxPduSize } }),
  })
  return { ...made, root, files: made.mms.files }
}

/** A file whose reading stays open until it is told to go on. */
function heldFile(): { file: OpenFile; reads: number; goOn: () => void; closed: boolean } {
  const held = {
    reads: 0,
    closed: false,
    goOn: () => {},
    file: {
      attributes: { sizeOfFile: 10 },
      size: 10,
      read: async (octets: Uint8Array) => {
        held.reads += 1
        await new Promise<void>(resolve => {
          held.goOn = resolve
        })
        return octets.length
      },
      close: async () => {
        held.closed = true
      },
    },
  }
  return held
}

const fails = async (call: Promise<unknown>) => {
  const { answered } = (await call.then(
    () => ({ answered: 'done' }),
    error => error,
  )) as { answered: { errorClass: { type: string; value: string }; serviceSpecificInfo?: { value: string } } }
  return `${answered.errorClass?.type} ${answered.errorClass?.value} ${answered.serviceSpecificInfo?.value ?? ''}`.trim()
}

describe('obtainFile: the server fetches a file from the client', () => {
  test('U-45: octets in memory and files of the disk arrive whole, whatever the size of a PDU, with the time of the source', async () => {
    for (const maxPduSize of [1_024, 65_000]) {
      const { files, root } = await served({ maxPduSize })
      const told: number[] = []
      await files.write('a.bin', content, { onProgress: sent => told.push(sent) })
      expect(new Uint8Array(readFileSync(join(root, 'a.bin')))).toEqual(content)
      expect(told.at(-1)).toBe(content.length)

      const source = join(scratch, `source-${maxPduSize}`)
      writeFileSync(source, content)
      utimesSync(source, new Date('2020-02-03T04:05:06.789Z'), new Date('2020-02-03T04:05:06.789Z'))
      await files.write('b.bin', await openFile(source), { name: 'C:/whatever' })
      expect(new Uint8Array(readFileSync(join(root, 'b.bin')))).toEqual(content)
      expect(statSync(join(root, 'b.bin')).mtime.toISOString()).toBe('2020-02-03T04:05:06.789Z')
      await files.write('empty', new Uint8Array())
      expect(readdirSync(root).sort()).toEqual(['a.bin', 'b.bin', 'empty'])
    }
  })

  test('an error says which of the two files it was', async () => {
    const { files, mms, root } = await served({ store: { maxFileSize: 1_000 } })
    writeFileSync(join(root, 'there'), 'old')
    expect(await fails(files.write('there', content))).toBe('file duplicate-filename destination-file')
    expect(await fails(files.write('../out', content))).toBe('file filename-syntax-error destination-file')
    expect(await fails(files.write('none/out', content))).toBe('file file-non-existent destination-file')
    expect(await fails(files.write('big', content))).toBe('file insufficient-space-in-filestore destination-file')
    const asked = mms.request('obtainFile', { sourceFile: ['not offered'], destinationFile: ['new'] })
    expect(await fails(asked)).toBe('file file-non-existent source-file')
    expect(readdirSync(root)).toEqual(['there'])
    expect(readFileSync(join(root, 'there'), 'latin1')).toBe('old')
  })

  test('a file is replaced only where the store says so', async () => {
    const { files, root } = await served({ store: { overwrite: true } })
    await files.write('a', content)
    await files.write('a', content.subarray(0, 10))
    expect(readFileSync(join(root, 'a')).length).toBe(10)
  })

  test('without tpy the argument of a third party is rejected', async () => {
    const { mms } = await served()
    const asked = mms.request('obtainFile', { sourceFileServer: { apTitle: '1.2.3' }, sourceFile: ['a'], destinationFile: ['b'] })
    await expect(asked).rejects.toMatchObject({ code: 'MMS_REJECT_INVALID_ARGUMENT' })
  })

  test('with tpy the file comes from a third party; errors say what of it went wrong', async () => {
    const root = mkdtempSync(join(scratch, 'third-'))
    const elsewhere = mkdtempSync(join(scratch, 'elsewhere-'))
    writeFileSync(join(elsewhere, 'a'), content)
    writeFileSync(join(elsewhere, 'empty'), '')
    utimesSync(join(elsewhere, 'a'), new Date('2020-02-03T04:05:06.789Z'), new Date('2020-02-03T04:05:06.789Z'))
    const far = await directoryStore(elsewhere)
    const lost = new AbortedError('mms', 'MMS_ABORTED', 'the third party is lost', { by: 'peer' })
    let closed = 0
    const file = (read: OpenFile['read']): OpenFile => ({
      attributes: { sizeOfFile: 10 },
      size: 10,
      read,
      close: async () => {
        closed += 1
      },
    })
    const stores: Record<string, () => Pick<FileStore, 'open'> | undefined> = {
      '1.1.1': () => far,
      '1.1.2': () => {
        throw lost
      },
      '1.1.3': () => ({ open: async () => file(() => Promise.reject(lost)) }),
      '1.1.4': () => ({ open: async () => file(() => new Promise<never>(() => {})) }),
    }
    const { mms } = await pair({
      files: await directoryStore(root, { readOnly: false }),
      model: { ...model(), loading: { thirdParty: ({ apTitle }) => stores[apTitle as string]?.() } },
      initiate: WHOLE_OF_MMS,
      client: { initiate: WHOLE_OF_MMS },
    })
    const obtain = (apTitle: string, sourceFile: string, to: string, options?: RequestOptions) =>
      mms.request('obtainFile', { sourceFileServer: { apTitle }, sourceFile: [sourceFile], destinationFile: [to] }, options)
    await obtain('1.1.1', 'a', 'a')
    expect(new Uint8Array(readFileSync(join(root, 'a')))).toEqual(content)
    expect(statSync(join(root, 'a')).mtime.toISOString()).toBe('2020-02-03T04:05:06.789Z')
    await obtain('1.1.1', 'empty', 'empty')
    expect(await fails(obtain('1.1.1', 'a', 'a'))).toBe('file duplicate-filename destination-file')
    expect(await fails(obtain('1.1.1', 'none', 'b'))).toBe('file file-non-existent source-file')
    expect(await fails(obtain('1.1.9', 'a', 'b'))).toBe('applicationReference application-reference-invalid source-file')
    expect(await fails(obtain('1.1.2', 'a', 'b'))).toBe('applicationReference application-unreachable source-file')
    expect(await fails(obtain('1.1.3', 'a', 'b'))).toBe('applicationReference connection-lost source-file')
    const stop = new AbortController()
    const stuck = obtain('1.1.4', 'a', 'b', { signal: stop.signal, cancel: true })
    stuck.catch(() => {})
    await expect.poll(() => readdirSync(root).length).toBe(3)
    stop.abort(new Error('enough'))
    await expect(stuck).rejects.toThrow('enough')
    await expect.poll(() => readdirSync(root).sort()).toEqual(['a', 'empty'])
    expect(closed).toBe(2)
  })

  test('RM-22 and F-18: given up half way, nothing is left, and nobody has seen it', async () => {
    const { files, root, mms } = await served()
    const held = heldFile()
    const controller = new AbortController()
    const writing = files.write('a', held.file, { signal: controller.signal })
    await expect.poll(() => held.reads).toBe(1)
    expect(readdirSync(root)).toEqual([expect.stringMatching(/^\.receiving-/)])
    expect((await mms.files.fileDirectory()).listOfDirectoryEntry).toEqual([])
    controller.abort(new Error('no more'))
    await expect(writing).rejects.toThrow('no more')
    await expect.poll(() => readdirSync(root)).toEqual([])
    expect(held.closed).toBe(true)
    held.goOn()
    await mms.files.write('a', content)
    expect(existsSync(join(root, 'a'))).toBe(true)
  })

  test('RM-22: the client is lost, stalls, or has too much on its way', async () => {
    const { files, root, mms, timers } = await served({ maxTransfers: 1 })
    const held = heldFile()
    const writing = files.write('a', held.file, { stallTimeout: 1_000 })
    await expect.poll(() => held.reads).toBe(1)
    await expect(files.write('a', content)).rejects.toMatchObject({ code: 'MMS_FILE_OFFERED' })
    expect(await fails(files.write('b', content))).toBe('resource capability-unavailable')
    timers.advance(1_001)
    await expect(writing).rejects.toMatchObject({ code: 'MMS_FILE_STALLED' })
    held.goOn()
    await expect.poll(() => readdirSync(root)).toEqual([])

    const again = heldFile()
    const lost = files.write('c', again.file)
    lost.catch(() => {})
    await expect.poll(() => again.reads).toBe(1)
    mms.abort()
    await expect(lost).rejects.toMatchObject({ name: 'AbortedError' })
    await settle()
    await expect.poll(() => readdirSync(root)).toEqual([])
  })

  test('M-05: obtainFile is announced by a server that may write, and what it needs by every client', async () => {
    const { server, association } = await served()
    expect(server.servicesSupported).toContain('obtainFile')
    expect(association.negotiated.servicesSupportedPeer).toEqual(expect.arrayContaining(['fileOpen', 'fileRead', 'fileClose']))
    const { server: reader } = await served({ store: { readOnly: true } })
    expect(reader.servicesSupported).not.toContain('obtainFile')
  })

  test('a client with files of its own lets its server read them at any time; without, there is nothing', async () => {
    const root = mkdtempSync(join(scratch, 'own-'))
    writeFileSync(join(root, 'mine'), 'of the client')
    const { association } = await pair({ client: { files: await directoryStore(root) } })
    const { frsmID } = await association.request('fileOpen', { fileName: ['mine'], initialPosition: 3 })
    const { fileData } = await association.request('fileRead', frsmID)
    expect(new TextDecoder().decode(fileData)).toBe('the client')
    await association.request('fileClose', frsmID)
    const other = await pair()
    expect(await fails(other.association.request('fileOpen', { fileName: ['mine'], initialPosition: 0 }))).toBe('file file-non-existent')
    await expect(other.association.request('identify', null)).rejects.toMatchObject({ code: 'MMS_REJECT_UNRECOGNIZED_SERVICE' })
  })
})
