import { hex, unhex } from '@x/core'
import { joinedChannels } from '@x/core/testing'
import { describe, expect, test } from 'vitest'
import { transportStack } from './open.js'
import type { TransportOptions } from './options.js'

const CR = '03 00 00 0e 09 e0 00 00 00 07 00 c0 01 07'
const part = (data: string) => packet(`02 f0 00 ${data}`)
const last = (data: string) => packet(`02 f0 80 ${data}`)
function packet(tpdu: string): string {
  return `03 00 00 ${(unhex(tpdu).length + 4).toString(16).padStart(2, '0')} ${tpdu}`
}

/** All that is told above, and all that is sent, when a connection is open and the octets come in one chunk. */
function heard(octets: string, options: TransportOptions): string[] {
  const { a, b } = joinedChannels()
  const machine = transportStack(b, { transport: { reference: 9, ...options } })
  const told: string[] = []
  machine.onDeliver = primitive => {
    if (primitive.type === 'T-CONNECT.indication') machine.submit({ type: 'T-CONNECT.response' })
    else
      told.push(
        primitive.type === 'T-DATA.indication'
          ? hex(primitive.userData)
          : `${primitive.type} ${'cause' in primitive ? primitive.cause?.code : ''}`,
      )
  }
  a.onData = answer => told.push(`sent ${hex(answer)}`)
  a.write(unhex(CR))
  a.write(unhex(octets))
  told.push(machine.state)
  return told
}

describe('goal 15: the middle of a TSDU is taken where it lies in its chunk', () => {
  test.each([
    ['a TSDU in four parts', part('01 02') + part('03') + part('04 05 06') + last('07'), ['01 02 03 04 05 06 07', 'OPEN']],
    ['two of them', part('01') + part('02') + last('03') + part('04') + part('05') + last('06'), ['01 02 03', '04 05 06', 'OPEN']],
    ['an end without octets', part('01') + part('02') + packet('02 f0 80'), ['01 02', 'OPEN']],
    ['empty parts', part('01') + packet('02 f0 00') + part('02') + last('03'), ['01 02 03', 'OPEN']],
    ['a DT with a number', part('01') + packet('02 f0 05 02') + part('03') + last('04'), ['01 02 03 04', 'OPEN']],
    ['a DR in the middle', part('01') + part('02') + packet('06 80 00 09 00 07 00') + part('03'), undefined],
    ['a DT of the extended format', part('01') + part('02') + packet('07 f0 00 00 80 00 00 00 05'), undefined],
    ['a TSDU that is too long', part('01 02 03') + part('04 05 06') + part('07 08 09') + last('0a'), undefined],
    ['a TPDU that is too long', part('01') + packet(`02 f0 00 ${'00 '.repeat(130)}`) + last('02'), undefined],
  ])('%s gives what it gives the usual way', (_, octets, expected) => {
    const options = { maxTsduSize: 8, earlyTsduSize: 8, oversizedData: false } satisfies TransportOptions
    // Whoever watches TPDUs gets each of them the usual way.
    const usual = heard(octets, { ...options, onTpdu: () => {} })
    const result = heard(octets, options)
    expect(result).toEqual(usual)
    if (expected) expect(result.slice(1)).toEqual(expected)
    else expect(result.at(-1)).toBe('CLOSED')
  })
})
