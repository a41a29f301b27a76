import type { TcpListener } from '@x/core/node'
import { listen } from '@x/cotp/node'
import { DisconnectReason } from '@x/cotp/tpdu'
import { decodeRange, decodeS7, encodeS7, encodeSetup, FUNCTION, RANGE_LENGTH, type Range, type S7Pdu, uint16, uint16At } from './pdu.js'

export interface S7ServerOptions {
  readonly host?: string
  /** 0 takes a free one. @default 102 */
  readonly port?: number
  /** Data blocks by number: read, and written, in place. */
  readonly blocks: ReadonlyMap<number, Uint8Array>
  /** Where the CPU is. @default rack 0, slot 2 */
  readonly rack?: number
  readonly slot?: number
  /** Largest PDU granted, in octets. @default 480 */
  readonly pduSize?: number
}

/** Serves data blocks to S7 clients. Any other rack or slot is refused with a DR: address unknown. */
export function listenS7({ host, port = 102, blocks, rack = 0, slot = 2, pduSize = 480 }: S7ServerOptions): Promise<TcpListener> {
  const here = rack * 32 + slot
  return listen(
    {
      ...(host === undefined ? {} : { host }),
      port,
      transport: {
        tpduSize: 1024,
        // The first octet says what kind of partner it is, the second where the CPU is.
        accept: ({ called }) => (called.transportSelector?.[1] === here ? 'accept' : DisconnectReason.addressUnknown),
      },
    },
    async connection => {
      for await (const tsdu of connection) await connection.send(encodeS7(answer(decodeS7(tsdu), blocks, pduSize)))
    },
  )
}

function answer(job: S7Pdu, blocks: S7ServerOptions['blocks'], mostPdu: number): S7Pdu {
  const { reference, parameters } = job
  const reply = { kind: 'answer', reference, error: 0, parameters: parameters.subarray(0, 2), data: new Uint8Array() } as const
  switch (parameters[0]) {
    case FUNCTION.setup:
      return { ...reply, parameters: encodeSetup(Math.min(mostPdu, uint16At(parameters, 6))) }
    case FUNCTION.read: {
      const items = rangesOf(parameters).map(range => readItem(range, blocks))
      return { ...reply, data: Uint8Array.from(padded(items).flat()) }
    }
    case FUNCTION.write:
      return { ...reply, data: Uint8Array.from(writeItems(job, blocks)) }
    default:
      // Class 81: the context does not allow it; code 04: this function is not implemented.
      return { ...reply, error: 0x8104 }
  }
}

function rangesOf(parameters: Uint8Array): (Range | undefined)[] {
  const at = (i: number) => 2 + i * RANGE_LENGTH
  return Array.from({ length: parameters[1] ?? 0 }, (_, i) => decodeRange(parameters.subarray(at(i), at(i + 1))))
}

/** Return code, transport size 04, length in bits, octets. */
function readItem(range: Range | undefined, blocks: S7ServerOptions['blocks']): number[] {
  const part = partOf(range, blocks)
  return typeof part === 'number' ? [part, 0, 0, 0] : [0xff, 4, ...uint16(part.length * 8), ...part]
}

/** Each item but the last begins at an even place. */
function padded(items: readonly number[][]): number[][] {
  return items.map((item, i) => (item.length % 2 === 1 && i < items.length - 1 ? [...item, 0] : item))
}

function writeItems({ parameters, data }: S7Pdu, blocks: S7ServerOptions['blocks']): number[] {
  let at = 0
  return rangesOf(parameters).map(range => {
    const bits = uint16At(data, at + 2)
    const octets = data.subarray(at + 4, at + 4 + bits / 8)
    at += 4 + octets.length + (octets.length % 2)
    const part = partOf(range, blocks)
    if (typeof part === 'number') return part
    if (octets.length !== part.length) return 0x07
    part.set(octets)
    return 0xff
  })
}

/** The octets themselves, or the return code that says why there are none. */
function partOf(range: Range | undefined, blocks: S7ServerOptions['blocks']): Uint8Array | number {
  if (range === undefined) return 0x06
  const block = blocks.get(range.block)
  if (block === undefined) return 0x0a
  return range.start + range.length > block.length ? 0x05 : block.subarray(range.start, range.start + range.length)
}
