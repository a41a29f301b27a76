import { readFileSync } from 'node:fs'
import { Sdu, unhex } from '../packages/core/src/index.ts'
import { decodeMmsPdu, decodePdu, encodeMmsPdu } from '../packages/mms/src/asn1/pdu.ts'
const all = JSON.parse(readFileSync('/work/shared/bench/pdus.json','utf8')).pdus.filter((p:any)=>'abcde'.includes(p.letter??'z'))
const os = Object.fromEntries(all.map((p:any)=>[p.letter, unhex(p.mms)]))
let s:any
const L = process.env.L ?? 'abcde'
const enc = process.env.ENC
const pd = Object.fromEntries(all.map((p:any)=>[p.letter, decodeMmsPdu(os[p.letter])]))
for (let i=0;i<3000;i++) for (const l of 'abcde') { s=decodePdu(os[l]); const u = new Sdu(512); encodeMmsPdu(pd[l], u); }
function t(f:any,n:number){const a=process.hrtime.bigint();for(let i=0;i<n;i++)f();return Number(process.hrtime.bigint()-a)/n}
for (const l of L) { const n = {a:200000,b:200000,c:10000,d:20000,e:10000}[l]!
 const r:number[]=[],e:number[]=[]
 for (let k=0;k<9;k++){ r.push(t(()=>{s=decodePdu(os[l])},n/9|0)); e.push(t(()=>{const u = new Sdu(512); encodeMmsPdu(pd[l], u)},n/9|0)) }
 r.sort((a,b)=>a-b);e.sort((a,b)=>a-b)
 console.log(l,'dec',r[4]!.toFixed(0),'min',r[0]!.toFixed(0),'enc',e[4]!.toFixed(0),'min',e[0]!.toFixed(0)) }
