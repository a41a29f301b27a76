import { inspect } from 'node:util'
import { HandTimers } from '@x/core/testing'
import { expect, test } from 'vitest'
import { entity } from '../test/certificates.js'
import { ca, client, rawClient, secureServer } from '../test/kit.js'
import { EVENTS_PER_MINUTE, EventLog, escapeControls, type SecurityEvent, subjectText } from './events.js'

test('TLS: events of one kind are limited to so many a minute, and counted exactly', () => {
  const timers = new HandTimers()
  const told: SecurityEvent[] = []
  const log = new EventLog(timers, event => told.push(event))
  for (let i = 0; i < 1000; i++) log.report({ id: 'handshake.timeout', seen: 'x' }, 'a:1')
  log.report({ id: 'crl.updated', seen: 'x' })
  expect(told.map(event => event.id)).toEqual([...Array(EVENTS_PER_MINUTE).fill('handshake.timeout'), 'crl.updated'])
  timers.advance(60_000)
  log.report({ id: 'handshake.timeout', seen: 'x' }, 'a:1')
  expect(told.at(-1)).toMatchObject({ id: 'handshake.timeout', suppressed: 940, sequence: 1002, severity: 'warning', peer: 'a:1' })
  expect(log.counts).toEqual({ 'handshake.timeout': 1001, 'crl.updated': 1 })
})

test('TLS: a log that fails changes nothing', () => {
  const log = new EventLog(new HandTimers(), () => {
    throw new TypeError('full')
  })
  log.report({ id: 'crl.updated', seen: 'x' })
  expect(log.counts).toEqual({ 'crl.updated': 1 })
})

test('TLS: what a peer chose has its control characters escaped, and a bounded length', () => {
  expect(escapeControls('a\nb\u001b[2J\u0085\u2028c')).toBe('a\\x0ab\\x1b[2J\\x85\\x2028c')
  expect(subjectText('CN=a\nO=b')).toBe('CN=a, O=b')
  expect(subjectText('x'.repeat(5000))).toHaveLength(256)
})

test('TLS: a subject with control characters does not write lines into a log', async () => {
  const { port, log, close } = await secureServer({ subjects: ['CN=nobody'] })
  await rawClient(port, await entity(ca, { name: 'a\\0Ab\\1B[2Jc' })).closed
  await expect.poll(() => log.events.length).toBe(1)
  const [event] = log.events
  expect(JSON.stringify([event!.subject, event!.text])).not.toMatch(/\p{Cc}|\\n|\\u00/u)
  expect(event!.subject).toContain('2Jc')
  await close()
})

test('TLS: a transport or listener that is printed shows no key', async () => {
  const { listener, close } = await secureServer({ passphrase: 'sesame' })
  const shown = inspect([listener, listener.transport], { depth: Number.POSITIVE_INFINITY, getters: true, showHidden: true })
  expect(shown + JSON.stringify(listener)).not.toMatch(/PRIVATE|sesame/)
  expect(shown).toContain('transport')
  await close()
})

test('TLS: neither keys nor certificates are in events or errors', async () => {
  const refused: Error[] = []
  const { port, log, close } = await secureServer({ subjects: ['CN=nobody'], onRefused: error => refused.push(error as Error) })
  await rawClient(port, client).closed
  await expect.poll(() => refused.length).toBe(1)
  const words = JSON.stringify([log.events, refused[0]!.message, { ...refused[0] }])
  for (const secret of [client.key, client.certificate]) expect(words).not.toContain(secret.split('\n')[1])
  expect(words).not.toMatch(/BEGIN|PRIVATE/)
  await close()
})
