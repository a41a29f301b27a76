import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { MemoryChannel } from '@x/core/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { pair } from '../../test/pair.js'
import type { FileSink, FileStore } from '../server/file-store.js'
import { directoryStore } from './directory-store.js'
import { openFile } from './local-file.js'

const root = mkdtempSync(join(tmpdir(), 'large-'))
afterAll(() => rmSync(root, { recursive: true }))

/** A sparse file with a mark at its end. */
function sparse(name: string, size: number): string {
  const path = join(root, name)
  writeFileSync(path, '')
  truncateSync(path, size)
  const file = openSync(path, 'r+')
  writeSync(file, 'the end', size - 7)
  closeSync(file)
  return path
}
const text = (octets: Uint8Array) => new TextDecoder().decode(octets)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Most octets outside the heap that somebody still has, above what there was at first. */
function watch(...channels: MemoryChannel[]) {
  const forget = () => {
    for (const channel of channels) channel.written.length = 0
  }
  collect()
  const first = process.memoryUsage().arrayBuffers
  let most = 0
  let calls = 0
  const look = () => {
    // The channels of tests remember all that was written.
    forget()
    if (calls++ % 128 !== 0) return
    collect()
    most = Math.max(most, process.memoryUsage().arrayBuffers - first)
  }
  return { look, most: () => most }
}

const SIZE = 192 * 1_048_576
const PDU = { maxPduSize: 65_000 }

describe('files that no memory should hold', () => {
  test('U-45: a file is read part by part, and what is in memory does not grow with it', async () => {
    sparse('large', SIZE)
    const { mms, a, b } = await pair({ files: await directoryStore(root), initiate: PDU, client: { initiate: PDU } })
    const memory = watch(a, b)
    let size = 0
    let last: Uint8Array = new Uint8Array()
    for await (const part of mms.files.read('large')) {
      size += part.length
      last = part
      memory.look()
    }
    expect(size).toBe(SIZE)
    expect(text(last.subarray(-7))).toBe('the end')
    expect(memory.most()).toBeLessThan(SIZE / 4)
  }, 120_000)

  test('U-45: a file is fetched by obtainFile part by part, too', async () => {
    const path = sparse('source', SIZE / 2)
    let look = () => {}
    let size = 0
    const sink: FileSink = {
      write: async octets => {
        size += octets.length
        look()
      },
      commit: async () => {},
      discard: async () => {},
    }
    const store = { create: async () => sink } as unknown as FileStore
    const { mms, a, b } = await pair({ files: store, initiate: PDU, client: { initiate: PDU } })
    const memory = watch(a, b)
    look = memory.look
    await mms.files.write('target', await openFile(path))
    expect(size).toBe(SIZE / 2)
    expect(memory.most()).toBeLessThan(SIZE / 4)
  }, 120_000)

  test('a position that the service cannot say: the file is opened at the last one it can, and the rest is skipped', async () => {
    const size = 2 ** 31 + 100_000
    sparse('huge', size)
    const { mms } = await pair({ files: await directoryStore(root), initiate: PDU, client: { initiate: PDU } })
    for (const position of [2 ** 31 - 1, 2 ** 31, size - 7]) {
      let received = 0
      let last: Uint8Array = new Uint8Array()
      const told: number[] = []
      for await (const part of mms.files.read('huge', { position, onProgress: octets => told.push(octets) })) {
        received += part.length
        last = part
      }
      expect(received).toBe(size - position)
      expect(text(last.subarray(-7))).toBe('the end')
      expect(told.at(-1)).toBe(size)
    }
    await expect(mms.files.fileOpen('huge', 2 ** 31)).rejects.toMatchObject({ name: 'EncodeError' })
  })
})
