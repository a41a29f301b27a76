import { readFileSync } from 'node:fs'
import { PerformanceObserver } from 'node:perf_hooks'
import { unhex } from '../packages/core/src/index.ts'
import { decodePdu } from '../packages/mms/src/asn1/pdu.ts'
const all = JSON.parse(readFileSync('/work/shared/bench/pdus.json','utf8')).pdus
let gcn = 0, gct = 0
new PerformanceObserver(l => { for (const e of l.getEntries()) { gcn++; gct += e.duration } }).observe({ entryTypes: ['gc'] })
let s:any
for (const l of 'ce') { const o = unhex(all.find((p:any)=>p.letter===l).mms); 
for (let i=0;i<5000;i++) s=decodePdu(o)
const g:any = (globalThis as any).gc; g()
const m0 = process.memoryUsage(); const keep: any[] = []; for (let i=0;i<200;i++) keep.push(decodePdu(o)); const m1 = process.memoryUsage()
gcn=0;gct=0; const t=process.hrtime.bigint(); let best=1e9; for(let k=0;k<60;k++){ const t1=process.hrtime.bigint(); for(let i=0;i<1000;i++) s=decodePdu(o); best=Math.min(best,Number(process.hrtime.bigint()-t1)/1000) } const el=Number(process.hrtime.bigint()-t)/60000
await new Promise(r=>setTimeout(r,50))
console.log(l,'avg',el.toFixed(0),'best',best.toFixed(0),'heap/pdu',((m1.heapUsed-m0.heapUsed)/200).toFixed(0),'ext/pdu',((m1.arrayBuffers-m0.arrayBuffers)/200).toFixed(0),'gc',gcn,'gc ms',gct.toFixed(0), keep.length) }
