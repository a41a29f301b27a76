import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = new URL('..', import.meta.url).pathname
/** Each package, and what it may import besides itself: core, ber and the layer below. */
const chain: Record<string, readonly string[]> = {
  core: [],
  ber: ['core'],
  tls: ['core', 'ber'],
  tpkt: ['core'],
  cotp: ['core', 'tpkt'],
  'iso-session': ['core', 'cotp'],
  'iso-presentation': ['core', 'ber', 'iso-session'],
  acse: ['core', 'ber', 'iso-presentation'],
  mms: ['core', 'ber', 'acse'],
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'dist' || entry.name === 'node_modules' ? [] : filesUnder(path)
    return entry.name.endsWith('.ts') ? [path] : []
  })
}

const sources = ['packages', 'apps', 'bench', 'tools'].flatMap(filesUnder)
/** Helpers of a package's own tests; only those of core are for others. */
const isTestKit = (path: string) => /\/src\/testing\//.test(path) && !path.startsWith('packages/core/')
const product = sources.filter(path => /^packages\/[^/]+\/src\//.test(path) && !/\.test(-d)?\.ts$/.test(path) && !isTestKit(path))
const text = (path: string) => readFileSync(join(root, path), 'utf8')
/** The source without comments and string contents, so that words in docs do not count. */
const code = (path: string) =>
  text(path)
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1')
    .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''")
const importsOf = (path: string) => [...text(path).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1]!)
const offenders = (paths: readonly string[], breaks: (path: string) => unknown) => paths.filter(breaks)

/** Where promises may live: the async edge, the doors of each layer, TLS, the client and the server. */
const mayAwait = (path: string) =>
  /core\/src\/(async|node|testing)\/|\/src\/(open|node)\.ts$|mms\/src\/(client|server|node)|(acse|mms)\/src\/edge\/|packages\/tls\//.test(
    path,
  )
const mayUseNode = (path: string) => /packages\/((core|mms)\/src\/(node\/|testing\/fault-proxy)|tls\/)/.test(path)
const mayTellTime = (path: string) => /packages\/(core\/src\/(async\/|node\/|testing\/(fault-proxy|scripted-peer))|tls\/)/.test(path)

describe('the architecture', () => {
  test.each(Object.keys(chain))('@x/%s imports only what its place in the chain allows', name => {
    const allowed = [name, ...chain[name]!].map(other => `@x/${other}`)
    const strangers = product
      .filter(path => path.startsWith(`packages/${name}/`))
      .flatMap(path =>
        importsOf(path)
          .filter(from => !from.startsWith('.') && !from.startsWith('node:'))
          .filter(from => !allowed.some(ok => from === ok || from.startsWith(`${ok}/`)))
          .filter(from => !(name === 'ber' && path.endsWith('/asn1js.ts') && from === 'asn1js'))
          .filter(from => !(name === 'core' && path.includes('/testing/') && (from === 'vitest' || from === 'fast-check')))
          .map(from => `${path}: ${from}`),
      )
    expect(strangers).toEqual([])
    const manifest = JSON.parse(text(`packages/${name}/package.json`)) as { dependencies?: Record<string, string> }
    const declared = Object.keys(manifest.dependencies ?? {}).filter(dependency => dependency !== 'asn1js')
    expect(declared.every(dependency => allowed.includes(dependency))).toBe(true)
  })

  test('promises live only at the async edge', () => {
    expect(
      offenders(
        product.filter(path => !mayAwait(path)),
        path => /\bPromise\b|\basync\b|\bawait\b/.test(code(path)),
      ),
    ).toEqual([])
  })

  test('node: is imported only by @x/core/node and @x/tls', () => {
    expect(
      offenders(
        product.filter(path => !mayUseNode(path)),
        path => importsOf(path).some(from => from.startsWith('node:')),
      ),
    ).toEqual([])
  })

  test('RN-05: sockets are made in two places, each of which sets their listeners; TLS puts itself on top of those', () => {
    const makes = (path: string) => /\b(createServer|netConnect|tlsConnect|new (Socket|TLSSocket|Server))\s*\(/.test(code(path))
    const mayMake = (path: string) =>
      /core\/src\/(node\/(connect|listener|shared-read)|testing\/fault-proxy)\.ts$|packages\/tls\//.test(path)
    expect(
      offenders(
        product.filter(path => !mayMake(path)),
        path => makes(path) || importsOf(path).some(from => from === 'node:tls'),
      ),
    ).toEqual([])
  })

  test('no machine reads a clock', () => {
    const clock = /\bDate\.now\b|\bperformance\b|\bset(Timeout|Interval|Immediate)\b/
    expect(
      offenders(
        product.filter(path => !mayTellTime(path)),
        path => clock.test(code(path)),
      ),
    ).toEqual([])
  })

  test('files have one idea each: at most 400 lines, asn1 declarations exempt', () => {
    const long = sources.filter(path => !path.includes('/asn1')).map(path => [path, text(path).split('\n').length] as const)
    expect(long.filter(([path, lines]) => lines > (path.endsWith('.test.ts') ? 700 : 410))).toEqual([])
  })

  test('no enum, no default export, no bare Error', () => {
    expect(offenders(product, path => /^\s*(export\s+)?(const\s+)?enum\s/m.test(code(path)))).toEqual([])
    expect(offenders(product, path => /^export default/m.test(code(path)))).toEqual([])
    expect(
      offenders(
        product.filter(path => !path.includes('/testing/')),
        path => /throw new Error\(/.test(code(path)),
      ),
    ).toEqual([])
  })

  test('every relative import names its file', () => {
    expect(
      sources.flatMap(path =>
        importsOf(path)
          .filter(from => from.startsWith('.') && !/\.(js|json)$/.test(from))
          .map(from => `${relative('.', path)}: ${from}`),
      ),
    ).toEqual([])
  })
})
