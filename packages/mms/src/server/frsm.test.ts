import { describe, expect, test } from 'vitest'
import { pair, settle } from '../../test/pair.js'
import { FileReadMachine, nextFrsmState } from './file-read-machine.js'
import { type FileStore, FileStoreError, type OpenFile } from './file-store.js'
import { type FrsmEvent, type FrsmState, frsmTable } from './frsm.js'

/** The table once more, by hand: what the next state is, or what is answered. */
const expected: Record<FrsmState, Record<FrsmEvent, string>> = {
  none: {
    fileOpen: 'reading',
    'fileRead, more left': 'file-non-existent (self-only)',
    'fileRead, last part': 'file-non-existent (self-only)',
    fileClose: 'file-non-existent (self-only)',
    'association ends': 'none',
    idle: 'none',
  },
  reading: {
    fileOpen: 'file-busy (self-only)',
    'fileRead, more left': 'reading',
    'fileRead, last part': 'at end',
    fileClose: 'none',
    'association ends': 'none',
    idle: 'none (self-only)',
  },
  'at end': {
    fileOpen: 'file-busy (self-only)',
    'fileRead, more left': 'position-invalid (self-only)',
    'fileRead, last part': 'at end (self-only)',
    fileClose: 'none',
    'association ends': 'none',
    idle: 'none (self-only)',
  },
}
const cells = Object.entries(expected).flatMap(([state, row]) =>
  Object.entries(row).map(([event, what]) => [state as FrsmState, event as FrsmEvent, what] as const),
)

/** A store of one file of so many octets, which counts what is open. */
function storeOf(size: number) {
  const told = { open: 0, reads: 0, hold: undefined as Promise<void> | undefined }
  const file = (): OpenFile => ({
    attributes: { sizeOfFile: size },
    size,
    read: async octets => {
      told.reads += 1
      await told.hold
      octets.fill(7)
      return octets.length
    },
    close: async () => {
      told.open -= 1
    },
  })
  const store = {
    open: async (name: string) => {
      if (name !== 'f') throw new FileStoreError('file-non-existent')
      told.open += 1
      return file()
    },
  } as unknown as FileStore
  return { store, told }
}

describe('the file read state machine', () => {
  test.each(cells)('RM-21: state %s, event %s: %s', (state, event, what) => {
    const cell = frsmTable[state][event]
    const wanted = what.replace(' (self-only)', '')
    expect('error' in cell ? cell.error : cell.next).toBe(wanted)
    if ('error' in cell) expect(() => nextFrsmState(state, event)).toThrow(expect.objectContaining({ fileError: wanted }))
    else expect(nextFrsmState(state, event)).toBe(wanted)
  })

  test('RM-21: over an association, every state meets every request', async () => {
    const { store, told } = storeOf(1_500)
    const { mms, timers } = await pair({ files: store, initiate: { maxPduSize: 1_024 } })
    const { files } = mms
    const code = (call: Promise<unknown>) =>
      call.then(
        () => 'done',
        error => error.code,
      )
    expect(await code(files.fileRead(1))).toBe('MMS_FILE_FILE_NON_EXISTENT')
    expect(await code(files.fileClose(1))).toBe('MMS_FILE_FILE_NON_EXISTENT')
    const { frsmID } = await files.fileOpen('f')
    expect((await files.fileRead(frsmID)).moreFollows).toBe(true)
    expect(await files.fileRead(frsmID)).toMatchObject({ moreFollows: false })
    for (const _ of [1, 2]) expect(await files.fileRead(frsmID)).toEqual({ fileData: new Uint8Array(), moreFollows: false })
    await files.fileClose(frsmID)
    expect(told.open).toBe(0)
    const reading = await files.fileOpen('f')
    await files.fileRead(reading.frsmID)
    await files.fileClose(reading.frsmID)
    const idle = await files.fileOpen('f')
    expect(idle.frsmID).not.toBe(frsmID)
    timers.advance(60_001)
    await settle()
    expect(told.open).toBe(0)
    expect(await code(files.fileRead(idle.frsmID))).toBe('MMS_FILE_FILE_NON_EXISTENT')
    await files.fileOpen('f')
    mms.abort()
    await expect.poll(() => told.open).toBe(0)
  })

  test('a file without octets is open, too, until it has been read', async () => {
    const { store } = storeOf(0)
    const file = await store.open('f')
    const machine = new FileReadMachine(file, 0, () => () => {}, true)
    expect(machine.state).toBe('reading')
    expect(await machine.read(100)).toEqual({ fileData: new Uint8Array(), moreFollows: false })
    expect(machine.state).toBe('at end')
    await machine.close('fileClose')
    expect(machine.state).toBe('none')
  })

  test('the next part is read while the last is on its way, one and no more, unless told otherwise', async () => {
    for (const readsAhead of [true, false]) {
      const { store, told } = storeOf(1_000_000)
      const { mms } = await pair({ files: store, fileLimits: { readsAhead } })
      const { frsmID } = await mms.files.fileOpen('f')
      expect(told.reads).toBe(0)
      await mms.files.fileRead(frsmID)
      await settle()
      expect(told.reads).toBe(readsAhead ? 2 : 1)
    }
  })

  test('reads that are sent together are answered in order; a close behind them waits for them', async () => {
    const { store, told } = storeOf(3_000)
    const { mms } = await pair({ files: store, initiate: { maxPduSize: 1_024, maxServOutstanding: 5 } })
    const { frsmID } = await mms.files.fileOpen('f')
    const [a, b, c, d] = await Promise.all([1, 2, 3, 4].map(() => mms.files.fileRead(frsmID)).concat(mms.files.fileClose(frsmID) as never))
    expect([a, b, c, d].map(part => part!.moreFollows)).toEqual([true, true, true, false])
    expect([a, b, c, d].reduce((sum, part) => sum + part!.fileData.length, 0)).toBe(3_000)
    expect(told.open).toBe(0)
  })

  test('one slow file delays neither another association nor another service of its own', async () => {
    const { store, told } = storeOf(100)
    let go = () => {}
    told.hold = new Promise(resolve => {
      go = resolve
    })
    const slow = await pair({ files: store })
    const reader = await pair({ files: store })
    const { frsmID } = await slow.mms.files.fileOpen('f')
    const reading = slow.mms.files.fileRead(frsmID)
    await settle()
    expect((await slow.mms.identify()).vendorName).toBe('vendor')
    expect((await slow.mms.files.fileOpen('f')).frsmID).toBe(2)
    expect(await reader.mms.readValue('LD/x')).toMatchObject({ value: 1 })
    go()
    expect((await reading).fileData.length).toBe(100)
  })

  test('limits of open files and positions, at −1, 0 and +1', async () => {
    const { store, told } = storeOf(100)
    const { mms } = await pair({ files: store, fileLimits: { maxOpenFiles: 2 } })
    const code = (call: Promise<unknown>) =>
      call.then(
        () => 'done',
        error => error.code,
      )
    expect(await code(mms.files.fileOpen('f', 99))).toBe('done')
    expect(await code(mms.files.fileOpen('f', 101))).toBe('MMS_FILE_POSITION_INVALID')
    expect(told.open).toBe(1)
    expect(await code(mms.files.fileOpen('f', 100))).toBe('done')
    expect(await code(mms.files.fileOpen('f', 0))).toBe('MMS_RESOURCE_CAPABILITY_UNAVAILABLE')
    await mms.files.fileClose(1)
    expect(await code(mms.files.fileOpen('f', 0))).toBe('done')
  })
})
