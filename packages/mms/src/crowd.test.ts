import { once } from 'node:events'
import { connect as netConnect } from 'node:net'
import { expect, test } from 'vitest'
import { choosing, mutateUnit } from '../test/mutate.js'
import { int, model } from '../test/pair.js'
import { unitsOf } from '../test/victims.js'
import { connect, listen } from './node.js'

const many = Array.from({ length: 300 }, (_, i) => i)

test('F-15: three hundred associations at once are all served, and leave nothing behind', async () => {
  const server = await listen({ host: '127.0.0.1', port: 0, model: model() })
  const clients = await Promise.all(many.map(() => connect({ host: '127.0.0.1', port: server.port })))
  expect(server.server.associations.size).toBe(300)
  const values = await Promise.all(clients.map(client => client.readValue('LD/x')))
  expect(values.every(value => value.value === 1)).toBe(true)
  await Promise.all(clients.map((client, i) => (i % 2 ? client.close() : client.abort())))
  await expect.poll(() => server.server.associations.size).toBe(0)
  await server.close()
  expect(server.listener.connections).toBe(0)
})

test('F-24: hostile peers beside good ones: the good ones get every answer, and the right one', async () => {
  const ended: unknown[] = []
  await using server = await listen({ host: '127.0.0.1', port: 0, model: model(), onEnd: error => ended.push(error) })
  const recorded = ['assoc-conclude-release', 'nvl-define-read-delete-domain', 'read-structures'].map(name => unitsOf(name, 'c2s'))
  let attacks = 0
  let stop = false
  /** A recorded client with one unit changed, over and over. */
  const hostile = async (seed: number) => {
    for (let round = 0; !stop; round++) {
      const units = recorded[(seed + round) % recorded.length]!
      const choose = choosing(Array.from({ length: 64 }, (_, i) => (seed * 7919 + round * 104_729 + i * 1_299_709) >>> 3))
      const at = round % units.length
      const socket = netConnect(server.port, '127.0.0.1').on('error', () => {})
      socket.resume()
      await Promise.race([once(socket, 'connect'), once(socket, 'close')])
      for (const [i, unit] of units.entries()) socket.write(i === at ? mutateUnit(unit, choose) : unit.octets)
      await new Promise(resolve => setTimeout(resolve, 2))
      if (round % 3 === 0) socket.resetAndDestroy()
      else socket.destroy()
      attacks += 1
    }
  }
  const good = async (own: number) => {
    const mms = await connect({ host: '127.0.0.1', port: server.port })
    for (let i = 0; i < 60; i++) {
      const [wide, mine] = await mms.read(['vmd:vmdWide', 'LD/LLN0$MX$A'])
      expect(wide).toEqual({ type: 'success', value: int(5) })
      expect(mine?.type).toBe('success')
      if (i % 20 === own) expect((await mms.variableNames('LD')).length).toBeGreaterThan(5)
    }
    await mms.close()
  }
  const attackers = [1, 2, 3, 4, 5, 6].map(hostile)
  await Promise.all([0, 1, 2, 3, 4].map(good))
  await expect.poll(() => attacks, { timeout: 10_000 }).toBeGreaterThan(60)
  stop = true
  await Promise.all(attackers)
  await expect.poll(() => server.server.associations.size).toBe(0)
  expect(ended.every(error => error instanceof Error)).toBe(true)
})
