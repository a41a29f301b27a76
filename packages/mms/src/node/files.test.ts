import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { pair, settle } from '../../test/pair.js'
import type { MmsClient } from '../client/client.js'
import { type DirectoryStoreOptions, directoryStore } from './directory-store.js'

const scratch = mkdtempSync(join(tmpdir(), 'files-'))
afterAll(() => rmSync(scratch, { recursive: true }))

/** A folder with these files, and a folder beside it that nobody may reach. */
function folderOf(files: Record<string, string | Uint8Array>): string {
  const above = mkdtempSync(join(scratch, 'x-'))
  writeFileSync(join(above, 'secret'), 'secret')
  const root = join(above, 'root')
  mkdirSync(root)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

async function served(files: Record<string, string | Uint8Array>, options: { store?: DirectoryStoreOptions; maxPduSize?: number } = {}) {
  const root = folderOf(files)
  const made = await pair({
    files: await directoryStore(root, options.store),
    ...(options.maxPduSize === undefined ? {} : { initiate: { maxPduSize: options.maxPduSize } }),
  })
  return { ...made, root, files: made.mms.files }
}

const code = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: { answered?: { errorClass?: { type: string; value: string } } }) =>
      error.answered?.errorClass ? `${error.answered.errorClass.type} ${error.answered.errorClass.value}` : error,
  )
const names = async (files: MmsClient['files'], specification?: string) => {
  const found: string[] = []
  for await (const { fileName } of files.list(specification)) found.push(fileName.join('|'))
  return found
}
const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) >>> 3)

describe('reading files', () => {
  test('U-45: a file comes whole, part by part, whatever the size of a PDU; progress is told', async () => {
    for (const maxPduSize of [1_024, 8_000, 65_000]) {
      const { files } = await served({ 'COMTRADE/a.dat': content, empty: '' }, { maxPduSize })
      const seen: number[] = []
      expect(await files.readWhole('COMTRADE/a.dat', { onProgress: received => seen.push(received) })).toEqual(content)
      expect(seen.at(-1)).toBe(100_000)
      expect(seen.length).toBeGreaterThanOrEqual(Math.ceil(100_000 / maxPduSize))
      expect(await files.readWhole('/empty')).toEqual(new Uint8Array())
    }
  })

  test('a transfer is taken up where it broke off; a position behind the end is refused', async () => {
    const { files } = await served({ a: content })
    expect(await files.readWhole('a', { position: 99_000 })).toEqual(content.subarray(99_000))
    expect(await files.readWhole('a', { position: 100_000 })).toEqual(new Uint8Array())
    expect(await code(files.fileOpen('a', 100_001))).toBe('file position-invalid')
    await expect(files.readWhole('a', { position: -1 })).rejects.toMatchObject({ code: 'MMS_FILE_POSITION' })
    await expect(files.readWhole('a', { most: 1_000 })).rejects.toMatchObject({ code: 'MMS_FILE_SIZE' })
  })

  test('a file read state machine at its end gives nothing more; several stand side by side', async () => {
    const { files } = await served({ a: 'aaa', b: 'bbb' })
    const a = await files.fileOpen('a')
    const b = await files.fileOpen('b', 1)
    expect(a.fileAttributes).toMatchObject({ sizeOfFile: 3, lastModified: expect.stringMatching(/^\d{14}\.\d{3}Z$/) })
    expect(await files.fileRead(b.frsmID)).toEqual({ fileData: Uint8Array.of(98, 98), moreFollows: false })
    expect(await files.fileRead(a.frsmID)).toEqual({ fileData: Uint8Array.of(97, 97, 97), moreFollows: false })
    expect(await files.fileRead(a.frsmID)).toEqual({ fileData: new Uint8Array(), moreFollows: false })
    await files.fileClose(a.frsmID)
    await files.fileClose(b.frsmID)
  })

  test('RM-21: a machine that is unknown, closed or another association’s is not there; idle ones are closed; there are not too many', async () => {
    const store = await directoryStore(folderOf({ a: content }))
    const one = await pair({ files: store })
    const other = await pair({ files: store })
    const { frsmID } = await one.mms.files.fileOpen('a')
    expect(await code(other.mms.files.fileRead(frsmID))).toBe('file file-non-existent')
    expect(await code(one.mms.files.fileRead(frsmID + 1))).toBe('file file-non-existent')
    await one.mms.files.fileClose(frsmID)
    expect(await code(one.mms.files.fileRead(frsmID))).toBe('file file-non-existent')
    expect(await code(one.mms.files.fileClose(frsmID))).toBe('file file-non-existent')

    const opened = await Promise.all([1, 2, 3, 4, 5].map(() => one.mms.files.fileOpen('a')))
    expect(await code(one.mms.files.fileOpen('a'))).toBe('resource capability-unavailable')
    expect(opened.map(({ frsmID: id }) => id).sort()).toEqual([2, 3, 4, 5, 6])
    one.timers.advance(60_001)
    expect(await code(one.mms.files.fileRead(2))).toBe('file file-non-existent')
    expect((await one.mms.files.fileOpen('a')).frsmID).toBe(7)
  })

  test('RM-21: the files of an association are closed with it', async () => {
    const { files, mms, root, association } = await served({ a: content }, { store: { readOnly: false } })
    await files.fileOpen('a')
    expect(await code(files.fileDelete('a'))).toBe('file file-busy')
    mms.abort()
    await association.ended
    await settle()
    const store = await directoryStore(root, { readOnly: false })
    await store.delete('a')
  })

  test('F-17: a file that has become shorter while it is read is an error, not other contents', async () => {
    const { files, root } = await served({ a: content }, { maxPduSize: 1_024 })
    const { frsmID } = await files.fileOpen('a')
    await files.fileRead(frsmID)
    truncateSync(join(root, 'a'), 1_500)
    // The second part has been read ahead, and is what was there.
    expect((await files.fileRead(frsmID)).fileData).toEqual(content.subarray(992, 2 * 992))
    expect(await code(files.fileRead(frsmID))).toBe('file file-busy')
    expect(await code(files.fileRead(frsmID))).toBe('file file-busy')
  })

  test('leaving the loop closes the file; so does a signal', async () => {
    const { files } = await served({ a: content }, { store: { readOnly: false }, maxPduSize: 1_024 })
    for await (const part of files.read('a')) {
      expect(part.length).toBeGreaterThan(900)
      break
    }
    const controller = new AbortController()
    const reading = (async () => {
      for await (const _ of files.read('a', { signal: controller.signal })) controller.abort(new Error('enough'))
    })()
    await expect(reading).rejects.toThrow('enough')
    await settle()
    expect(await code(files.fileDelete('a'))).toBe('done')
  })

  test('a file of more octets than can be said is read all the same', async () => {
    const { files, root } = await served({ huge: '' })
    truncateSync(join(root, 'huge'), 10 * 2 ** 30)
    const { frsmID, fileAttributes } = await files.fileOpen('huge', 0x7fff_ffff)
    expect(fileAttributes.sizeOfFile).toBe(0x7fff_ffff)
    expect(await files.fileRead(frsmID)).toMatchObject({ moreFollows: true })
  })
})

