import type { FileReadResponse } from '../asn1/file.js'
import { FileStoreError, type OpenFile } from './file-store.js'
import { type FrsmEvent, type FrsmState, frsmTable } from './frsm.js'

/** Moves as the table says. @throws FileStoreError with the code of the cell */
export function nextFrsmState(state: FrsmState, event: FrsmEvent): FrsmState {
  const cell = frsmTable[state][event]
  if ('error' in cell) throw new FileStoreError(cell.error)
  return cell.next
}

/** One open file and where its reader stands. Reads are served one after the other, in the order in which they were asked for. */
export class FileReadMachine {
  readonly #file: OpenFile
  readonly #startIdle: () => () => void
  readonly #readsAhead: boolean
  #state: FrsmState = nextFrsmState('none', 'fileOpen')
  #position: number
  #stopIdle: () => void
  #turn: Promise<unknown> = Promise.resolve()
  /** The part that comes next, read while the last one is on its way. It is given even if it fails, when it is asked for. */
  #ahead: { readonly octets: Uint8Array; readonly read: Promise<unknown> } | undefined

  /** @param startIdle runs when nobody reads for a while; returns what stops it */
  constructor(file: OpenFile, position: number, startIdle: () => () => void, readsAhead: boolean) {
    this.#file = file
    this.#position = position
    this.#startIdle = startIdle
    this.#readsAhead = readsAhead
    this.#stopIdle = startIdle()
  }

  get state(): FrsmState {
    return this.#state
  }

  /** @param most octets of data in one response */
  read(most: number): Promise<FileReadResponse> {
    this.#stopIdle()
    this.#stopIdle = this.#startIdle()
    const answer = this.#turn.then(() => this.#next(most))
    this.#turn = answer.catch(() => {})
    return answer
  }

  /** After the reads that have been asked for. */
  async close(why: 'fileClose' | 'association ends' | 'idle'): Promise<void> {
    this.#stopIdle()
    await this.#turn
    await this.#ahead?.read
    this.#state = nextFrsmState(this.#state, why)
    await this.#file.close()
  }

  async #next(most: number): Promise<FileReadResponse> {
    const ahead = this.#ahead ?? this.#begin(most)
    this.#ahead = undefined
    const failure = await ahead.read
    if (failure !== undefined) throw failure
    const { octets: fileData } = ahead
    const position = this.#position + fileData.length
    const moreFollows = position < this.#file.size
    this.#state = nextFrsmState(this.#state, moreFollows ? 'fileRead, more left' : 'fileRead, last part')
    this.#position = position
    if (moreFollows && this.#readsAhead) this.#ahead = this.#begin(most)
    return { fileData, moreFollows }
  }

  #begin(most: number): { readonly octets: Uint8Array; readonly read: Promise<unknown> } {
    const octets = new Uint8Array(Math.min(this.#file.size - this.#position, most))
    const read = this.#file.read(octets, this.#position).then(
      () => undefined,
      error => error,
    )
    return { octets, read }
  }
}
