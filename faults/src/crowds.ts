import { clientOf, type Finding, kib, ms, percent, type Scenario, serverOf, sleep } from './scenario.js'

/** F-14: everybody comes back at once. */
export const storm: Scenario = async ({ seconds }) => {
  const findings: Finding[] = []
  {
    using server = serverOf()
    const port = await server.ask('port')
    using all = clientOf(port)
    using old = clientOf(port)
    await old.ask('start', { kind: 'read', every: 5 })
    const rounds = []
    const looks = []
    // The first round is for warming up; the server is looked at when nobody is on the way in or out.
    for (const lasting of [Math.min(seconds, 10), seconds]) {
      await all.ask('start', { kind: 'associate', lanes: 20 })
      await sleep(lasting * 1_000)
      rounds.push(await all.ask('stop'))
      await sleep(500)
      looks.push(await server.ask('look'))
    }
    const [stormed, read] = [rounds[1]!, await old.ask('stop')]
    const [before, after] = [looks[0]!, looks[1]!]
    const cpu = (after.cpu - before.cpu) / stormed.tries
    findings.push(
      {
        id: 'F-14',
        what: `associations a second for ${seconds} s, each with a read`,
        found: `${stormed.perSecond.toFixed(0)}/s, ${stormed.failures} failed${stormed.firstFailure === undefined ? '' : `: ${stormed.firstFailure}`}`,
        goal: '≥ 500/s, none failed',
        met: stormed.perSecond >= 500 && stormed.failures === 0,
      },
      {
        id: 'F-14',
        what: 'processor time of the server for each, the reads beside it included',
        found: ms(cpu),
        goal: '≤ 2 ms, whatever else the machine does',
        met: cpu <= 2,
      },
      {
        id: 'F-14',
        what: 'an association from before: reads',
        found: `p99 ${ms(read.p99)}, ${read.failures} failed`,
        goal: 'p99 < 250 ms',
        met: read.p99 < 250 && read.failures === 0,
      },
      growth('F-14', after.memory - before.memory, stormed.tries),
    )
  }
  using server = serverOf({ acceptRate: { perSecond: 200 } })
  const port = await server.ask('port')
  using attacker = clientOf(port)
  using old = clientOf(port)
  await old.ask('start', { kind: 'read', every: 5 })
  await sleep(200)
  await attacker.ask('start', { kind: 'connect', lanes: 50 })
  await sleep(seconds * 1_000)
  const [cycles, read, seen] = [await attacker.ask('stop'), await old.ask('stop'), await server.ask('look')]
  findings.push({
    id: 'F-14',
    what: `${cycles.perSecond.toFixed(0)} TCP cycles a second, 200 of them admitted: the association from before`,
    found: `p99 ${ms(read.p99)}; ${seen.refusals.rate} turned away`,
    goal: 'p99 < 250 ms',
    met: read.p99 < 250 && read.failures === 0,
  })
  return findings
}

function growth(id: string, octets: number, cycles: number): Finding {
  return {
    id,
    what: `growth over ${cycles} cycles`,
    found: `${(octets / 2 ** 20).toFixed(1)} MiB`,
    goal: '< 1 MiB, or < 100 octets a cycle',
    met: octets < 2 ** 20 || octets / cycles < 100,
  }
}