describe('names', () => {
  const outside = [
    ...['', '.', '..', '../secret', 'a/../../secret', './a', 'a/./b', '/../secret', '//secret', 'a//b', 'a/', '/'],
    ...['..\\secret', 'a\\b', 'C:\\secret', 'C:secret', 'a:stream', 'a\0b', 'a\nb', 'a\x7fb', 'a.', 'a ', 'sub./a', 'x'.repeat(256)],
    ...['e\u0301', '\udc80'],
  ]

  test.each(outside)('RM-20: %j is no name', async name => {
    const { files } = await served({ a: 'a', 'sub/b': 'b' }, { store: { readOnly: false } })
    expect(await code(files.fileOpen(name))).toBe('file filename-syntax-error')
    expect(await code(files.fileDelete('a'))).toBe('done')
  })

  test('RM-20: what is no regular file inside the folder is not to be had: links, pipes, folders, parts that are files', async () => {
    const { files, root } = await served({ a: 'a', 'sub/b': 'b', 'a..b': 'two dots', 'ein größter': 'x' }, { store: { readOnly: false } })
    symlinkSync(join(root, '../secret'), join(root, 'link'))
    symlinkSync(join(root, '..'), join(root, 'up'))
    symlinkSync('a', join(root, 'inner'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    for (const name of ['link', 'up/secret', 'up', 'inner', 'pipe', 'sub']) {
      expect([name, await code(files.fileOpen(name))]).toEqual([name, 'file file-access-denied'])
      expect([name, await code(files.fileDelete(name))]).toEqual([name, 'file file-access-denied'])
    }
    for (const name of ['a/b', 'none', 'none/b']) expect(await code(files.fileOpen(name))).toBe('file file-non-existent')
    expect(await code(files.fileRename('a', 'up/a'))).toBe('file file-access-denied')
    expect(new TextDecoder().decode(await files.readWhole('a..b'))).toBe('two dots')
    expect(new TextDecoder().decode(await files.readWhole('ein größter'))).toBe('x')
    expect(await names(files)).toEqual(['a', 'a..b', 'ein größter', 'sub/b'])
  })

  test('RM-20: no name whatever reads what is outside', async () => {
    const store = await directoryStore(folderOf({ a: 'a', 'sub/b': 'b' }))
    const part = fc.constantFrom('..', '.', '', 'a', 'sub', 'b', 'secret', 'root', '\\', '..\\', '%2e%2e', '‥', '\u2025', '~', 'C:')
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async parts => {
        const file = await store.open(parts.join('/')).catch(() => undefined)
        if (file === undefined) return
        const octets = new Uint8Array(10)
        const read = await file.read(octets, 0)
        await file.close()
        expect(['a', 'b']).toContain(new TextDecoder().decode(octets.subarray(0, read)))
      }),
      { numRuns: 500 },
    )
  })
})

