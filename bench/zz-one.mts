import { readFileSync } from 'node:fs'
import { Sdu, unhex } from '../packages/core/src/index.ts'
import { decodeMmsPdu, decodePdu, encodeMmsPdu } from '../packages/mms/src/asn1/pdu.ts'
const all = JSON.parse(readFileSync('/work/shared/bench/pdus.json','utf8')).pdus.filter((p:any)=>'abcde'.includes(p.letter??'z'))
const os = Object.fromEntries(all.map((p:any)=>[p.letter, unhex(p.mms)]))
let s:any
const pd = Object.fromEntries(all.map((p:any)=>[p.letter, decodeMmsPdu(os[p.letter])]))
for (let i=0;i<2000;i++) for (const l of 'abcde') { s=decodePdu(os[l]); const u = new Sdu(512); encodeMmsPdu(pd[l], u); }
const L = process.argv[2]!
const t0=process.hrtime.bigint(); let n=0
if (process.argv[3]==='enc') while (Number(process.hrtime.bigint()-t0)<3e9) { for (let i=0;i<100;i++) { const u = new Sdu(512); encodeMmsPdu(pd[L], u) } n+=100 }
else while (Number(process.hrtime.bigint()-t0)<3e9) { for (let i=0;i<100;i++) s=decodePdu(os[L]); n+=100 }
console.log(L, Number(process.hrtime.bigint()-t0)/n)
