import type { Channel } from '../channel.js'
import { hex, unhex } from '../octets.js'

/** What a scripted peer does, in order. */
export type ScriptStep =
  /** Octets as hex, blanks allowed. */
  | readonly ['send', string | Uint8Array]
  /** Waits until something has come that the script has not seen yet; all of it is handed to the function, which may throw. */
  | readonly ['recv', ((octets: Uint8Array) => void)?]
  /** Milliseconds of real time. */
  | readonly ['wait', number]
  /** Waits until the other side has closed. */
  | readonly ['closed']
  /** Closes in order, or with a reset. */
  | readonly ['end' | 'reset']

/**
 * A peer at the level of octets: it plays either role on any channel, however wrong, and does not care what the octets mean.
 * @returns all octets it has received, as hex, when the script is done or the other side has closed under it
 */
export async function playScript(channel: Channel, steps: readonly ScriptStep[]): Promise<string> {
  const chunks: Uint8Array[] = []
  let seen = 0
  let over = channel.ended === true
  let wake = () => {}
  channel.onData = octets => {
    chunks.push(octets.slice())
    wake()
  }
  channel.onEnd = () => {
    over = true
    wake()
  }
  const until = async (done: () => boolean) => {
    while (!done() && !over) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
  for (const step of steps) {
    switch (step[0]) {
      case 'send':
        channel.write(typeof step[1] === 'string' ? unhex(step[1]) : step[1])
        break
      case 'recv': {
        await until(() => chunks.length > seen)
        const fresh = chunks.slice(seen)
        seen = chunks.length
        step[1]?.(joined(fresh))
        break
      }
      case 'wait':
        await new Promise(resolve => setTimeout(resolve, step[1]))
        break
      case 'closed':
        await until(() => over)
        break
      case 'end':
        channel.end()
        break
      case 'reset':
        channel.destroy()
        break
    }
  }
  return hex(joined(chunks))
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}