describe('directories', () => {
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d${i % 7}/file-${i}.txt`, 'x'.repeat(i)]))

  test('come whole and in the order of code points, through pages of any size, with names that can be opened', async () => {
    const expected = Object.keys(many).sort()
    for (const maxPduSize of [1_024, 65_000]) {
      const { files } = await served(many, { maxPduSize })
      expect(await names(files)).toEqual(expected)
      expect(await names(files, 'd3')).toEqual(expected.filter(name => name.startsWith('d3/')))
      expect(await names(files, 'd3/')).toEqual(expected.filter(name => name.startsWith('d3/')))
      expect(await names(files, 'd3/file-3.txt')).toEqual(['d3/file-3.txt'])
      for (const all of ['/', '*', '\\']) expect((await names(files, all)).length).toBe(300)
      expect(await code(names(files, 'none'))).toBe('file file-non-existent')
      expect((await files.readWhole(expected[77]!)).length).toBe(Number(expected[77]!.match(/-(\d+)/)![1]))
    }
  })

  test('RM-23: a page goes on behind any name, also one that is gone', async () => {
    const { files } = await served({ 'a.b': '', 'a/b': '', a0: '', 'b/c': '', z: '' })
    expect(await names(files)).toEqual(['a.b', 'a/b', 'a0', 'b/c', 'z'])
    const behind = async (name: string) =>
      (await files.fileDirectory(undefined, name)).listOfDirectoryEntry.map(({ fileName: [text] }) => text)
    expect(await behind('a/a')).toEqual(['a/b', 'a0', 'b/c', 'z'])
    expect(await behind('a/b')).toEqual(['a0', 'b/c', 'z'])
    expect(await behind('a00')).toEqual(['b/c', 'z'])
    expect(await behind('zz')).toEqual([])
  })

  test('F-20: what is there all the time is listed once, whatever comes and goes between the pages', async () => {
    const stay = Array.from({ length: 60 }, (_, i) => `s/stay-${String(i).padStart(3, '0')}-${'x'.repeat(40)}`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(59), { maxLength: 12 }), async changes => {
        const { files, root } = await served(Object.fromEntries(stay.map(name => [name, ''])), { maxPduSize: 1_024 })
        const found: string[] = []
        let i = 0
        for await (const { fileName } of files.list()) {
          found.push(fileName[0]!)
          const at = changes[i++ % Math.max(1, changes.length)]
          if (at !== undefined && found.length % 5 === 0) {
            writeFileSync(join(root, `${stay[at]}-more`), '')
            rmSync(join(root, `${stay[(at * 7) % 60]}-more`), { force: true })
          }
        }
        expect(found.filter(name => !name.endsWith('-more'))).toEqual(stay)
        expect(found).toEqual([...found].sort())
        expect(new Set(found).size).toBe(found.length)
      }),
      { numRuns: 8 },
    )
  })

  test('a store shows what it is told to', async () => {
    const { files } = await served({ a: '', 'b.key': '', 'c/d.key': '' }, { store: { visible: name => !name.endsWith('.key') } })
    expect(await names(files)).toEqual(['a'])
    expect(await code(files.fileOpen('b.key'))).toBe('file file-non-existent')
    expect(await code(names(files, 'c/d.key'))).toBe('file file-non-existent')
  })
})

describe('changing files', () => {
  test('a store is for reading unless it says otherwise', async () => {
    const { files } = await served({ a: 'a' })
    expect(await code(files.fileDelete('a'))).toBe('file file-access-denied')
    expect(await code(files.fileRename('a', 'b'))).toBe('file file-access-denied')
    expect(await names(files)).toEqual(['a'])
  })

  test('deletes and renames; a name that is taken stays', async () => {
    const { files } = await served({ a: 'a', b: 'b', 'c/d': 'd' }, { store: { readOnly: false } })
    expect(await code(files.fileRename('a', 'b'))).toBe('file duplicate-filename')
    expect(await code(files.fileRename('none', 'x'))).toBe('file file-non-existent')
    await files.fileRename('a', 'c/a')
    await files.fileDelete('b')
    expect(await code(files.fileDelete('b'))).toBe('file file-non-existent')
    expect(await names(files)).toEqual(['c/a', 'c/d'])
    expect(new TextDecoder().decode(await files.readWhole('c/a'))).toBe('a')
  })

  test('RM-05: a server without files serves none, and announces none', async () => {
    const { mms, server } = await pair()
    expect(server.servicesSupported.filter(service => service.startsWith('file'))).toEqual([])
    await expect(mms.files.fileOpen('a')).rejects.toMatchObject({ code: 'MMS_REJECT_UNRECOGNIZED_SERVICE' })
    const { server: withFiles, negotiated } = await served({}).then(({ server: s, mms: m }) => ({ server: s, negotiated: m.negotiated }))
    const services = ['fileOpen', 'fileRead', 'fileClose', 'fileDelete', 'fileRename', 'fileDirectory']
    expect(withFiles.servicesSupported).toEqual(expect.arrayContaining(services))
    expect(negotiated.servicesSupportedPeer).toEqual(expect.arrayContaining(services))
  })
})
