import type { DomainModel } from '@x/mms'
import { types } from '@x/mms'
import { type Attribute, fixed, type Group, held, shown, variableOf, within } from './attributes.js'
import { type BayProcess, positionBits, type Switch } from './process.js'

const quality = types.bitString(-13)
const text = types.visibleString(-255)
const GOOD = '0000000000000'

/** The domain BAY1CTRL: logical nodes in the manner of IEC 61850, each part a variable of its own as well. */
export function controlDomain(bay: BayProcess): DomainModel {
  const point = (type: typeof quality, read: () => unknown, changed: () => number = () => bay.started): Group => ({
    stVal: shown(type, read),
    q: fixed(quality, GOOD),
    t: shown(types.utcTime, () => new Date(changed())),
  })
  const status = (read: () => boolean, changed?: () => number): Group => point(types.boolean, read, changed)
  const enumerated = (value: number): Group => point(types.integer(8), () => value)
  const position = (which: Switch): Group =>
    point(
      types.bitString(2),
      () => positionBits[which.position],
      () => which.changed,
    )
  const device = (which: Switch): Group => ({
    ST: {
      Beh: enumerated(1),
      Loc: status(() => false),
      OpCnt: point(
        types.integer(32),
        () => which.operations,
        () => which.changed,
      ),
      Pos: position(which),
      BlkOpn: status(() => bay.blocks(which, 'open')),
      BlkCls: status(() => bay.blocks(which, 'closed')),
    },
    CF: { Pos: { ctlModel: fixed(types.integer(8), 1) } },
    DC: { NamPlt: { vendor: fixed(text, 'virtual'), d: fixed(text, which.name) } },
  })
  const control = (which: Switch): Group => {
    const oper = operation(bay, which)
    return {
      ST: { Beh: enumerated(1), Loc: status(() => false), Pos: position(which) },
      CO: { Pos: { Oper: oper } },
      CF: { Pos: { ctlModel: fixed(types.integer(8), 1), pulseTime: held(types.unsigned(32), 300, within(50, 5_000)) } },
    }
  }
  const interlocking = (which: Switch): Group => ({
    ST: { Beh: enumerated(1), EnaOpn: status(() => !bay.blocks(which, 'open')), EnaCls: status(() => !bay.blocks(which, 'closed')) },
  })
  const nodes: Record<string, Group> = {
    LLN0: {
      ST: { Mod: enumerated(1), Beh: enumerated(1), Health: enumerated(1), Loc: status(() => false) },
      CF: { Mod: { ctlModel: fixed(types.integer(8), 0) } },
      DC: {
        NamPlt: { vendor: fixed(text, 'virtual'), swRev: fixed(text, '1.0'), d: held(text, 'Feeder 1'), configRev: fixed(text, '1') },
      },
    },
    LPHD1: {
      ST: { PhyHealth: enumerated(1), Proxy: status(() => false) },
      DC: {
        PhyNam: {
          vendor: fixed(text, 'virtual'),
          model: fixed(text, 'bay controller'),
          hwRev: fixed(text, 'none'),
          serNum: fixed(text, 'VBC-0001'),
          location: held(text, 'Substation North, bay 1'),
        },
      },
    },
    XCBR1: device(bay.breaker),
    XSWI1: device(bay.isolator),
    XSWI2: device(bay.earthingSwitch),
    CSWI1: control(bay.breaker),
    CSWI2: control(bay.isolator),
    CSWI3: control(bay.earthingSwitch),
    CILO1: interlocking(bay.breaker),
    CILO2: interlocking(bay.isolator),
    CILO3: interlocking(bay.earthingSwitch),
    PTOC1: {
      ST: { Beh: enumerated(1), Str: protection(), Op: protection() },
      SP: {
        StrVal: { setMag: { f: held(types.float32, 1.2, within(0.1, 4)) } },
        OpDlTmms: { setVal: held(types.integer(32), 500, within(20, 60_000)) },
        TmMult: { setMag: { f: held(types.float32, 0.3, within(0.05, 1)) } },
      },
    },
    RREC1: {
      ST: { Beh: enumerated(1), AutoRecSt: enumerated(1), TrBlk: status(() => false) },
      SP: {
        Rec1Tmms: { setVal: held(types.integer(32), 300, within(100, 10_000)) },
        RecMax: { setVal: held(types.unsigned(8), 2, within(0, 4)) },
      },
    },
    GGIO1: {
      ST: Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`Ind${n + 1}`, status(() => bay.live && n % 3 === 0)])),
    },
  }
  return {
    componentsAsVariables: true,
    variables: Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, variableOf(node)])),
    lists: {
      LLN0$Positions: { items: ['XCBR1', 'XSWI1', 'XSWI2'].map(node => `BAY1CTRL/${node}$ST$Pos$stVal`) },
      LLN0$Settings: {
        items: ['PTOC1$SP$StrVal$setMag$f', 'PTOC1$SP$OpDlTmms$setVal', 'RREC1$SP$RecMax$setVal'].map(item => `BAY1CTRL/${item}`),
      },
    },
  }
}

/** Operate of a switch: `ctlVal` true closes it. Refused while it moves and by the interlocking. */
function operation(bay: BayProcess, which: Switch): Group {
  let asked = which.position === 'closed'
  const ctlVal: Attribute = {
    type: types.boolean,
    read: () => asked,
    write: value => {
      const close = value.value === true
      const to = close ? 'closed' : 'open'
      if (which.position !== to && bay.blocks(which, to)) return 'temporarily-unavailable'
      return () => {
        asked = close
        bay.operate(which, to)
      }
    },
  }
  return {
    ctlVal,
    origin: { orCat: held(types.integer(8), 3), orIdent: held(types.octetString(-64), new Uint8Array()) },
    ctlNum: held(types.unsigned(8), 0),
    T: held(types.utcTime, new Date(bay.started)),
    Test: held(types.boolean, false),
    Check: held(types.bitString(2), '00'),
  }
}

function protection(): Group {
  return {
    general: fixed(types.boolean, false),
    phsA: fixed(types.boolean, false),
    phsB: fixed(types.boolean, false),
    phsC: fixed(types.boolean, false),
    q: fixed(quality, GOOD),
  }
}
