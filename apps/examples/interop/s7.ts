import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { thisMachine } from '@x/conformance/programs'
import { type Setup, setUp } from '@x/conformance/setup'
import { hex, RefusedError } from '@x/core'
import NodeS7 from 'nodes7'
import { S7Client } from '../src/s7/client.js'
import { S7Error } from '../src/s7/pdu.js'
import { listenS7 } from '../src/s7/server.js'

/**
 * Whether @x/cotp alone carries S7: our client against a server of snap7, and clients of nodes7 and snap7 against our server.
 * Ends with 1 when something is wrong, and says loudly what could not be run.
 */
const host = '127.0.0.1'
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
/** Octet i is i modulo 256, as in snap7-server.py. */
const pattern = new Uint8Array(4_000).map((_, i) => i)

/** The C library, which the last wheels of 1.x carry; from 2.0 on the package is another implementation. */
const snap7 = {
  name: 'snap7',
  packaged: 'python-snap7==1.4.1',
  needs: ['python3', 'python3-venv'],
  install: (folder: string) => [
    ['python3', '-m', 'venv', folder],
    [`${folder}/bin/pip`, 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:', 'python-snap7==1.4.1'],
  ],
  proof: 'lib/*/site-packages/snap7/lib/libsnap7*',
}

async function main(): Promise<number> {
  const setup: Setup = await setUp(snap7, thisMachine(!process.argv.includes('--no-apt')), line => console.error(`s7: ${line}`))
  const checks: [string, () => Promise<string>][] = [['nodes7 client → our server', nodes7ToUs]]
  if ('folder' in setup) {
    const python = join(setup.folder, 'bin/python')
    checks.push(['our client → snap7 server', () => usToSnap7(python)], ['snap7 client → our server', () => snap7ToUs(python)])
  }
  let failed = 0
  for (const [title, check] of checks) {
    const started = Date.now()
    try {
      console.log(`pass  ${title}: ${await check()} (${Date.now() - started} ms)`)
    } catch (error) {
      failed++
      console.log(`FAIL  ${title}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }
  if ('notRun' in setup) console.log(`\n*** NOT RUN: snap7 (${snap7.packaged}), server and client: ${setup.notRun} ***\n`)
  return failed > 0 ? 1 : 0
}

async function usToSnap7(python: string): Promise<string> {
  const port = await freePort()
  const server = spawn(python, ['-B', here('snap7-server.py'), String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    await said(server, 'ready')
    await using client = await S7Client.connect({ host, port })
    same(await client.read(1, 3, 1_500), pattern.subarray(3, 1_503), 'the block read')
    const octets = new Uint8Array(700).fill(0xaa)
    await client.write(1, 100, octets)
    same(await client.read(1, 99, 702), Uint8Array.of(99, ...octets, 800 % 256), 'the block read back')
    const refusal = await client.read(7, 0, 4).catch((error: unknown) => error)
    if (!(refusal instanceof S7Error)) throw new Error(`a block that is not there: expected an S7Error, found ${String(refusal)}`)
    return `set up with PDUs of ${client.pduSize} octets, 1500 octets read, 700 written and read back, "${refusal.message}"`
  } finally {
    await ended(server)
  }
}

async function nodes7ToUs(): Promise<string> {
  const block = new Uint8Array(1_000)
  const view = new DataView(block.buffer)
  view.setFloat32(0, 1.5)
  view.setInt16(4, -1_234)
  for (let i = 0; i < 200; i++) view.setInt32(100 + 4 * i, 1_000 * i)
  await using server = await listenS7({ host, port: 0, blocks: new Map([[1, block]]) })
  const client = new NodeS7({ silent: true })
  await new Promise<void>((resolve, reject) =>
    client.initiateConnection({ host, port: server.port, rack: 0, slot: 2, timeout: 5_000 }, error => (error ? reject(error) : resolve())),
  )
  try {
    client.addItems(['DB1,REAL0', 'DB1,INT4', 'DB1,DINT100.200'])
    const read = () =>
      new Promise<Record<string, unknown>>((resolve, reject) =>
        client.readAllItems((bad, values) => (bad ? reject(new Error(`bad values: ${JSON.stringify(values)}`)) : resolve(values))),
      )
    const before = await read()
    equal(before['DB1,REAL0'], 1.5)
    equal(before['DB1,INT4'], -1_234)
    equal(JSON.stringify(before['DB1,DINT100.200']), JSON.stringify(Array.from({ length: 200 }, (_, i) => 1_000 * i)))
    await new Promise<void>((resolve, reject) =>
      client.writeItems('DB1,INT4', 4_321, bad => (bad ? reject(new Error('the write was refused')) : resolve())),
    )
    equal((await read())['DB1,INT4'], 4_321)
    equal(view.getInt16(4), 4_321)
  } finally {
    await new Promise<void>(resolve => client.dropConnection(resolve))
  }
  return '3 variables of 202 values read, one written and read back'
}

async function snap7ToUs(python: string): Promise<string> {
  const block = pattern.slice()
  await using server = await listenS7({ host, port: 0, blocks: new Map([[1, block]]) })
  const client = spawn(python, ['-B', here('snap7-client.py'), String(server.port)], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [pduSize, read, readBack, refusal] = (await output(client)).split('\n')
  equal(read, hex(pattern.subarray(3, 1_503), ''))
  equal(readBack, `63${'bb'.repeat(700)}20`)
  if (!refusal?.startsWith('DB 7: ')) throw new Error(`a block that is not there: ${refusal}`)
  const wrongSlot = await S7Client.connect({ host, port: server.port, slot: 5 }).catch((error: unknown) => error)
  if (!(wrongSlot instanceof RefusedError)) throw new Error(`a wrong slot: expected a RefusedError, found ${String(wrongSlot)}`)
  return `set up with PDUs of ${pduSize} octets, 1500 octets read, 700 written and read back`
}

function same(found: Uint8Array, expected: Uint8Array, what: string): void {
  if (hex(found) !== hex(expected)) throw new Error(`${what}: expected ${hex(expected)}, found ${hex(found)}`)
}

function equal(found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`expected ${String(expected)}, found ${String(found)}`)
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const probe = createServer().listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Waits for a line of a program; at most ten seconds. */
function said(child: ChildProcess, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => reject(new Error(`the program did not say "${line}" within 10 s`)), 10_000)
    const settle = (run: () => void) => {
      clearTimeout(patience)
      run()
    }
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes(line)) settle(resolve)
    })
    child.once('exit', code => settle(() => reject(new Error(`the program ended with ${code}`))))
  })
}

function output(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => child.kill('SIGKILL'), 20_000)
    let text = ''
    let complaints = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      complaints += chunk.toString()
    })
    child.once('close', code => {
      clearTimeout(patience)
      if (code === 0) resolve(text)
      else reject(new Error(`the program ended with ${code}: ${text}${complaints}`))
    })
  })
}

/** Closes the input of a program, which ends it; kills it when that does not help. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.stdin?.end()
  const patience = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await gone
  clearTimeout(patience)
}

process.exitCode = await main()
