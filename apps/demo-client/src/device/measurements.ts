import type { DomainModel, VariableModel } from '@x/mms'
import { bitsOf, toData, types } from '@x/mms'
import { type Attribute, fixed, held, shown, variableOf, within } from './attributes.js'
import type { BayProcess } from './process.js'

const PHASES = ['L1', 'L2', 'L3'] as const
const SENSORS = 24
const SAMPLES = 64
const HARMONICS = 25

/** The domain BAY1MEAS: plain MMS variables, arrays, structures, and each of the sixteen kinds of value. */
export function measurementDomain(bay: BayProcess): DomainModel {
  const measured = (read: () => number): Attribute => shown(types.float32, read)
  const total = (of: 'p' | 'q' | 's') => bay.phase(0)[of] + bay.phase(1)[of] + bay.phase(2)[of]
  const attributes: Record<string, Attribute> = {
    f: measured(() => bay.frequency),
    cosPhi: measured(() => bay.powerFactor),
    P: measured(() => total('p')),
    Q: measured(() => total('q')),
    S: measured(() => total('s')),
    I_N: measured(() => Math.abs(bay.phase(0).i - bay.phase(1).i) / 10),
    EnergyExact: shown(types.float64, () => bay.energy),
  }
  for (const [n, name] of PHASES.entries()) {
    attributes[`U_${name}`] = measured(() => bay.phase(n).u)
    attributes[`I_${name}`] = measured(() => bay.phase(n).i)
    attributes[`P_${name}`] = measured(() => bay.phase(n).p)
    attributes[`Q_${name}`] = measured(() => bay.phase(n).q)
    attributes[`THD_${name}`] = measured(() => 2.2 + n / 10 + bay.harmonic(5) / 10)
    attributes[`U_${name}_${PHASES[(n + 1) % 3]}`] = measured(() => bay.phase(n).u * Math.sqrt(3))
    attributes[`Limit_I_${name}`] = held(types.float32, 630, within(100, 1_250))
  }
  for (let n = 1; n <= SENSORS; n++) attributes[`Temp_${String(n).padStart(2, '0')}`] = measured(() => bay.temperature(n))
  Object.assign(attributes, arraysAndStructures(bay), everyKind(bay))
  const variables: Record<string, VariableModel> = Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, variableOf(attribute)]),
  )
  return {
    variables: { ...variables, Alarms: alarms(bay) },
    lists: {
      Measurements: { items: ['f', 'U_L1', 'U_L2', 'U_L3', 'I_L1', 'I_L2', 'I_L3', 'P', 'Q'].map(item => `BAY1MEAS/${item}`) },
      Overview: { items: ['BAY1MEAS/f', 'BAY1MEAS/P', 'BAY1MEAS/Phases(0).u', 'BAY1CTRL/XCBR1$ST$Pos$stVal'] },
    },
  }
}

function arraysAndStructures(bay: BayProcess): Record<string, Attribute> {
  const phase = types.structure({
    name: types.visibleString(-8),
    u: types.float32,
    i: types.float32,
    limits: types.structure({ low: types.float32, high: types.float32 }),
  })
  const event = types.structure({ number: types.unsigned(32), at: types.utcTime, text: types.mMSString(-64) })
  return {
    Phases: shown(types.array(3, phase), () =>
      PHASES.map((name, n) => ({ name, u: bay.phase(n).u, i: bay.phase(n).i, limits: { low: 10_400, high: 12_700 } })),
    ),
    Harmonics: shown(types.array(HARMONICS, types.float32), () => Array.from({ length: HARMONICS }, (_, n) => bay.harmonic(n + 1))),
    Waveform: shown(types.array(SAMPLES, types.float32), () =>
      Array.from({ length: SAMPLES }, (_, n) => Math.SQRT2 * bay.phase(0).u * Math.sin((2 * Math.PI * n) / SAMPLES)),
    ),
    LoadProfile: held(
      types.array(24, types.integer(16)),
      Array.from({ length: 24 }, (_, hour) => Math.round(300 + 90 * Math.sin(((hour - 7) * Math.PI) / 12))),
    ),
    Matrix: held(types.array(3, types.array(3, types.integer(32))), [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]),
    LastEvent: shown(event, () => ({
      number: bay.breaker.operations,
      at: new Date(bay.breaker.changed),
      text: `breaker ${bay.breaker.position}`,
    })),
  }
}

/** A variable for each kind of value that MMS has; `Alarms` is the packed array of boolean. */
function everyKind(bay: BayProcess): Record<string, Attribute> {
  return {
    Kind_boolean: held(types.boolean, true),
    Kind_bit_string: held(types.bitString(13), '1010000000001'),
    Kind_integer: held(types.integer(64), '-9007199254740993'),
    Kind_unsigned: held(types.unsigned(32), 4_294_967_295),
    Kind_float32: held(types.float32, -0.15625),
    Kind_float64: held(types.float64, Math.PI),
    Kind_octet_string: held(types.octetString(-64), '00 ff 10 a5'),
    Kind_visible_string: held(types.visibleString(-64), 'visible text'),
    Kind_mms_string: held(types.mMSString(-64), 'Größe Ω, 変電所'),
    Kind_generalized_time: shown(types.generalizedTime, () => new Date(bay.clock())),
    Kind_binary_time: shown(types.binaryTime, () => new Date(bay.clock())),
    Kind_time_of_day: shown(types.timeOfDay, () => new Date(bay.clock())),
    Kind_utc_time: shown(types.utcTime, () => new Date(bay.clock())),
    Kind_bcd: held(types.bcd(8), 20_260_131),
    Kind_obj_id: fixed(types.objId, '1.0.9506.2.1'),
  }
}

/** Sixteen alarms in two octets: an array of boolean goes as bits. */
function alarms(bay: BayProcess): VariableModel {
  const type = types.array(16, types.boolean)
  return {
    type,
    read: () => ({
      type: 'booleanArray',
      value: bitsOf(
        Array.from({ length: 16 }, (_, n) => ((n === 0 ? !bay.live : n === 5 && bay.temperature(5) > 45) ? '1' : '0')).join(''),
      ),
    }),
  }
}

/** The VMD's own variables. */
export function vmdVariables(bay: BayProcess): Record<string, VariableModel> {
  const seconds = types.unsigned(32)
  return {
    Clock: { type: types.utcTime, read: () => toData(new Date(bay.clock()), types.utcTime) },
    Uptime: { type: seconds, read: () => toData(Math.floor(bay.uptime / 1_000), seconds) },
    Note: { type: types.mMSString(-128), value: { type: 'mMSString', value: 'a virtual device: nothing is switched' } },
  }
}
