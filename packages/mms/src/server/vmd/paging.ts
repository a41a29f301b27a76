import { compareNames } from '../../names.js'

/**
 * A page of texts in collating order, as many as fit. A text to continue after that is not there continues with the first one behind it, so
 * that texts made or deleted between pages do no harm. ISO 9506-1, 10.5 and 10.8.
 * @param room octets for the texts with their headers
 * @returns undefined: there is more, but not even one fits
 */
export function pageOf(
  texts: readonly string[],
  continueAfter: string | undefined,
  room: number,
): { readonly page: string[]; readonly moreFollows: boolean } | undefined {
  const from = continueAfter === undefined ? 0 : firstBehind(texts, continueAfter)
  const page: string[] = []
  let left = room
  for (let i = from; i < texts.length; i++) {
    const text = texts[i]!
    // A character takes up to three octets; a long form of the length one or more, and texts may be put together of pieces.
    const size = isAscii(text) ? text.length : 3 * text.length
    left -= size + (size > 40 ? 6 : 2)
    if (left < 0) break
    page.push(text)
  }
  if (page.length === 0 && from < texts.length) return undefined
  return { page, moreFollows: from + page.length < texts.length }
}

/** Index of the first text greater than `text`. */
function firstBehind(texts: readonly string[], text: string): number {
  let low = 0
  let high = texts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareNames(texts[middle]!, text) > 0) high = middle
    else low = middle + 1
  }
  return low
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false
  return true
}
