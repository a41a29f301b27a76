import { EncodeError } from '@x/core'
import { FunctionalUnit, namesOf, Token, type TokenSetting } from './values.js'

const names = Object.keys(Token) as (keyof typeof Token)[]
const every = Token.data | Token.synchronizeMinor | Token.majorActivity | Token.release

/** AV: the tokens that come with these functional units, of those we have. X.225, A.5. */
export function tokensOf(requirements: number): number {
  return (requirements & FunctionalUnit.halfDuplex ? Token.data : 0) | (requirements & FunctionalUnit.negotiatedRelease ? Token.release : 0)
}

/** Where a token setting puts a token: 0 initiator, 1 responder, 2 the called user's choice, 3 reserved. X.225, 8.3.1.11. */
export type Place = 0 | 1 | 2 | 3

/** Those of `tokens` that the setting puts in one place. The bit of a token in PI 16 is also where its two bits of PI 26 begin. */
export function tokensAt(setting: number, place: Place, tokens: number): number {
  let found = 0
  for (const name of names) {
    const token = Token[name]
    if (tokens & token && ((setting / token) & 3) === place) found |= token
  }
  return found
}

/** The setting of an AC: repeats that of the CN, and puts where it left the choice what the user wants. X.225, 5.8.2, 8.3.4.14. @throws EncodeError SESSION_TOKENS */
export function answeredSetting(proposed: number, tokens: number, wanted: Partial<TokenSetting> = {}): number {
  let setting = 0
  for (const name of names) {
    const token = Token[name]
    if ((tokens & token) === 0) continue
    const place = (proposed / token) & 3
    const ours = wanted[name]
    const fixed = place === 1 ? 'responder' : place === 0 ? 'initiator' : undefined
    if (ours !== undefined && ((fixed !== undefined && ours !== fixed) || (ours !== 'initiator' && ours !== 'responder'))) {
      throw wrong('S-CONNECT.response', `${name} token at the ${fixed ?? 'initiator or the responder'}`, ours)
    }
    if ((fixed ?? ours) === 'responder') setting += token
  }
  return setting
}

/** A setting that says where every token is: an AC may leave nothing open. */
export function leavesOpen(setting: number, tokens: number): boolean {
  return (tokensAt(setting, 2, tokens) | tokensAt(setting, 3, tokens)) !== 0
}

/** @throws EncodeError SESSION_TOKENS unless `tokens` are bits of `Token`, at least one */
export function checkTokens(tokens: number, path: string): void {
  if (tokens > 0 && (tokens & ~every) === 0) return
  throw wrong(path, 'at least one token and nothing else', namesOf(tokens, Token).join(', ') || 'none')
}

/** The bits that name a token; the others of PI 16 are reserved, and ignored (X.225, 8.2.7). */
export function namedTokens(tokenItem: number): number {
  return tokenItem & every
}

function wrong(path: string, expected: string, found: string): EncodeError {
  return new EncodeError('session', 'SESSION_TOKENS', `${path}: expected ${expected}, found ${found}`, { path })
}
