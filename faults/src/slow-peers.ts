import type { Measured } from './client.js'
import { type ClientChild, clientOf, type Extent, type Finding, kib, ms, type Scenario, serverOf, sleep } from './scenario.js'

/** A CR of a usual client. */
const CR = '0300001611e00000000100c0010dc2020001c1020001'

/** Deadlines in milliseconds: those of the product, or shorter ones. */
function deadlines({ short }: Extent) {
  return short
    ? { firstOctetTimeout: 3_000, packetTimeout: 3_000, tsduTimeout: 4_000, associateTimeout: 6_000 }
    : { firstOctetTimeout: 10_000, packetTimeout: 10_000, tsduTimeout: 30_000, associateTimeout: 30_000 }
}

/** F-01: sockets that are open and silent. */
export const silent: Scenario = async extent => {
  const count = 1_000
  const due = deadlines(extent)
  using server = serverOf({ ...due, maxConnections: 2_000 })
  const port = await server.ask('port')
  using bad = clientOf(port)
  using good = clientOf(port)
  const alone = await warmUp(good)
  const before = await server.ask('look')
  await bad.ask('misbehave', { count })
  const during = await server.ask('look')
  // Only now: a collection like that of `look` is nothing that a client should be measured by.
  await good.ask('start', { kind: 'associate', every: 50 })
  await sleep(due.firstOctetTimeout + 1_500)
  const lives = await bad.ask('lives')
  const measured = await good.ask('stop')
  const after = await server.ask('look')
  const each = (during.memory - before.memory) / count
  return [
    {
      id: 'F-01',
      what: `${count} silent sockets: closed after`,
      found: `${lives.closed} of ${lives.opened}, ${ms(lives.least)} to ${ms(lives.most)}`,
      goal: `all, ${due.firstOctetTimeout} ± 1 000 ms`,
      met:
        lives.closed === count &&
        Math.abs(lives.least - due.firstOctetTimeout) < 1_000 &&
        Math.abs(lives.most - due.firstOctetTimeout) < 1_000,
    },
    { id: 'F-01', what: 'heap and buffers of each', found: kib(each), goal: '≤ 16 KiB', met: each <= 16_384 },
    goodOne('F-01', measured, alone),
    {
      id: 'F-01',
      what: 'connections left',
      found: String(after.connections),
      goal: '0',
      met: after.connections === 0,
    },
  ]
}

/** @returns how a good client fares when nothing else happens: on a busy machine that is no better */
async function warmUp(good: ClientChild): Promise<Measured> {
  for (const every of [0, 50]) {
    await good.ask('start', { kind: 'associate', every })
    await sleep(1_500)
    if (every === 0) await good.ask('stop')
  }
  return await good.ask('stop')
}

function goodOne(id: string, { tries, failures, p99, firstFailure }: Measured, alone: Measured): Finding {
  const why = firstFailure === undefined ? '' : `; ${firstFailure}`
  return {
    id,
    what: 'a good client meanwhile: associate, read, close',
    found: `${tries - failures} of ${tries}, p99 ${ms(p99)}, alone ${ms(alone.p99)}${why}`,
    goal: 'all, p99 < 100 ms',
    met: failures === 0 && p99 < 100,
  }
}

/** F-02: octets that come one by one, inside a TPKT, between the TPDUs of a TSDU, between CR and AARQ. */
export const slow: Scenario = async extent => {
  const count = 500
  const due = deadlines(extent)
  const places = [
    { where: 'inside a TPKT', first: '03000040', drip: '00', deadline: due.packetTimeout },
    { where: 'between the TPDUs of a TSDU', first: `${CR}0300000802f0000d`, drip: '0300000802f00000', deadline: due.tsduTimeout },
    { where: 'between CR and CN', first: CR, drip: undefined, deadline: due.associateTimeout },
  ]
  using server = serverOf({ ...due, maxConnections: 2_000 })
  const port = await server.ask('port')
  using good = clientOf(port)
  const alone = await warmUp(good)
  const bad = places.map(() => clientOf(port))
  try {
    await good.ask('start', { kind: 'associate', every: 50 })
    const begun = bad.map((child, i) => {
      const { first, drip } = places[i]!
      return child.ask('misbehave', { count: Math.ceil(count / 3), first, ...(drip ? { drip, every: extent.short ? 500 : 5_000 } : {}) })
    })
    await Promise.all(begun)
    await sleep(due.associateTimeout + 2_000)
    const findings: Finding[] = []
    for (const [i, { where, deadline }] of places.entries()) {
      const lives = await bad[i]!.ask('lives')
      findings.push({
        id: 'F-02',
        what: `${lives.opened} slow ones ${where}: closed after`,
        found: `${lives.closed} of ${lives.opened}, ${ms(lives.least)} to ${ms(lives.most)}`,
        goal: `all, ${deadline} ± 1 000 ms`,
        met: lives.closed === lives.opened && Math.abs(lives.least - deadline) < 1_000 && Math.abs(lives.most - deadline) < 1_000,
      })
    }
    findings.push(goodOne('F-02', await good.ask('stop'), alone))
    return findings
  } finally {
    for (const child of bad) child[Symbol.dispose]()
  }
}
