import { expect, test } from 'vitest'
import { remembered } from './remembered.js'

test('settings are made once for each options object, also when there are none to speak of', () => {
  let made = 0
  const settingsOf = remembered(({ size }: { size?: number }) => {
    made += 1
    if (size === 0) throw new RangeError('size')
    return size
  })
  const [one, other, none] = [{ size: 1 }, { size: 1 }, {}]
  expect([one, other, none, one, other, none].map(settingsOf)).toEqual([1, 1, undefined, 1, 1, undefined])
  expect(made).toBe(3)
})

test('options that are refused are refused each time', () => {
  const settingsOf = remembered((_: object) => {
    throw new RangeError('size')
  })
  const options = {}
  expect(() => settingsOf(options)).toThrow(RangeError)
  expect(() => settingsOf(options)).toThrow(RangeError)
})
