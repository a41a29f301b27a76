/** Prints what each package exports, names and signatures, to `packages/<name>/api.snap`. `--check` fails when a print is stale. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const root = new URL('..', import.meta.url).pathname
const check = process.argv.includes('--check')

interface Manifest {
  readonly name: string
  readonly exports: Record<string, string | { readonly types: string }>
}

/** The compiler writes the names of an inferred union in the order in which it met them, which differs from build to build. */
const INFERRED_UNION = /"[^"\n]*"(?: \| "[^"\n]*")+/g

/** The declarations of a symbol as written in the .d.ts, without comments. */
function declarations(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const printer = ts.createPrinter({ removeComments: true })
  const texts = (target.declarations ?? []).map(declaration => {
    const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
    return printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile())
  })
  return texts
    .map(text => text.replaceAll(/\bexport (declare )?/g, '').replaceAll(/^\s*private .*\n|^\s*#private;\n/gm, ''))
    .map(text => text.replaceAll(INFERRED_UNION, names => names.split(' | ').sort().join(' | ')))
    .join('\n')
}

let stale = 0
for (const folder of readdirSync(join(root, 'packages')).sort()) {
  const path = join(root, 'packages', folder)
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
  const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === 'object' ? [[name, join(path, target.types)] as const] : [],
  )
  const program = ts.createProgram(
    entries.map(([, file]) => file),
    { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, skipLibCheck: true, types: [] },
  )
  const checker = program.getTypeChecker()
  const sections = entries.map(([name, file]) => {
    const source = program.getSourceFile(file)
    if (!source) throw new Error(`${file} is not built: run npm run build first`)
    const module = checker.getSymbolAtLocation(source)
    const symbols = module ? checker.getExportsOfModule(module) : []
    const lines = symbols.map(symbol => `// ${symbol.name}\n${declarations(symbol, checker)}`).sort()
    return `${'='.repeat(8)} ${manifest.name}${name.slice(1)}\n\n${lines.join('\n\n')}\n`
  })
  const snap = join(path, 'api.snap')
  const text = sections.join('\n')
  const known = existsSync(snap) ? readFileSync(snap, 'utf8') : ''
  if (known === text) continue
  stale += 1
  if (check) console.error(`packages/${folder}/api.snap is stale: run npm run api, and look at what changed`)
  else writeFileSync(snap, text)
}
if (check && stale > 0) process.exit(1)
if (!check) console.log(`${stale} API report${stale === 1 ? '' : 's'} renewed`)
