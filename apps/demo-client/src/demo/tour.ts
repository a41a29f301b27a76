import type { InformationReport, MmsClient, ReportQueue } from '@x/mms'
import { ReportReader } from '../client/reports.js'
import { describe } from '../commands/describe.js'
import { identify } from '../commands/identify.js'
import { names } from '../commands/names.js'
import { read } from '../commands/read.js'
import { status } from '../commands/status.js'
import { showReport } from '../commands/watch.js'
import { write } from '../commands/write.js'
import { POSITIONS } from '../device/bay.js'
import { isBroken, LayerExplainer } from '../explain/layers.js'
import { renderSpans } from '../render/spans.js'
import { overview } from './overview.js'
import { check, refusedBy, type Stage, TourFault } from './stage.js'

/** One stop of the tour. */
export interface Step {
  readonly title: string
  /** What does the same from a shell. */
  readonly command?: string
  readonly run: (stage: Stage, tour: TourState) => Promise<void>
}

/** What steps hand to later ones. */
export interface TourState {
  /** Reports since the association began. */
  readonly reports: ReportQueue<InformationReport>
  /** Packets sent by the client, in order. */
  readonly sent: readonly Uint8Array[]
}

const SETTING = 'BAY1CTRL/PTOC1$SP$StrVal$setMag$f'
const COMMAND = 'BAY1CTRL/CSWI1$CO$Pos$Oper$ctlVal'
const POSITION = 'BAY1CTRL/XCBR1$ST$Pos$stVal'
const SERIAL_NUMBER = 'BAY1CTRL/LPHD1$DC$PhyNam$serNum'
const OWN_LIST = 'aa:tour'
const PART = 'BAY1MEAS/Phases(1).u'
/** Milliseconds for a report to come. */
const PATIENCE = 3_000

/** The stops between associating and releasing. */
export const steps: readonly Step[] = [
  {
    title: 'Who are you, and how are you?',
    command: 'mms identify; mms status',
    async run({ context }) {
      await identify(context)
      await status(context, {})
    },
  },
  {
    title: 'Names',
    command: 'mms names; mms names BAY1MEAS --class list',
    async run({ context }) {
      await names(context, undefined, {})
      await names(context, 'BAY1MEAS', { class: 'list' })
    },
  },
  { title: 'Everything as a tree', command: 'mms browse --values', run: overview },
  {
    title: 'The type of a variable',
    command: 'mms describe BAY1MEAS/Phases',
    run: ({ context }) => describe(context, ['BAY1MEAS/Phases']),
  },
  {
    title: 'Read, whole variables and parts of them',
    command: "mms read BAY1MEAS/f 'BAY1MEAS/Phases(1).u' …",
    run: ({ context }) =>
      read(context, ['BAY1MEAS/f', PART, 'BAY1MEAS/Harmonics(4..6)', 'BAY1CTRL/XCBR1$ST$Pos', 'vmd:Uptime'], { types: true }),
  },
  {
    title: 'Write, and read back',
    command: `mms write '${SETTING}' 2.5 --verify`,
    async run({ context, mms }) {
      await write(context, [SETTING, '2.5'], { yes: true, verify: true })
      const value = await mms.readValue(SETTING)
      check(value.type === 'floatingPoint' && value.value.value === 2.5, 'the value read back')
    },
  },
  {
    title: 'What the device refuses',
    command: `mms write '${SETTING}' 99`,
    async run({ context }) {
      context.print(context.colours.dim('above the range of the setting, and a variable that is read-only:'))
      await refusedBy(write(context, [SETTING, '99', SERIAL_NUMBER, 'mine'], { yes: true }))
      context.print('', context.colours.dim('something that is not there, beside something that is:'))
      await refusedBy(read(context, ['BAY1MEAS/nothing', 'BAY1MEAS/f'], { types: true }))
    },
  },
  {
    title: 'A list of our own: defined, read, deleted',
    command: 'mms read --list LIST',
    async run({ context, mms }) {
      await mms.defineNamedVariableList(OWN_LIST, ['BAY1MEAS/f', 'BAY1MEAS/P', PART, POSITION])
      await read(context, [], { list: OWN_LIST, types: true })
      const { numberDeleted } = await mms.deleteNamedVariableList([OWN_LIST])
      check(numberDeleted === 1, 'one list deleted')
      context.talk(`${OWN_LIST} belonged to this association alone, and is deleted`)
    },
  },
  {
    title: 'Open the breaker, and be told',
    command: 'mms watch',
    async run({ context, mms }, { reports }) {
      await write(context, [COMMAND, 'false'], { yes: true })
      await reportOf(context, mms, reports, POSITIONS)
      const value = await mms.readValue(POSITION)
      check(value.type === 'bitString' && value.value.octets[0] === OPEN, 'the breaker is open')
      await reportOf(context, mms, reports, 'BAY1MEAS/Measurements')
      context.talk('the current is gone: nothing here is a fixed answer')
    },
  },
  {
    title: 'One PDU of this association, octet by octet',
    command: 'mms explain HEX',
    async run({ context, mms }, { sent }) {
      await mms.readValue(PART)
      const [section] = new LayerExplainer().explain(sent.at(-1)!)
      check(section !== undefined && !isBroken([section]), 'the PDU explains itself')
      context.print(context.colours.dim(`the request that read ${PART}:`))
      context.print(...renderSpans(section!, { colours: context.colours, width: context.io.columns, sources: false }))
    },
  },
]

/** The double point of a switch that is open: bits 01. */
const OPEN = 0b0100_0000

/** Waits for the next report of a list and shows it. */
async function reportOf(context: Stage['context'], mms: MmsClient, reports: ReportQueue<InformationReport>, list: string): Promise<void> {
  const reader = new ReportReader(mms)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TourFault(`no report of ${list} came within ${PATIENCE} ms`)), PATIENCE)
  })
  try {
    for (;;) {
      const { value, done } = await Promise.race([reports.next(), late])
      if (done) throw new TourFault('the association ended while a report was waited for')
      const report = await reader.read(value)
      if (report.name !== list) continue
      return showReport(context, report, 0)
    }
  } finally {
    clearTimeout(timer)
  }
}
