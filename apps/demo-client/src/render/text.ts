/** Columns that a text takes in a terminal: wide characters count two, marks that combine none. Colour sequences are not allowed for. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += widthOf(character.codePointAt(0)!)
  return width
}

function widthOf(code: number): number {
  if (code < 0x300) return 1
  if ((code >= 0x300 && code < 0x370) || (code >= 0x200b && code < 0x2010) || (code >= 0xfe00 && code < 0xfe10)) return 0
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1
}

/** East Asian wide characters, and the pictures that terminals draw wide. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
]

/**
 * A text of a device made fit for a terminal: control characters, line breaks and marks that turn the direction of writing come out as
 * `·`, so that nothing it sends can steer the terminal or hide what follows.
 */
export function safe(text: string): string {
  let out = ''
  for (const character of text) out += isUnsafe(character.codePointAt(0)!) ? '·' : character
  return out
}

function isUnsafe(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    (code >= 0x200e && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code < 0xe000) ||
    code === 0xfeff
  )
}

/** The text, cut with an ellipsis where it takes more columns than there are. */
export function truncated(text: string, columns: number): string {
  return displayWidth(text) <= columns ? text : `${cut(text, columns - 1)}…`
}

/** The beginning of a text that takes at most so many columns; one character at least. */
function cut(text: string, columns: number): string {
  let width = 0
  let out = ''
  for (const character of text) {
    width += widthOf(character.codePointAt(0)!)
    if (width > columns && out !== '') break
    out += character
  }
  return out
}

/** The text in lines of so many columns, broken at blanks where there are any. @param indent in front of every line but the first */
export function wrapped(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = []
  let rest = text
  while (displayWidth(rest) > columns) {
    const head = cut(rest, columns)
    const blank = rest[head.length] === ' ' ? head.length : head.lastIndexOf(' ')
    const to = blank > indent.length + 4 ? blank : head.length
    lines.push(rest.slice(0, to).trimEnd())
    rest = indent + rest.slice(to).trimStart()
  }
  return [...lines, rest]
}

/** Columns of the widest of the texts; at least `least`. */
export function widest(texts: Iterable<string>, least = 0): number {
  let width = least
  for (const text of texts) width = Math.max(width, displayWidth(text))
  return width
}

/** A cell of a line: its text, the columns it takes, and its colour. */
export interface Cell {
  readonly text: string
  readonly width: number
  readonly paint?: (text: string) => string
  readonly align?: 'right'
}

/** Cells two columns apart; nothing stands behind the last one that says something. */
export function cellLine(cells: readonly Cell[]): string {
  const last = cells.findLastIndex(({ text }) => text !== '')
  return cells
    .slice(0, last + 1)
    .map(({ text, width, paint = plain, align }, i) => {
      const gap = ' '.repeat(Math.max(0, width - displayWidth(text)))
      if (text === '') return gap
      return align === 'right' ? gap + paint(text) : paint(text) + (i === last ? '' : gap)
    })
    .join('  ')
}

function plain(text: string): string {
  return text
}

/** `1 variable`, `2 variables`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
