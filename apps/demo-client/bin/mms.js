#!/usr/bin/env node
import { existsSync } from 'node:fs'

// A file that is there before the build, so that a package manager can link the command at once.
const built = new URL('../dist/main.js', import.meta.url)
if (existsSync(built)) {
  const { run } = await import(built.href)
  await run()
} else {
  process.stderr.write('mms: not built yet. Run `npm run build` in the root of the repository first.\n')
  process.exitCode = 2
}
