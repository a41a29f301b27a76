import type { MmsClient, RequestOptions } from '@x/mms'
import { type AssociateOptions, associate, endAssociation } from './association.js'
import { type Colours, coloursFor, type Io } from './io.js'
import { jsonLine, jsonText } from './render/json.js'
import type { Settings } from './settings.js'

/** What a command works with. */
export interface Context {
  readonly io: Io
  readonly settings: Settings
  /** For results. */
  readonly colours: Colours
  /** For talk. */
  readonly talkColours: Colours
  /** A result, line by line. */
  readonly print: (...lines: readonly string[]) => void
  /** A result as JSON, indented. */
  readonly printJson: (value: unknown) => void
  /** One of many results as JSON, on a line of its own. */
  readonly printJsonLine: (value: unknown) => void
  /** A line for the user that is no result: not with `--json`. */
  readonly talk: (text: string) => void
  /**
   * Associates, runs, and ends the association in order, however it went.
   * @param run gets the options that every request should have: it ends at Ctrl-C
   */
  readonly associated: <T>(run: (mms: MmsClient, request: RequestOptions) => Promise<T>, options?: AssociateOptions) => Promise<T>
}

export function makeContext(io: Io, settings: Settings): Context {
  const colours = coloursFor(io.outIsTerminal, io.env)
  const talkColours = coloursFor(io.errIsTerminal, io.env)
  return {
    io,
    settings,
    colours,
    talkColours,
    print: (...lines) => {
      if (lines.length > 0) io.out(`${lines.join('\n')}\n`)
    },
    printJson: value => io.out(`${jsonText(value)}\n`),
    printJsonLine: value => io.out(`${jsonLine(value)}\n`),
    talk: text => {
      if (!settings.json) io.err(`${talkColours.dim(text)}\n`)
    },
    async associated(run, options) {
      const mms = await associate(settings, io, talkColours, options)
      try {
        return await run(mms, { signal: io.signal })
      } finally {
        await endAssociation(mms, io.signal.aborted)
      }
    },
  }
}
