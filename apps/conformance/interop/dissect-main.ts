import { dissect } from './dissect.js'

/** `dissect-main.ts <capture> <port>`: one JSON line per frame with protocol units in it, then one with the counts. Exit code 1 when a frame is malformed or unreassembled. */
const [file, port] = process.argv.slice(2)
const found = file === undefined ? undefined : await dissect(file, Number(port ?? 102))
if (found === undefined) {
  console.error('usage: dissect-main.ts <capture> <port>; needs tshark and a capture it can read')
  process.exit(3)
}
for (const frame of found.frames) if (frame.pdus.length > 0) console.log(JSON.stringify(frame))
console.log(
  JSON.stringify({ frames: found.frames.length, malformed: found.malformed, unreassembled: found.unreassembled, remarks: found.remarks }),
)
process.exit(found.malformed.length + found.unreassembled.length > 0 ? 1 : 0)
