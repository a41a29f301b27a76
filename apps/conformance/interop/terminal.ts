/** Words in colour, or plain ones. */
export interface Paint {
  good(text: string): string
  bad(text: string): string
  warning(text: string): string
  faint(text: string): string
  strong(text: string): string
}

/** Colours for a terminal; for a log, plain text. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  const coloured = env.FORCE_COLOR !== undefined || (stream.isTTY === true && env.NO_COLOR === undefined && env.TERM !== 'dumb')
  const code =
    (open: number, close: number) =>
    (text: string): string =>
      coloured ? `${ESCAPE}${open}m${text}${ESCAPE}${close}m` : text
  return { good: code(32, 39), bad: code(31, 39), warning: code(33, 39), faint: code(2, 22), strong: code(1, 22) }
}

const ESCAPE = '\u001b['

/** Columns that a text takes. */
export function width(text: string): number {
  return text
    .split(ESCAPE)
    .map((part, i) => (i === 0 ? part : part.slice(part.indexOf('m') + 1)))
    .join('').length
}
