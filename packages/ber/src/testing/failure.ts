import { DecodeError, EncodeError } from '@x/core'
import { expect } from 'vitest'

/** What a decoding fails with. */
export function failure(run: () => unknown): { code: string; offset: number; path: string; message: string } {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
    const { code, offset, path, message } = error as DecodeError
    return { code, offset, path, message }
  }
  return { code: 'none: it was decoded', offset: -1, path: '', message: '' }
}

/** What an encoding fails with. */
export function refusal(run: () => unknown): { code: string; path: string; message: string } {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(EncodeError)
    const { code, path, message } = error as EncodeError
    return { code, path, message }
  }
  return { code: 'none: it was encoded', path: '', message: '' }
}
