import { readFileSync } from 'node:fs'
import { Sdu, hex, unhex } from '/work/main/packages/core/src/index.ts'
import { decodePdu, decodeMmsPdu, encodeMmsPdu } from '/work/main/packages/mms/src/asn1/pdu.ts'
import * as asn1js from 'asn1js'
const all = JSON.parse(readFileSync('/work/shared/bench/pdus.json','utf8')).pdus.filter((p:any)=>'abcde'.includes(p.letter??'z'))
// typed walk of asn1js tree: approximate only (tree cost dominates)
const latin = (u: any) => Buffer.from(u).toString('latin1')
const cases: any[] = []
for (const p of all) {
  const o = unhex(p.mms)
  const pdu = decodeMmsPdu(o)
  const s = new Sdu(); encodeMmsPdu(pdu, s)
  console.log(p.letter, o.length, s.length, hex(s.octets(),'')===p.mms)
  const ab = new Uint8Array(o).buffer
  const tree = asn1js.fromBER(ab).result
  cases.push({ n: 'dec '+p.letter, f: () => decodeMmsPdu(o) })
  cases.push({ n: 'pdu '+p.letter, f: () => decodePdu(o) })
  cases.push({ n: 'enc '+p.letter, f: () => { const s = new Sdu(512); encodeMmsPdu(pdu, s); return s } })
  if (!process.env.NOASN) cases.push({ n: 'asn1js dec '+p.letter, f: () => asn1js.fromBER(ab) })
  if (!process.env.NOASN) cases.push({ n: 'asn1js enc '+p.letter, f: () => tree.toBER() })
}
let sink: any
function time(f: any, ms: number) { let n=0; const t=process.hrtime.bigint(); const end=t+BigInt(ms*1e6); let now=t; while(now<end){ for(let i=0;i<20;i++) sink=f(); n+=20; now=process.hrtime.bigint() } return Number(now-t)/n }
for (const c of cases) { time(c.f, 60); c.r=[] }
for (const c of cases) time(c.f, 30)
const R = Number(process.env.R ?? 9)
for (let r=0;r<R;r++) for (const c of cases) c.r.push(time(c.f, 12))
const med = (a:number[]) => [...a].sort((x,y)=>x-y)[a.length>>1]!
const M: any = {}
for (const c of cases) M[c.n]=med(c.r)
for (const l of 'abcde') { console.log(l, 'dec', M['dec '+l]?.toFixed(0), 'decodePdu', M['pdu '+l]?.toFixed(0), 'enc', M['enc '+l]?.toFixed(0), 'asn1js/dec', (M['asn1js dec '+l]/M['dec '+l]).toFixed(0), 'asn1js/enc', (M['asn1js enc '+l]/M['enc '+l]).toFixed(0)) }
