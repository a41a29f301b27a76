import { Child, sleep } from '../processes.js'
import { atLeast, figure, type Row } from '../report.js'
import { ratiosOf, spreadOf } from '../statistics.js'
import { type Progress, type ReceiverKind, type SenderKind, TSDU } from './protocol.js'

export interface TransferTiming {
  readonly rounds: number
  readonly warm: number
  readonly measured: number
}

/** One figure for each round. */
interface Series {
  /** Megabytes of user data a second. */
  readonly rate: number[]
  /** Microseconds of processor time for a megabyte: of the receiver, and of the sender. */
  readonly receiverCpu: number[]
  readonly senderCpu: number[]
}

const NAMES = [
  'reassembled 8192',
  'counted 8192',
  'each in its own buffer 8192',
  'reassembled 1024',
  'counted 1024',
  'sent',
  'a write per segment',
] as const
type Name = (typeof NAMES)[number]

const lines: Readonly<Record<Name, readonly [ReceiverKind, SenderKind, tpduSize: number]>> = {
  'reassembled 8192': ['reassembled', 'wire', 8_192],
  'counted 8192': ['counted', 'bare wire', 8_192],
  'each in its own buffer 8192': ['each in its own buffer', 'wire', 8_192],
  'reassembled 1024': ['reassembled', 'wire', 1_024],
  'counted 1024': ['counted', 'bare wire', 1_024],
  sent: ['handshake', 'stack', 1_024],
  'a write per segment': ['counted', 'segments', 1_024],
}

/** TSDUs of 64 KB one way: received and reassembled, and sent in segments. */
export async function transferRows(timing: TransferTiming): Promise<Row[]> {
  const pairs = new Map<Name, Line>()
  try {
    for (const name of NAMES) pairs.set(name, await Line.start(...lines[name]))
    for (let i = 0; i < 2; i++) for (const line of pairs.values()) await line.run(timing)
    const all = new Map<Name, Series>(NAMES.map(name => [name, { rate: [], receiverCpu: [], senderCpu: [] }]))
    for (let round = 0; round < timing.rounds; round++) {
      // Those compared follow each other, in turning order.
      for (const group of [NAMES.slice(0, 3), NAMES.slice(3, 5), NAMES.slice(5)]) {
        for (const name of round % 2 ? [...group].reverse() : group) {
          const { rate, receiverCpu, senderCpu } = await pairs.get(name)!.run(timing)
          const series = all.get(name)!
          series.rate.push(rate)
          series.receiverCpu.push(receiverCpu)
          series.senderCpu.push(senderCpu)
        }
      }
    }
    const row = (goal: number, what: string, one: Name, other: Name, cpu: 'receiverCpu' | 'senderCpu', target?: Row['target']): Row => {
      const [ours, theirs] = [all.get(one)!, all.get(other)!]
      const told = (series: Series) => `${figure(spreadOf(series.rate).median)} MB/s, ${figure(spreadOf(series[cpu]).median)} µs/MB`
      return {
        goal,
        what,
        ours: told(ours),
        baseline: `${other.replace(/ \d+$/, '')}: ${told(theirs)}`,
        ratio: ratiosOf(ours.rate, theirs.rate),
        cpuRatio: ratiosOf(theirs[cpu], ours[cpu]),
        ...(target && { target }),
      }
    }
    const received = '64 KB TSDUs received and reassembled'
    return [
      row(15, `${received}, segments of 8 KB`, 'reassembled 8192', 'counted 8192', 'receiverCpu', atLeast(0.7, 0.9)),
      row(15, `${received}, segments of 8 KB, each in its own buffer`, 'each in its own buffer 8192', 'counted 8192', 'receiverCpu'),
      row(15, `${received}, segments of 1 KB`, 'reassembled 1024', 'counted 1024', 'receiverCpu', atLeast(0.6, 0.8)),
      row(16, '64 KB TSDUs sent in segments of 1 KB', 'sent', 'a write per segment', 'senderCpu', atLeast(3.5, 5.5)),
    ]
  } finally {
    for (const line of pairs.values()) line.stop()
  }
}

/** A sending and a receiving process. */
class Line {
  static async start(receiverKind: ReceiverKind, senderKind: SenderKind, tpduSize: number): Promise<Line> {
    const receiver = await Child.start<number>(new URL('./receiver.js', import.meta.url), [receiverKind, tpduSize])
    try {
      const sender = await Child.start(new URL('./sender.js', import.meta.url), [senderKind, tpduSize, receiver.first])
      return new Line(receiver.child, sender.child)
    } catch (error) {
      receiver.child.stop()
      throw error
    }
  }

  readonly #receiver: Child
  readonly #sender: Child

  private constructor(receiver: Child, sender: Child) {
    this.#receiver = receiver
    this.#sender = sender
  }

  async run({ warm, measured }: { readonly warm: number; readonly measured: number }) {
    await this.#sender.ask('start')
    await sleep(warm)
    const before = await this.#both()
    await sleep(measured)
    const after = await this.#both()
    await this.#sender.ask('stop')
    const megabytes = ((after.received.tsdus - before.received.tsdus) * TSDU) / 1e6
    return {
      rate: (megabytes * 1e9) / (after.received.time - before.received.time),
      receiverCpu: (after.received.cpu - before.received.cpu) / megabytes,
      senderCpu: (after.senderCpu - before.senderCpu) / megabytes,
    }
  }

  async #both(): Promise<{ received: Progress; senderCpu: number }> {
    const [received, senderCpu] = await Promise.all([this.#receiver.ask<Progress>('progress'), this.#sender.ask<number>('cpu')])
    return { received, senderCpu }
  }

  stop(): void {
    this.#sender.stop()
    this.#receiver.stop()
  }
}
