import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { mms, type Run, type RunOptions } from '../testing/harness.js'

/** Runs `serve` in this process until the work with its port is done. */
async function serving(args: readonly string[], work: (port: number) => Promise<void>, options: RunOptions = {}): Promise<Run> {
  const interrupt = new AbortController()
  let ready: (port: number) => void
  const port = new Promise<number>(resolve => {
    ready = resolve
  })
  const running = mms(['serve', '--port', 0, ...args], {
    ...options,
    signal: interrupt.signal,
    onOutput(text) {
      const found = /on 127\.0\.0\.1:(\d+)|"port":(\d+)/.exec(text)
      if (found) ready(Number(found[1] ?? found[2]))
    },
  })
  try {
    const found = await Promise.race([port, running])
    if (typeof found === 'number') await work(found)
  } finally {
    interrupt.abort()
  }
  return running
}

describe('serve', () => {
  test('X-09: the bay controller for others, with a log of associations, until Ctrl-C', async () => {
    const { code, out, err } = await serving([], async port => {
      expect((await mms(['read', 'BAY1MEAS/Kind_bcd', '--port', port, '--calling-ap-title', '1.1.999'])).code).toBe(0)
    })
    expect([code, out]).toEqual([0, ''])
    expect(err).toContain('Serving the virtual bay controller on 127.0.0.1:')
    expect(err).toContain('--host 0.0.0.0 lets others in')
    expect(err).toMatch(/127\.0\.0\.1:\d+ {2}associated, AP title 1\.1\.999, PDU size 65000, 10 outstanding\n/)
    expect(err).toMatch(/127\.0\.0\.1:\d+ {2}released\n/)
    expect(err).toMatch(/Stopped\.\n$/)
  })

  test('--json: events on standard output', async () => {
    const { out, err } = await serving(['--json'], async port => {
      await mms(['identify', '--port', port])
    })
    expect(err).toBe('')
    expect(
      out
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toMatchObject([
      { event: 'ready', role: 'server', port: expect.any(Number) },
      { event: 'associated', remote: expect.any(String) },
      { event: 'released' },
    ])
  })

  test('--quiet says nothing of associations, -v shows every PDU', async () => {
    const identify = async (port: number) => void (await mms(['identify', '--port', port]))
    expect((await serving(['--quiet'], identify)).err).not.toContain('associated')
    expect((await serving(['-v'], identify)).err).toContain('MMS confirmed-ResponsePDU #1 identify')
  })

  test('selectors and a password that callers must have', async () => {
    const { err } = await serving(
      ['--called-tsel', '0002', '--called-ssel', '0003', '--called-psel', '04', '--password-env', 'PW'],
      async port => {
        const identify = (...args: string[]) => mms(['identify', '--port', port, ...args], { env: { PW: 'open sesame' } })
        expect((await identify()).err).toContain('cotp (COTP_REFUSED)')
        expect((await identify('--called-tsel', '0002')).err).toContain('session (SESSION_REFUSED)')
        expect((await identify('--called-tsel', '0002', '--called-ssel', '0003')).err).toContain('presentation (PRESENTATION_REFUSED)')
        const selectors = ['--called-tsel', '0002', '--called-ssel', '0003', '--called-psel', '04']
        expect((await identify(...selectors)).err).toContain('authentication-required')
        expect((await identify(...selectors, '--password-env', 'PW')).code).toBe(0)
      },
      { env: { PW: 'open sesame' } },
    )
    expect(err).toContain('callers must ask for tsel 00 02, ssel 00 03, psel 04')
    expect(err).toContain('refused: TSEL must be 00 02, called was 00 01')
    expect(err).toContain('refused: SSEL must be 00 03, called was 00 01')
    expect(err).toContain('refused: PSEL must be 04, called was 00 00 00 01')
    expect(err).toContain('refused: no password, or not the right one')
    expect(err).not.toContain('open sesame')
  })

  test('the size of PDUs and TPDUs', async () => {
    await serving(['--max-pdu', '2000', '--outstanding', '2', '--tpdu-size', '128'], async port => {
      const { out, err } = await mms(['identify', '--port', port, '-vv'])
      expect(out).toContain('PDU size     2000 octets\noutstanding  2 requests at a time')
      expect(err).toContain('TPDU size 128')
      expect(err).toContain('segment 1 of a TSDU')
    })
  })

  test('a port that is in use', async () => {
    await serving([], async port => {
      const { code, err } = await mms(['serve', '--port', port])
      expect(code).toBe(3)
      expect(err).toContain('another program listens there')
      expect(err).toContain('try         another --port')
    })
  })
})

describe('two programs', () => {
  const children: Child[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  type Child = ChildProcessByStdio<null, Readable, Readable>

  function start(...args: readonly (string | number)[]): Child {
    const program = fileURLToPath(new URL('../main.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '--conditions=source', program, ...args.map(String)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    return child
  }

  async function finish(child: Child): Promise<Run> {
    const streams = { out: '', err: '' }
    child.stdout.on('data', chunk => {
      streams.out += chunk
    })
    child.stderr.on('data', chunk => {
      streams.err += chunk
    })
    const [code] = await once(child, 'close')
    return { code, ...streams }
  }

  test('mms serve, and mms browse, read, write and watch against it; Ctrl-C ends both in order', { timeout: 60_000 }, async () => {
    const server = start('serve', '--port', 0, '--json', '--reports', 100)
    const events: { event: string; port?: number }[] = []
    const lines = createInterface({ input: server.stdout })
    lines.on('line', line => events.push(JSON.parse(line)))
    await expect.poll(() => events[0]?.port, { timeout: 20_000 }).toBeGreaterThan(0)
    const { port } = events[0]!
    const run = (...args: readonly (string | number)[]) => finish(start(...args, '--port', port!))
    const [browsed, read, watched] = await Promise.all([
      run('browse', 'BAY1CTRL', '--values'),
      run('read', 'BAY1MEAS/f', '--json'),
      run('watch', '--count', 2, '--json'),
    ])
    expect(browsed).toMatchObject({ code: 0, err: '' })
    expect(browsed.out.split('\n').length).toBeGreaterThan(300)
    expect(JSON.parse(read.out)[0].value).toBeCloseTo(50, 0)
    expect(watched.out.trimEnd().split('\n')).toHaveLength(2)
    expect((await run('write', 'vmd:Note', 'from another process', '--verify')).out).toContain('written  "from another process"')
    const watching = start('watch', '--port', port!)
    const ended = finish(watching)
    await once(watching.stdout, 'data')
    watching.kill('SIGINT')
    expect((await ended).code).toBe(0)
    await expect.poll(() => events.filter(({ event }) => event === 'released').length, { timeout: 5_000 }).toBe(5)
    server.kill('SIGINT')
    expect(await once(server, 'exit')).toEqual([0, null])
  })
})
