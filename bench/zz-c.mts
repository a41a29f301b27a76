import { readFileSync } from 'node:fs'
import { unhex } from '../packages/core/src/index.ts'
import { decodePdu } from '../packages/mms/src/asn1/pdu.ts'
const all = JSON.parse(readFileSync('/work/shared/bench/pdus.json','utf8')).pdus
let s:any
for (const l of 'ce') { const o = unhex(all.find((p:any)=>p.letter===l).mms); let best=1e9
for (let k=0;k<40;k++){ const t=process.hrtime.bigint(); for(let i=0;i<1000;i++) s=decodePdu(o); best=Math.min(best,Number(process.hrtime.bigint()-t)/1000) }
console.log(l,'alone',best) }
