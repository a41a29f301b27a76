import { Sdu } from '@x/core'
import { describe, expect, test } from 'vitest'
import { transport } from '../test/harness.js'
import { chooseReference, giveBackReference, takeReference } from './references.js'

const chosen = { reference: undefined as never }

describe('SRC-REF: X.224, 6.5.4 a)', () => {
  test('references are never 0 and differ from machine to machine', () => {
    const machines = Array.from({ length: 3 }, () => transport(chosen).to('WFCC').machine)
    const references = machines.map(machine => machine.localReference)
    expect(new Set(references).size).toBe(3)
    expect(references).not.toContain(0)
    for (const machine of machines) machine.submit({ type: 'T-DISCONNECT.request' })
  })

  test('one in use is passed over, also after all others have had their turn; given back, it comes again', () => {
    const { machine, network } = transport(chosen)
    machine.submit({ type: 'T-CONNECT.request' })
    const inUse = machine.localReference
    const seen = new Set<number>()
    for (let i = 0; i < 65_534; i++) seen.add(chooseReference())
    expect(seen.size).toBe(65_534)
    expect(seen.has(inUse)).toBe(false)
    network.deliver({ type: 'N-DISCONNECT.indication' })
    expect(Array.from({ length: 65_535 }, () => chooseReference())).toContain(inUse)
  })

  test.each([
    ['the peer closes', harness => harness.network.deliver({ type: 'N-DISCONNECT.indication' })],
    ['the user closes', harness => harness.machine.submit({ type: 'T-DISCONNECT.request' })],
    ['a DR comes', harness => harness.feed('06 80 00 01 00 02 80')],
    ['an ER comes', harness => harness.feed('04 70 00 01 00')],
    ['a TPDU is invalid', harness => harness.feed('02 30 80')],
  ] satisfies [string, (harness: ReturnType<typeof transport>) => void][])('it is given back when %s, whoever asked', (_, end) => {
    for (const state of ['WFCC', 'WFTRESP', 'OPEN'] as const) {
      const harness = transport({ reference: 77 }).to(state)
      expect(isTaken(77)).toBe(true)
      end(harness)
      expect([state, isTaken(77)]).toEqual([state, false])
    }
  })

  test('a request refused by the state takes none', () => {
    const { machine } = transport({ reference: 77 }).to('OPEN')
    expect(() => machine.submit({ type: 'T-CONNECT.request' })).toThrow()
    machine.submit({ type: 'T-DATA.request', userData: Sdu.of([1]) })
    expect(machine.localReference).toBe(77)
    machine.submit({ type: 'T-DISCONNECT.request' })
    expect(isTaken(77)).toBe(false)
  })

  test('when all are taken, connections still open', () => {
    const all = Array.from({ length: 65_535 }, () => {
      const one = chooseReference()
      takeReference(one)
      return one
    })
    const reference = chooseReference()
    expect(reference).toBeGreaterThan(0)
    for (const one of all) giveBackReference(one)
  })
})

function isTaken(reference: number): boolean {
  const free = new Set(Array.from({ length: 65_535 }, () => chooseReference()))
  return !free.has(reference)
}
