import { RejectedError, ServiceError } from '@x/core'
import { HandTimers, joinedChannels, type MemoryChannel } from '@x/core/testing'
import { type OpenMmsOptions, openMms } from '../src/open.js'
import { MmsServer, type MmsServerOptions, type ServerAssociation, type VmdModel } from '../src/server/index.js'
import { types } from '../src/value-types.js'

export const point = types.structure({ mag: types.float32, q: types.bitString(13) })
export const mag = (value: number) => ({ type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value } }) as const
export const int = (value: number) => ({ type: 'integer', value }) as const

export function model(more: Partial<VmdModel> = {}): VmdModel {
  return {
    identity: { vendorName: 'vendor', modelName: 'model', revision: '1.0' },
    variables: { vmdWide: { type: types.integer(16), value: int(5) } },
    lists: more.domains ? {} : { both: { items: ['vmd:vmdWide', 'LD/x'] } },
    domains: {
      LD: {
        componentsAsVariables: true,
        variables: {
          x: { type: types.integer(32), value: int(1) },
          fixed: { type: types.boolean, writable: false },
          hidden: { type: types.boolean, readable: false },
          broken: {
            type: types.boolean,
            read: () => {
              throw new Error('sensor')
            },
          },
          slow: { type: types.integer(32), read: async () => int(9) },
          limited: {
            type: types.integer(32),
            write: value => ((value as { value: number }).value > 100 ? { failure: 'object-value-invalid' } : undefined),
          },
          late: {
            type: types.integer(32),
            write: async () => {
              throw { failure: 'temporarily-unavailable' }
            },
          },
          LLN0: { type: types.structure({ MX: types.structure({ A: point }) }) },
          a: { type: types.array(3, point) },
        },
        lists: { set: { items: ['LD/x', 'LD/a(1).mag'] } },
      },
      Empty: {},
    },
    ...more,
  }
}

export interface Pair {
  readonly server: MmsServer
  readonly association: ServerAssociation
  readonly mms: Awaited<ReturnType<typeof openMms>>
  readonly a: MemoryChannel
  readonly b: MemoryChannel
  readonly timers: HandTimers
}

export async function pair(options: Partial<MmsServerOptions> & { client?: OpenMmsOptions } = {}): Promise<Pair> {
  const { a, b } = joinedChannels()
  const timers = new HandTimers()
  const stack = { session: { timers } }
  const server = new MmsServer({ model: model(), timers, ...stack, ...options })
  const accepting = server.accept(b)
  accepting.catch(() => {})
  const mms = await openMms(a, { timers, ...stack, mms: { timers }, ...options.client })
  return { server, association: await accepting, mms, a, b, timers }
}

/** A variable whose read stays open until `answer` is called; its value is 1. */
export function heldRead() {
  let resolve!: (value: ReturnType<typeof int>) => void
  const read = () =>
    new Promise<ReturnType<typeof int>>(settled => {
      resolve = settled
    })
  return { slow: { type: types.integer(32), read }, answer: () => resolve(int(1)) }
}

export const settle = () => new Promise(resolve => setImmediate(resolve))

/** How a call ended, in short: `class/code` of an error, the code of a reject, or what else was thrown. */
export async function codeOf(answer: Promise<unknown>): Promise<string> {
  const error = await answer.then(
    () => 'no error',
    (reason: unknown) => reason,
  )
  if (error instanceof ServiceError) {
    const { errorClass } = error.answered as { errorClass: { type: string; value: unknown } }
    return `${errorClass.type}/${errorClass.value}`
  }
  return error instanceof RejectedError ? String((error.answered as { value: unknown }).value) : String(error)
}
