import { describe, expect, test } from 'vitest'
import { displayWidth } from '../render/text.js'
import { mms } from '../testing/harness.js'

describe('demo', () => {
  test('every step of the tour goes as it should, in less than 10 s, and nothing is said on standard error', async () => {
    const started = performance.now()
    const { code, out, err } = await mms(['demo'])
    expect([code, err]).toEqual([0, ''])
    expect(performance.now() - started).toBeLessThan(10_000)
    expect(out).toMatch(/All 12 steps went as they should, in \d\.\d s\./)
    for (const seen of [
      '→    22  COTP CR, connection request',
      'session CN · presentation CP · ACSE AARQ · MMS initiate-RequestPDU',
      'model        virtual bay controller',
      '2 domains, 429 variable names',
      '└─ structure of 4',
      'BAY1MEAS/Harmonics(4..6)',
      'BAY1CTRL/PTOC1$SP$StrVal$setMag$f  2.5    written  2.5',
      'object-value-invalid (11)',
      'object-access-denied (3)',
      'object-non-existent (10)',
      'aa:tour belonged to this association alone, and is deleted',
      'BAY1CTRL/XCBR1$ST$Pos$stVal  01',
      'service: read',
      '→    22  MMS conclude-RequestPDU',
      'session FN · ACSE RLRQ',
      'mms identify --host 192.0.2.7',
    ]) {
      expect(out).toContain(seen)
    }
    for (const line of out.split('\n')) {
      expect(line).toBe(line.trimEnd())
      expect(line).not.toContain('\u001b')
    }
  })

  test.each([80, 100, 120])('fits a terminal of %i columns', async columns => {
    const { code, out } = await mms(['demo'], { columns, env: { NO_COLOR: '1' } })
    expect(code).toBe(0)
    for (const line of out.split('\n')) expect([line, displayWidth(line) <= columns]).toEqual([line, true])
  })

  test('as JSON: the steps, and how they went', async () => {
    const { code, out } = await mms(['demo', '--json'])
    expect(code).toBe(0)
    const report = JSON.parse(out)
    expect(report).toMatchObject({ ok: true, steps: expect.any(Array) })
    expect(report.steps).toHaveLength(12)
  })

  test('a step that fails is named, and the exit code says so', async () => {
    const { code, out } = await mms(['demo', '--max-pdu', 500])
    expect(code).toBe(1)
    expect(out).toContain('initiate refused by the peer')
    expect(out).toContain('1 of 1 step failed: Associate, through all seven layers.')
    expect(JSON.parse((await mms(['demo', '--json', '--max-pdu', 500])).out)).toMatchObject({ ok: false, steps: [{ ok: false }] })
  })

  test('Ctrl-C ends it in order', async () => {
    const interrupt = new AbortController()
    const { Interrupted } = await import('../io.js')
    const { code, out } = await mms(['demo'], {
      signal: interrupt.signal,
      onOutput: text => text.includes('5. The type') && interrupt.abort(new Interrupted()),
    })
    expect(code).toBe(130)
    expect(out).toContain('Conclude and release')
  })
})
