import { associate } from '@x/acse/node'
import { type AssociateOptions, type Association, associationOf } from '@x/acse/open'
import { decode, encode } from '@x/ber'
import { DirectoryPdu, directory, type Entry, type Operation, type Outcome } from './protocol.js'

/** A user of the directory: one question at a time. */
export class DirectoryClient implements AsyncDisposable {
  readonly association: Association
  #id = 0

  /** @throws RefusedError with the server's diagnostic, and whatever else `associate` throws */
  static async connect(
    options: { host: string; port: number } & Pick<AssociateOptions, 'calling' | 'authentication'>,
  ): Promise<DirectoryClient> {
    return new DirectoryClient(await associate({ ...directory, ...options }))
  }

  private constructor(association: Association) {
    this.association = association
  }

  async lookup(name: string): Promise<Entry> {
    return (await this.#ask({ type: 'lookup', value: name }, 'entry')).value
  }

  async list(prefix = ''): Promise<readonly string[]> {
    return (await this.#ask({ type: 'list', value: prefix }, 'names')).value
  }

  async add(entry: Entry): Promise<void> {
    await this.#ask({ type: 'add', value: entry }, 'done')
  }

  /** Leaves in order. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.association.close()
  }

  async #ask<T extends Outcome['type']>(operation: Operation, wanted: T): Promise<Extract<Outcome, { type: T }>> {
    const id = ++this.#id
    await this.association.send(encode(DirectoryPdu, { type: 'request', value: { id, operation } }))
    for (;;) {
      const heard = await this.association.receive()
      if (heard === undefined) throw new TypeError('the directory has closed')
      const pdu = decode(DirectoryPdu, heard.octets)
      if (pdu.type !== 'response' || pdu.value.id !== id) continue
      const { outcome } = pdu.value
      if (outcome.type === wanted) return outcome as Extract<Outcome, { type: T }>
      throw new TypeError(outcome.type === 'error' ? outcome.value : `expected ${wanted}, found ${outcome.type}`)
    }
  }
}

/** Why a directory could not be reached, in a line. */
export function explain(error: unknown): string {
  const reason = associationOf(error)?.closeReason
  return reason?.type === 'rejected' ? `rejected at ${reason.layer}, diagnostic ${reason.diagnostic}` : String(error)
}
