/** Packs every package, installs each alone from the tarballs into an empty folder, and loads all its entry points. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Record<string, unknown>
  readonly dependencies?: Record<string, string>
}

const root = new URL('..', import.meta.url).pathname
const scratch = mkdtempSync(join(tmpdir(), 'pack-'))
const packages = new Map<string, { manifest: Manifest; tarball: string }>()
const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })

/** The package and all of ours that it needs. */
function withNeeds(name: string, found = new Set<string>()): Set<string> {
  found.add(name)
  for (const needed of Object.keys(packages.get(name)!.manifest.dependencies ?? {})) if (packages.has(needed)) withNeeds(needed, found)
  return found
}

try {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const cwd = join(root, 'packages', folder)
    const manifest = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')) as Manifest
    run('npx', ['--yes', 'pnpm@12.21.0', 'pack', '--pack-destination', scratch], cwd)
    packages.set(manifest.name, { manifest, tarball: join(scratch, `x-${folder}-${manifest.version}.tgz`) })
  }
  for (const [name, { manifest }] of packages) {
    const folder = join(scratch, name.replace('/', '-'))
    mkdirSync(folder)
    const needs = [...withNeeds(name)]
    const local = Object.fromEntries(needs.map(needed => [needed, `file:${packages.get(needed)!.tarball}`]))
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, type: 'module', dependencies: { [name]: local[name] }, overrides: local }),
    )
    run('npm', ['install', '--no-audit', '--no-fund', '--silent'], folder)
    const strangers = readdirSync(join(folder, 'node_modules')).filter(entry => !entry.startsWith('.') && entry !== '@x')
    const allowed =
      name === '@x/core' || name === '@x/tpkt' || name === '@x/cotp' || name === '@x/iso-session' ? [] : ['@peculiar', 'asn1js', 'tslib']
    const unexpected = strangers.filter(entry => !allowed.includes(entry))
    if (unexpected.length > 0) throw new Error(`${name} brings ${unexpected.join(', ')}`)
    const entries = Object.keys(manifest.exports).filter(entry => !entry.endsWith('.json') && entry !== './testing')
    const program = entries.map(entry => `await import(${JSON.stringify(name + entry.slice(1))})`).join('\n')
    run('node', ['--input-type=module', '--eval', program], folder)
    console.log(
      `${name} ${manifest.version}: installs alone with ${needs.length - 1} of ours and ${strangers.length === 0 ? 'nothing else' : strangers.join(', ')}; ${entries.join(' ')} load`,
    )
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
