import { createServer, type Socket } from 'node:net'
import { acceptWhen, passwordMechanism } from '@x/acse'
import { ServiceError, TimeoutError, UsageError } from '@x/core'
import { afterAll, describe, expect, test } from 'vitest'
import { NotAssociated } from './errors.js'
import { failureOf } from './failure.js'
import { Interrupted } from './io.js'
import { mms, startDevice } from './testing/harness.js'

const servers: { close(): void }[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

/** A port where something listens that is no MMS. */
function listening(onSocket: (socket: Socket) => void): Promise<number> {
  return new Promise(resolve => {
    const server = createServer(socket => {
      socket.on('error', () => {})
      onSocket(socket)
    })
    servers.push(server)
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
}

async function freePort(): Promise<number> {
  const device = await startDevice()
  await device[Symbol.asyncDispose]()
  return device.port
}

describe('what a user is told when there is no association', () => {
  test('nothing listens', async () => {
    const port = await freePort()
    expect(await mms(['identify', '--port', port])).toEqual({
      code: 3,
      out: '',
      err: `mms: no TCP connection to 127.0.0.1:${port}: nothing listens there (ECONNREFUSED)
  layer       network (TCP_ECONNREFUSED)
  try         check --host and --port: MMS listens on 102, over TLS on 3782
              for a device to try with: mms serve --port 10102, then mms --port 10102 identify
`,
    })
  })

  test.each([
    ['transport', { transport: { accept: () => 3 } }, 'cotp (COTP_REFUSED)', 'address unknown (DR reason 3)', '--called-tsel'],
    [
      'session',
      { session: { accept: () => 129 as const } },
      'session (SESSION_REFUSED)',
      'selector unknown (RF reason 129)',
      '--called-ssel',
    ],
    [
      'presentation',
      { presentation: { acceptAddress: () => 3 as const } },
      'presentation (PRESENTATION_REFUSED)',
      'provider-reason 3',
      '--called-psel',
    ],
  ])('a wrong %s selector: the layer, the reason, what was offered, and what to try', async (_, options, layer, reason, advice) => {
    await using device = await startDevice(options as never)
    const { code, err } = await mms(['identify', '--port', device.port, '--called-tsel', '0102', '--called-psel', 'none'])
    expect(code).toBe(3)
    expect(err).toContain(`layer       ${layer}`)
    expect(err).toContain(reason)
    expect(err).toContain("by          the device's protocol machine")
    expect(err).toContain('offered     called: TSEL 01 02, SSEL 00 01, PSEL none')
    expect(err).toContain(advice)
  })

  test('a title that the device does not know', async () => {
    await using device = await startDevice({ acse: { accept: acceptWhen({ called: { apTitles: ['1.1.1.999.9'] } }) } })
    const args = ['identify', '--port', device.port, '--called-ap-title']
    const wrong = await mms([...args, '1.1.1.999.1', '--called-ae-qualifier', 12])
    expect(wrong.code).toBe(3)
    expect(wrong.err).toContain('called-AP-title-not-recognized')
    expect(wrong.err).toContain('AP title 1.1.1.999.1, AE qualifier\n              12')
    expect(wrong.err).toContain('answered    result: rejected-permanent, source acse-service-user')
    expect(wrong.err).toContain('--called-ap-title, --called-ae-qualifier')
    expect((await mms([...args, '1.1.1.999.9', '--called-ae-qualifier', 12])).code).toBe(0)
  })

  test('a password: missing, wrong, right; it is never shown', async () => {
    await using device = await startDevice({
      acse: { accept: acceptWhen({ authentication: { mechanisms: [passwordMechanism({ peer: 'open sesame' })] } }) },
    })
    const args = ['identify', '--port', device.port]
    expect((await mms(args)).err).toContain('authentication-required')
    const wrong = await mms([...args, '--password-env', 'PW', '-vv'], { env: { PW: 'wrongsecret' } })
    expect(wrong.code).toBe(3)
    expect(wrong.err).toContain('authentication-failure')
    expect(wrong.err).toContain('--password asks for it')
    expect(wrong.err).toContain('charstring hidden')
    expect(wrong.err).not.toContain('wrongsecret')
    expect(wrong.err).not.toContain(Buffer.from('wrongsecret').toString('hex').match(/../g)!.slice(0, 8).join(' '))
    expect((await mms([...args, '--password-env', 'PW'], { env: { PW: 'open sesame' } })).code).toBe(0)
    expect((await mms([...args, '--password'], { answers: ['open sesame'] })).code).toBe(0)
  })

  test('the initiate is refused by MMS', async () => {
    await using device = await startDevice()
    const { code, err } = await mms(['identify', '--port', device.port, '--max-pdu', 128])
    expect(code).toBe(3)
    expect(err).toContain('layer       mms (MMS_REFUSED)')
    expect(err).toContain('MMS: PDU size 128')
    expect(err).toContain('--max-pdu 32000')
  })

  test('silence, HTTP, and a connection that is closed at once', async () => {
    const silent = await mms(['identify', '--timeout', '200ms', '--port', await listening(() => {})])
    expect(silent.code).toBe(3)
    expect(silent.err).toContain('not established within 200 ms')
    expect(silent.err).toContain('some devices are silent when a selector is wrong')
    const http = await mms([
      'identify',
      '--port',
      await listening(socket => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n'))),
    ])
    expect(http.code).toBe(3)
    expect(http.err).toContain('something that does not speak MMS listens there')
    const closed = await mms(['identify', '--port', await listening(socket => socket.once('data', () => socket.end()))])
    expect(closed.code).toBe(3)
    expect(closed.err).toContain('many devices end the connection when a selector or a title is not theirs')
  })

  test('X-07: as JSON on standard output, and nothing on standard error', async () => {
    const { code, out, err } = await mms(['identify', '--json', '--port', await freePort()])
    expect([code, err]).toEqual([3, ''])
    expect(JSON.parse(out).error).toMatchObject({
      exitCode: 3,
      layer: 'network',
      code: 'TCP_ECONNREFUSED',
      advice: [expect.any(String), expect.any(String)],
    })
  })

  test('Ctrl-C while it is being made: exit code 130', async () => {
    const interrupt = new AbortController()
    const port = await listening(() => setTimeout(() => interrupt.abort(new Interrupted()), 50))
    expect(await mms(['identify', '--port', port], { signal: interrupt.signal })).toEqual({ code: 130, out: '', err: 'mms: interrupted\n' })
  })
})

describe('what a user is told on an association', () => {
  test('a request that is not answered in time: exit code 4', async () => {
    await using device = await startDevice({ handlers: { identify: () => new Promise(() => {}) } })
    const { code, err } = await mms(['identify', '--timeout', '300ms', '--port', device.port])
    expect(code).toBe(4)
    expect(err).toContain('mms (REQUEST_TIMEOUT)')
    expect(err).toContain('a longer --timeout')
  })

  test('Ctrl-C while an answer is under way: exit code 130, and the association is released in order all the same', async () => {
    const interrupt = new AbortController()
    await using device = await startDevice({
      handlers: {
        identify: async () => {
          interrupt.abort(new Interrupted())
          await new Promise(resolve => setTimeout(resolve, 100))
          return { response: { vendorName: '', modelName: '', revision: '' } }
        },
      },
    })
    const { code, err } = await mms(['identify', '--port', device.port], { signal: interrupt.signal })
    expect([code, err]).toEqual([130, 'mms: interrupted\n'])
    await expect.poll(() => device.ends).toEqual(['ReleasedError'])
  })

  test('an association that is lost: exit code 4, and no advice on selectors', async () => {
    await using device = await startDevice({
      handlers: {
        identify: (_, association) => {
          association.abort()
          return { response: { vendorName: '', modelName: '', revision: '' } }
        },
      },
    })
    const { code, err } = await mms(['identify', '--port', device.port])
    expect(code).toBe(4)
    expect(err).toContain('aborted by the acse-service-user')
    expect(err).not.toContain('--called-tsel')
  })

  test('a service that the device does not have is rejected: exit code 1', async () => {
    await using device = await startDevice({ handlers: { status: false } })
    const { code, err } = await mms(['status', '--port', device.port])
    expect(code).toBe(1)
    expect(err).toContain('status rejected by the peer')
    expect(err).toContain('unrecognized-service')
  })
})

describe('bad usage', () => {
  test.each([
    [['nothing'], "mms: unknown command 'nothing'"],
    [['identify', '--horse'], "mms: unknown option '--horse'"],
    [['identify', '--port', '70000'], 'Expected a whole number from 0 to 65535.'],
    [['identify', '--timeout', 'soon'], 'Expected a time above 0'],
    [['identify', '--called-tsel', 'xyz'], 'Expected octets as hex'],
    [['identify', '--called-ap-title', 'me'], 'Expected a dotted object identifier'],
    [['identify', '--tpdu-size', '1000'], 'Expected 128, 256'],
    [['identify', '--password', '--password-env', 'X'], '--password and --password-env exclude each other'],
    [['identify', '--password'], 'there is no terminal to ask on'],
    [['identify', '--password-env', 'NOT_SET'], 'this environment variable is not set'],
    [['describe'], "missing required argument 'item'"],
    [['serve', '--model', '/no/such/file.json'], 'model /no/such/file.json: ENOENT'],
  ])('%s', async (args, text) => {
    const { code, out, err } = await mms(args)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(text)
  })
})

describe('failureOf', () => {
  test('low ports that need a privilege: what to do', () => {
    const error = new UsageError('network', 'TCP_EACCES', 'cannot listen on 127.0.0.1:102')
    expect(failureOf(error).advice).toEqual([
      expect.stringContaining('mms serve --port 10102'),
      expect.stringContaining('ip_unprivileged_port_start'),
    ])
  })

  test('exit codes follow from what happened, and when', () => {
    const timeout = new TimeoutError('mms', 'REQUEST_TIMEOUT', 'late', { by: 'local provider' })
    expect(failureOf(timeout).exitCode).toBe(4)
    expect(failureOf(new NotAssociated(timeout, [])).exitCode).toBe(3)
    expect(failureOf(new ServiceError('mms', 'MMS_ACCESS_OBJECT_NON_EXISTENT', 'no', { by: 'peer', reason: 2 }))).toMatchObject({
      exitCode: 1,
      reason: 2,
    })
    expect(failureOf(new UsageError('mms', 'MMS_NAME', 'no name')).exitCode).toBe(2)
    expect(failureOf(new TypeError('x is not a function'))).toMatchObject({
      exitCode: 70,
      message: expect.stringContaining('fault of this program'),
    })
  })
})
