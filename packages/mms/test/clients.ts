import type { HandTimers } from '@x/core/testing'
import { joinedChannels } from '@x/core/testing'
import { type OpenMmsOptions, openMms } from '../src/open.js'
import type { MmsServer, ServerAssociation } from '../src/server/index.js'

/** One more client of a server, by its AP title: 1.1.1.`number`. @param number 0: without a title */
export async function join(server: MmsServer, timers: HandTimers, number = 0, options: OpenMmsOptions = {}) {
  const { a, b } = joinedChannels()
  const stack = { session: { timers } }
  const accepting: Promise<ServerAssociation> = server.accept(b)
  accepting.catch(() => {})
  const calling = number === 0 ? {} : { calling: { apTitle: `1.1.1.${number}`, aeQualifier: 1 } }
  const mms = await openMms(a, { timers, ...stack, mms: { timers }, ...options, association: { ...calling, ...options.association } })
  return { mms, association: await accepting, a, b }
}

/** What a promise is now, after everything that is under way: its value, its error's code, or `pending`. */
export async function stateOf(promise: Promise<unknown>): Promise<unknown> {
  const pending = new Promise(resolve => setImmediate(() => setImmediate(() => resolve('pending'))))
  return Promise.race([
    promise.then(
      value => value,
      error => error.code ?? error,
    ),
    pending,
  ])
}