/** F-15: many that are idle. */
export const idle: Scenario = async ({ short, seconds }) => {
  const count = short ? 2_000 : 10_000
  using server = serverOf({ maxConnections: count + 100 })
  const port = await server.ask('port')
  using clients = clientOf(port)
  await clients.ask('hold', 10)
  const before = await server.ask('look')
  if (before.maxConnections < count) {
    return [
      {
        id: 'F-15',
        what: `${count} idle associations`,
        found: `descriptors for ${before.maxConnections} only`,
        goal: '≤ 32 KiB each',
        met: undefined,
      },
    ]
  }
  const { held, refused, why } = await clients.ask('hold', count - 10)
  const after = await server.ask('look')
  await sleep(seconds * 1_000)
  const later = await server.ask('look')
  const { asked, answered } = await clients.ask('readHeld', 500)
  const each = (after.rss - before.rss) / (count - 10)
  const heap = (after.memory - before.memory) / (count - 10)
  return [
    {
      id: 'F-15',
      what: `idle associations held for ${seconds} s`,
      found: `${later.associations}${refused > 0 ? `; ${refused} refused: ${why}` : ''}`,
      goal: String(count),
      met: held === count && later.associations === count,
    },
    {
      id: 'F-15',
      what: 'heap and buffers of each; resident memory',
      found: `${kib(heap)}; ${kib(each)}`,
      goal: '≤ 32 KiB',
      met: heap <= 32_768 && each <= 32_768,
    },
    { id: 'F-15', what: 'timers of all', found: String(later.timers), goal: '≤ 1 each', met: later.timers <= later.associations },
    { id: 'F-15', what: 'those asked, answered', found: `${answered} of ${asked}`, goal: 'all', met: answered === asked },
  ]
}

/** F-16: one address takes what it can get. */
export const greedy: Scenario = async ({ seconds }) => {
  using server = serverOf({ maxConnections: 200, maxPerAddress: 150, reserved: { addresses: ['127.0.0.9'], places: 4 } })
  const port = await server.ask('port')
  using holder = clientOf(port)
  using attacker = clientOf(port)
  using good = clientOf(port)
  await holder.ask('misbehave', { count: 400, first: '03' })
  await attacker.ask('misbehave', { count: 400, first: '03', localAddress: '127.0.0.2' })
  await attacker.ask('start', { kind: 'connect', every: 10, lanes: 20, localAddress: '127.0.0.2' })
  await good.ask('start', { kind: 'associate', every: 50, localAddress: '127.0.0.9' })
  await sleep(seconds * 1_000)
  const [attack, measured, seen] = [await attacker.ask('stop'), await good.ask('stop'), await server.ask('look')]
  const share = (measured.tries - measured.failures) / measured.tries
  return [
    {
      id: 'F-16',
      what: `an address with 150 places and one with ${attack.perSecond.toFixed(0)} tries a second: the configured client gets in`,
      found: `${percent(share)} of ${measured.tries}, p99 ${ms(measured.p99)}${measured.firstFailure === undefined ? '' : `; ${measured.firstFailure}`}`,
      goal: '100 %',
      met: measured.failures === 0,
    },
    {
      id: 'F-16',
      what: 'of 800 sockets that want to stay, those over a limit are refused, counted by reason',
      found: `${seen.refusals['address limit']} by address, ${seen.refusals.limit} in all`,
      goal: '≥ 250 and ≥ 350',
      met: seen.refusals['address limit'] >= 250 && seen.refusals.limit >= 350,
    },
  ]
}

/** F-26: memory runs out. */
export const memory: Scenario = async ({ short }) => {
  const limit = short ? 64 : 256
  using server = serverOf({ maxConnections: 18_000, heap: 0.9 }, [`--max-old-space-size=${limit}`])
  const port = await server.ask('port')
  using clients = clientOf(port)
  // Half an association each: what is held for peers that do not go on.
  const { held, refused } = await clients.ask('hold', short ? 6_000 : 18_000)
  const { asked, answered } = await clients.ask('readHeld', 200)
  const why = await server.ask('refusedWith')
  return [
    {
      id: 'F-26',
      what: `with ${limit} MB of heap: associations until newcomers are refused`,
      found: `${held}, then ${refused} refused: ${why[0] ?? 'memory was enough'}`,
      goal: 'refuses in words, or has enough',
      met: refused === 0 || why.some(text => text.startsWith('memory is short')),
    },
    {
      id: 'F-26',
      what: 'the server lives, those asked are answered',
      found: `${answered} of ${asked}${server.died ? `; ${server.died}` : ''}`,
      goal: 'all',
      met: server.died === undefined && answered === asked,
    },
  ]
}
