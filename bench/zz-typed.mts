import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import * as A from 'asn1js'
import { Sdu, hex, unhex } from '../packages/core/src/index.ts'
import { decodePdu, decodeMmsPdu, encodeMmsPdu } from '../packages/mms/src/asn1/pdu.ts'
const td = new TextDecoder('latin1')
const dv = new DataView(new ArrayBuffer(8))
const raw = (n: any): Uint8Array => n.valueBlock.valueHexView
const kids = (n: any): any[] => n.valueBlock.value
const int = (o: Uint8Array) => { let v = (o[0]! << 24) >> 24; for (let i = 1; i < o.length; i++) v = v * 256 + o[i]!; return v }
const str = (o: Uint8Array) => td.decode(o)
function data(n: any): any {
  const t = n.idBlock.tagNumber
  switch (t) {
    case 1: return { type: 'array', value: kids(n).map(data) }
    case 2: return { type: 'structure', value: kids(n).map(data) }
    case 3: return { type: 'boolean', value: raw(n)[0] !== 0 }
    case 4: { const o = raw(n); return { type: 'bitString', value: { octets: o.slice(1), size: 8 * (o.length - 1) - o[0]! } } }
    case 5: return { type: 'integer', value: int(raw(n)) }
    case 6: return { type: 'unsigned', value: int(raw(n)) }
    case 7: { const o = raw(n); for (let i = 0; i < 4; i++) dv.setUint8(i, o[i + 1]!); return { type: 'floatingPoint', value: { formatWidth: 32, exponentWidth: 8, value: dv.getFloat32(0) } } }
    case 9: return { type: 'octetString', value: raw(n).slice() }
    case 10: return { type: 'visibleString', value: str(raw(n)) }
    case 12: { const o = raw(n); return { type: 'binaryTime', value: { milliseconds: ((o[0]! << 24) | (o[1]! << 16) | (o[2]! << 8) | o[3]!) >>> 0, days: (o[4]! << 8) | o[5]! } } }
    case 17: { const o = raw(n); return { type: 'utcTime', value: { seconds: ((o[0]! << 24) | (o[1]! << 16) | (o[2]! << 8) | o[3]!) >>> 0, fraction: (o[4]! << 16) | (o[5]! << 8) | o[6]!, quality: o[7]! } } }
  }
  throw new Error('tag ' + t)
}
const result = (n: any): any => n.idBlock.tagNumber === 0 ? { type: 'failure', value: int(raw(n)) } : { type: 'success', value: data(n) }
const name = (n: any): any => { const t = n.idBlock.tagNumber; return t === 1 ? { type: 'domainSpecific', value: { domainID: kids(n)[0].valueBlock.value, itemID: kids(n)[1].valueBlock.value } } : { type: t === 0 ? 'vmdSpecific' : 'aaSpecific', value: str(raw(n)) } }
const spec = (n: any): any => n.idBlock.tagNumber === 0 ? { type: 'listOfVariable', value: kids(n).map((x: any) => ({ variableSpecification: { type: 'name', value: name(kids(kids(x)[0])[0]) } })) } : { type: 'variableListName', value: name(kids(n)[0]) }
const walk: any = {
  a: (r: any) => { const [id, s] = kids(r); return { type: 'confirmedRequestPDU', value: { invokeID: id.valueBlock.valueDec, service: { type: 'read', value: { specificationWithResult: false, variableAccessSpecification: spec(kids(kids(s)[0])[0]) } } } } },
  b: (r: any) => { const [id, s] = kids(r); return { type: 'confirmedResponsePDU', value: { invokeID: id.valueBlock.valueDec, service: { type: 'read', value: { listOfAccessResult: kids(kids(s)[0]).map(result) } } } } },
  d: (r: any) => { const [id, s] = kids(r); const [l, m] = kids(s); return { type: 'confirmedResponsePDU', value: { invokeID: id.valueBlock.valueDec, service: { type: 'getNameList', value: { listOfIdentifier: kids(l).map((x: any) => x.valueBlock.value), moreFollows: m ? raw(m)[0] !== 0 : true } } } } },
  e: (r: any) => { const [s] = kids(r); const [v, l] = kids(s); return { type: 'unconfirmedPDU', value: { service: { type: 'informationReport', value: { variableAccessSpecification: spec(v), listOfAccessResult: kids(l).map(result) } } } } },
}
walk.c = walk.b
const C = (n: number, value: any[]) => new A.Constructed({ idBlock: { tagClass: 3, tagNumber: n }, value })
const P = (n: number, o: Uint8Array) => new A.Primitive({ idBlock: { tagClass: 3, tagNumber: n }, valueHex: o })
const intO = (v: number) => { const o: number[] = []; let r = v; do { o.unshift(r & 255); r = Math.floor(r / 256) } while (!((r === 0 && o[0]! < 128) || (r === -1 && o[0]! >= 128))); return Uint8Array.from(o) }
const bytes = (s: string) => { const o = new Uint8Array(s.length); for (let i = 0; i < s.length; i++) o[i] = s.charCodeAt(i); return o }
function eData(d: any): any {
  switch (d.type) {
    case 'structure': return C(2, d.value.map(eData))
    case 'array': return C(1, d.value.map(eData))
    case 'boolean': return P(3, Uint8Array.of(d.value ? 255 : 0))
    case 'bitString': { const o = new Uint8Array(d.value.octets.length + 1); o[0] = 8 * d.value.octets.length - d.value.size; o.set(d.value.octets, 1); return P(4, o) }
    case 'integer': return P(5, intO(d.value))
    case 'unsigned': return P(6, intO(d.value))
    case 'floatingPoint': { const o = new Uint8Array(5); o[0] = 8; new DataView(o.buffer).setFloat32(1, d.value.value); return P(7, o) }
    case 'octetString': return P(9, d.value)
    case 'visibleString': return P(10, bytes(d.value))
    case 'binaryTime': { const o = new Uint8Array(6); const w = new DataView(o.buffer); w.setUint32(0, d.value.milliseconds); w.setUint16(4, d.value.days); return P(12, o) }
    case 'utcTime': { const o = new Uint8Array(8); const w = new DataView(o.buffer); w.setUint32(0, d.value.seconds); w.setUint32(4, d.value.fraction * 256 + d.value.quality); return P(17, o) }
  }
}
const eName = (n: any) => n.type === 'domainSpecific' ? C(1, [new A.VisibleString({ value: n.value.domainID }), new A.VisibleString({ value: n.value.itemID })]) : P(0, bytes(n.value))
const eSpec = (v: any) => v.type === 'listOfVariable' ? C(0, v.value.map((x: any) => new A.Sequence({ value: [C(0, [eName(x.variableSpecification.value)])] }))) : C(1, [eName(v.value)])
const eRes = (r: any) => eData(r.value)
const enc: any = {
  a: (p: any) => C(0, [new A.Integer({ value: p.value.invokeID }), C(4, [C(1, [eSpec(p.value.service.value.variableAccessSpecification)])])]),
  b: (p: any) => C(1, [new A.Integer({ value: p.value.invokeID }), C(4, [C(1, p.value.service.value.listOfAccessResult.map(eRes))])]),
  d: (p: any) => C(1, [new A.Integer({ value: p.value.invokeID }), C(1, [C(0, p.value.service.value.listOfIdentifier.map((s: string) => new A.VisibleString({ value: s })))])]),
  e: (p: any) => C(3, [C(0, [eSpec(p.value.service.value.variableAccessSpecification), C(0, p.value.service.value.listOfAccessResult.map(eRes))])]),
}
enc.c = enc.b
const all = JSON.parse(readFileSync('/work/shared/bench/pdus.json','utf8')).pdus.filter((p:any)=>'abcde'.includes(p.letter??'z'))
const cases: any[] = []
let sink: any
for (const p of all) {
  const l = p.letter, o = unhex(p.mms)
  const pdu = decodeMmsPdu(o)
  const ab = o.buffer.slice(o.byteOffset, o.byteOffset + o.length)
  const theirs = walk[l](A.fromBER(ab).result)
  const s = new Sdu(); encodeMmsPdu(pdu, s)
  console.log(l, 'same value', JSON.stringify(theirs) === JSON.stringify(pdu), 'same octets', hex(new Uint8Array(enc[l](pdu).toBER()), '') === hex(s.octets(), ''))
  cases.push({ k: l + ' dec ours', f: () => decodePdu(o) })
  cases.push({ k: l + ' dec asn1js', f: () => walk[l](A.fromBER(ab).result) })
  cases.push({ k: l + ' enc ours', f: () => { const u = new Sdu(512); encodeMmsPdu(pdu, u); return u } })
  cases.push({ k: l + ' enc asn1js', f: () => enc[l](pdu).toBER() })
}
const batch = (c: any) => { const t = process.hrtime.bigint(); for (let i = 0; i < c.n; i++) sink = c.f(); return Number(process.hrtime.bigint() - t) / c.n }
for (const c of cases) { c.n = 20; batch(c); c.n = 200; const x = batch(c); c.n = Math.max(5, Math.round(12e6 / x)); batch(c); c.r = [] }
for (let r = 0; r < 15; r++) { const order = [...cases].sort(() => Math.random() - 0.5); for (const c of order) c.r.push(batch(c)) }
const med = (a: number[]) => [...a].sort((x, y) => x - y)[a.length >> 1]!
const by = Object.fromEntries(cases.map(c => [c.k, c.r]))
for (const l of 'abcde') for (const w of ['dec', 'enc']) {
  const ours = by[`${l} ${w} ours`], theirs = by[`${l} ${w} asn1js`]
  console.log(l, w, 'ours', med(ours).toFixed(0), 'asn1js', med(theirs).toFixed(0), 'ratio', med(ours.map((x: number, i: number) => theirs[i] / x)).toFixed(0))
}
