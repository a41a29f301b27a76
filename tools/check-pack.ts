/**
 * Packs every package, installs each alone from the tarballs into an empty folder, loads all its entry points, and type-checks and runs the
 * first example of its README there. With names, such as `@x/cotp`: those alone.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleOf } from './readme-example.js'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Record<string, unknown>
  readonly dependencies?: Record<string, string>
}

const root = new URL('..', import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), 'pack-'))
const packages = new Map<string, { manifest: Manifest; tarball: string; readme: string }>()
const run = (command: string, args: string[], cwd: string, timeout?: number) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', ...(timeout && { timeout }) })

/** What each declared package of others may bring, itself included. */
const MAY_COME_WITH: Readonly<Record<string, readonly string[]>> = { asn1js: ['asn1js', '@peculiar', 'tslib'] }

/** Entry points that need a test runner; they are loaded by the tests. */
const needsTestRunner = ['./testing/suite']

/** The package and all of ours that it needs. */
function withNeeds(name: string, found = new Set<string>()): Set<string> {
  found.add(name)
  for (const needed of Object.keys(packages.get(name)!.manifest.dependencies ?? {})) if (packages.has(needed)) withNeeds(needed, found)
  return found
}

/** Packages of others that the named ones declare. */
function strangersOf(names: readonly string[]): string[] {
  const declared = names.flatMap(name => Object.keys(packages.get(name)!.manifest.dependencies ?? {}))
  return [...new Set(declared)].filter(name => !packages.has(name)).sort()
}

/** Compiles the example against the installed declarations, runs it, and compares what it prints with what the README says it prints. */
function runExample(folder: string, readme: string): string {
  const { source, prints } = exampleOf(readme)
  writeFileSync(join(folder, 'example.ts'), source)
  const options = ['--module', 'nodenext', '--target', 'es2023', '--lib', 'es2023,esnext.disposable', '--strict', '--types', 'node']
  const types = ['--typeRoots', join(root, 'node_modules/@types')]
  run(join(root, 'node_modules/.bin/tsc'), [...options, ...types, '--skipLibCheck', 'false', 'example.ts'], folder)
  const printed = run('node', ['example.js'], folder, 30_000)
  if (prints !== undefined && printed.trimEnd() !== prints) throw new Error(`the README says it prints\n${prints}\nit prints\n${printed}`)
  return prints === undefined ? `its example prints ${printed.trimEnd().split('\n').length} lines` : 'its example prints what it says'
}

try {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const cwd = join(root, 'packages', folder)
    const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as Manifest
    run('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', scratch], cwd)
    packages.set(manifest.name, {
      manifest,
      tarball: join(scratch, `x-${folder}-${manifest.version}.tgz`),
      readme: readFileSync(join(cwd, 'README.md'), 'utf8'),
    })
  }
  const only = process.argv.slice(2)
  for (const [name, { manifest, readme }] of packages) {
    if (only.length > 0 && !only.includes(name)) continue
    const folder = join(scratch, name.replace('/', '-'))
    mkdirSync(folder)
    const needs = [...withNeeds(name)]
    const local = Object.fromEntries(needs.map(needed => [needed, `file:${packages.get(needed)!.tarball}`]))
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: { [name]: local[name] }, overrides: local }),
    )
    run('npm', ['install', '--no-audit', '--no-fund', '--silent'], folder)
    const installed = readdirSync(join(folder, 'node_modules')).filter(entry => !entry.startsWith('.') && entry !== '@x')
    const strangers = strangersOf(needs)
    const unexpected = installed.filter(entry => !strangers.some(stranger => MAY_COME_WITH[stranger]?.includes(entry)))
    if (unexpected.length > 0) throw new Error(`${name} brings ${unexpected.join(', ')}`)
    const entries = Object.keys(manifest.exports).filter(entry => !entry.endsWith('.json') && !needsTestRunner.includes(entry))
    const program = entries.map(entry => `await import(${JSON.stringify(name + entry.slice(1))})`).join('\n')
    run('node', ['--input-type=module', '--eval', program], folder)
    const others = strangers.length === 0 ? 'nothing else' : strangers.join(', ')
    console.log(`${name} ${manifest.version}: installs alone with ${needs.length - 1} of ours and ${others}; ${entries.join(' ')} load`)
    console.log(`  ${runExample(folder, readme)}`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
