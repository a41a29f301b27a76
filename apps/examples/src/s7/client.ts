import { connect } from '@x/cotp/node'
import type { TransportConnection } from '@x/cotp/open'
import { decodeS7, encodeRange, encodeS7, encodeSetup, FUNCTION, RETURN_CODES, S7Error, type S7Pdu, uint16, uint16At } from './pdu.js'

export interface S7Address {
  readonly host: string
  /** @default 102 */
  readonly port?: number
  /** Where the CPU is plugged in. @default rack 0, slot 2, as in an S7-300; an S7-1200 or 1500 has slot 1 */
  readonly rack?: number
  readonly slot?: number
  /** Octets of a PDU, asked for; the controller may grant fewer. @default 480 */
  readonly pduSize?: number
}

/** Octets of an answer to a read, or of a write, that are not the block's: header, parameters, and what stands before the data. */
const READ_OVERHEAD = 12 + 2 + 4
const WRITE_OVERHEAD = 10 + 14 + 4

/** Reads and writes data blocks of an S7 controller. One call at a time: await each before the next. */
export class S7Client implements AsyncDisposable {
  /** @throws RefusedError, DisconnectedError or TimeoutError of COTP, which say at which step and what to check; S7Error */
  static async connect({ host, port = 102, rack = 0, slot = 2, pduSize = 480 }: S7Address): Promise<S7Client> {
    const connection = await connect({
      host,
      port,
      // A programming device asks for the CPU in this rack and slot.
      calling: { transportSelector: Uint8Array.of(1, 0) },
      called: { transportSelector: Uint8Array.of(1, rack * 32 + slot) },
      // Controllers know 1024 octets, and some drop a request for more.
      transport: { tpduSize: 1024 },
    })
    const client = new S7Client(connection)
    const { parameters } = await client.#request(encodeSetup(pduSize))
    client.pduSize = uint16At(parameters, 6)
    return client
  }

  /** Octets of a PDU that the controller grants. */
  pduSize = 0
  readonly #connection: TransportConnection
  readonly #answers: AsyncIterator<Uint8Array>
  #reference = 0

  private constructor(connection: TransportConnection) {
    this.#connection = connection
    this.#answers = connection[Symbol.asyncIterator]()
  }

  /** Octets of a data block, in as many reads as they need. @throws S7Error with what the controller has against it */
  async read(block: number, start: number, length: number): Promise<Uint8Array> {
    const octets = new Uint8Array(length)
    const most = this.pduSize - READ_OVERHEAD
    for (let done = 0; done < length; done += most) {
      const range = { block, start: start + done, length: Math.min(most, length - done) }
      const { data } = await this.#request(Uint8Array.of(FUNCTION.read, 1, ...encodeRange(range)))
      // Return code, transport size 04, the length in bits, the octets.
      expectSuccess(data[0], `read of ${range.length} octets at ${range.start} of DB ${block}`)
      octets.set(data.subarray(4, 4 + range.length), done)
    }
    return octets
  }

  /** Writes octets to a data block, in as many writes as they need: not in one go for the program in the controller. @throws S7Error */
  async write(block: number, start: number, octets: Uint8Array): Promise<void> {
    const most = this.pduSize - WRITE_OVERHEAD
    for (let done = 0; done < octets.length; done += most) {
      const part = octets.subarray(done, done + most)
      const range = { block, start: start + done, length: part.length }
      const parameters = Uint8Array.of(FUNCTION.write, 1, ...encodeRange(range))
      const { data } = await this.#request(parameters, Uint8Array.of(0, 4, ...uint16(part.length * 8), ...part))
      expectSuccess(data[0], `write of ${range.length} octets at ${range.start} of DB ${block}`)
    }
  }

  /** COTP class 0 has no more to say at the end than TCP. */
  close(): Promise<void> {
    return this.#connection.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #request(parameters: Uint8Array, data: Uint8Array = new Uint8Array()): Promise<S7Pdu> {
    const reference = (this.#reference = (this.#reference % 65_535) + 1)
    await this.#connection.send(encodeS7({ kind: 'job', reference, error: 0, parameters, data }))
    const next = await this.#answers.next()
    if (next.done) throw new S7Error('the controller closed the connection')
    const answer = decodeS7(next.value)
    if (answer.reference !== reference) throw new S7Error(`expected the answer to job ${reference}, found that to ${answer.reference}`)
    if (answer.error !== 0) throw new S7Error(`the controller answered with error ${answer.error.toString(16).padStart(4, '0')}`)
    return answer
  }
}

function expectSuccess(code: number | undefined, what: string): void {
  if (code === 0xff) return
  throw new S7Error(`${what}: ${RETURN_CODES[code ?? 0] ?? 'refused'} (return code ${code?.toString(16).padStart(2, '0') ?? 'absent'})`)
}
