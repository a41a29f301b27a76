import {
  BOOLEAN,
  CHOICE,
  type Choice,
  CONSTRUCTED,
  explicit,
  implicit,
  LooseVisibleString,
  leaf,
  OCTET_STRING,
  SEQUENCE,
  SEQUENCE_OF,
  type Type,
} from '@x/ber'
import { ApplicationReference } from './application-reference.js'
import { Data } from './data.js'
import { ECState } from './event.js'
import { BareMMSString, Identifier, Integer32, MMSString, ObjectName, Unsigned32 } from './identifiers.js'
import { readText } from './text.js'
import { TimeOfDay } from './time.js'

/** ISO 9506-2, ReadJournal-Request. */
export interface ReadJournalRequest {
  readonly journalName: ObjectName
  /** Absent: from the oldest. */
  readonly rangeStartSpecification?: Choice<{ startingTime: TimeOfDay; startingEntry: Uint8Array }>
  /** Absent: to the newest. Entries are counted from the start, backwards where negative. */
  readonly rangeStopSpecification?: Choice<{ endingTime: TimeOfDay; numberOfEntries: number }>
  /** Only variables with these tags; absent: all. */
  readonly listOfVariables?: readonly string[]
  /** Where the last response ended. */
  readonly entryToStartAfter?: JournalPosition
}
export interface JournalPosition {
  readonly timeSpecification: TimeOfDay
  readonly entrySpecification: Uint8Array
}
export const ReadJournalRequest: Type<ReadJournalRequest> = SEQUENCE<ReadJournalRequest>('ReadJournal-Request', {
  journalName: explicit(0, ObjectName),
  rangeStartSpecification: explicit(
    1,
    CHOICE<NonNullable<ReadJournalRequest['rangeStartSpecification']>>('', {
      startingTime: implicit(0, TimeOfDay),
      startingEntry: implicit(1, OCTET_STRING),
    }),
  ).optional(),
  rangeStopSpecification: explicit(
    2,
    CHOICE<NonNullable<ReadJournalRequest['rangeStopSpecification']>>('', {
      endingTime: implicit(0, TimeOfDay),
      numberOfEntries: implicit(1, Integer32),
    }),
  ).optional(),
  listOfVariables: implicit(4, SEQUENCE_OF(LooseVisibleString)).optional(),
  entryToStartAfter: implicit(
    5,
    SEQUENCE<JournalPosition>('', { timeSpecification: implicit(0, TimeOfDay), entrySpecification: implicit(1, OCTET_STRING) }),
  ).optional(),
})

/** ISO 9506-1, Journal-Variable. */
export interface JournalVariable {
  /** Up to 255 characters. */
  readonly variableTag: string
  readonly valueSpecification: Data
  /** In the form of the edition of 1990, which had context tags here: as peers of minor version 1 send it, and read it. @default false */
  readonly firstEdition?: boolean
}
/** As either edition has it: for those who look at octets without knowing which. */
const EitherTag: Type<string> = leaf<string>({
  name: 'MMSString',
  as: MMSString,
  tags: [...BareMMSString.tags()!, 0x80, 0xa0],
  get: readText,
  put: (sdu, value, tag) => BareMMSString.codec().put(sdu, value, tag),
})
const DeclaredJournalVariable = SEQUENCE<Omit<JournalVariable, 'firstEdition'>>('Journal-Variable', {
  variableTag: EitherTag,
  valueSpecification: Data,
})
const FirstEditionVariable = SEQUENCE<Omit<JournalVariable, 'firstEdition'>>('', {
  variableTag: implicit(0, MMSString),
  valueSpecification: explicit(1, Data),
})
const TAG_OF_FIRST_EDITION = 0x80

/** The first tag inside tells the editions apart. */
export const JournalVariable: Type<JournalVariable> = leaf<JournalVariable>({
  name: 'Journal-Variable',
  as: DeclaredJournalVariable,
  tags: [0x30],
  get(reader, tag) {
    if (reader.position >= reader.end || (reader.octets[reader.position]! & ~CONSTRUCTED) !== TAG_OF_FIRST_EDITION) {
      return DeclaredJournalVariable.codec().get(reader, tag)
    }
    const { variableTag, valueSpecification } = FirstEditionVariable.codec().get(reader, tag)
    return { variableTag, valueSpecification, firstEdition: true }
  },
  put(sdu, value, tag) {
    const type = value.firstEdition ? FirstEditionVariable : DeclaredJournalVariable
    type.codec().put(sdu, value, tag)
  },
})

const ExplicitAnnotation = explicit(3, BareMMSString)
const ANNOTATION = 0xa3
const ANNOTATION_OF_FIRST_EDITION = 0x83

/** Annotation: explicit as in 2003; read also implicit, as the edition of 1990 had it. */
const Annotation: Type<string> = leaf<string>({
  name: 'MMSString',
  as: ExplicitAnnotation,
  tags: [ANNOTATION, ANNOTATION_OF_FIRST_EDITION],
  get(reader, tag) {
    if (tag === ANNOTATION_OF_FIRST_EDITION) return readText(reader, tag)
    return ExplicitAnnotation.codec().get(reader, tag)
  },
  put: (sdu, value, tag) => ExplicitAnnotation.codec().put(sdu, value, tag),
})

/** ISO 9506-2, EntryContent. */
export interface EntryContent {
  readonly occurrenceTime: TimeOfDay
  readonly entryForm: Choice<{ data: JournalData; annotation: string }>
}
export interface JournalData {
  readonly event?: JournalEvent
  readonly listOfVariables?: readonly JournalVariable[]
}
export interface JournalEvent {
  readonly eventConditionName: ObjectName
  readonly currentState: ECState
}
export const EntryContent: Type<EntryContent> = SEQUENCE<EntryContent>('EntryContent', {
  occurrenceTime: implicit(0, TimeOfDay),
  entryForm: CHOICE<EntryContent['entryForm']>('', {
    data: implicit(
      2,
      SEQUENCE<JournalData>('', {
        event: implicit(
          0,
          SEQUENCE<JournalEvent>('', { eventConditionName: explicit(0, ObjectName), currentState: implicit(1, ECState) }),
        ).optional(),
        listOfVariables: implicit(1, SEQUENCE_OF(JournalVariable)).optional(),
      }),
    ),
    annotation: Annotation,
  }),
})

/** ISO 9506-2, JournalEntry. */
export interface JournalEntry {
  readonly entryIdentifier: Uint8Array
  readonly originatingApplication: ApplicationReference
  readonly entryContent: EntryContent
}
export const JournalEntry: Type<JournalEntry> = SEQUENCE<JournalEntry>('JournalEntry', {
  entryIdentifier: implicit(0, OCTET_STRING),
  originatingApplication: explicit(1, ApplicationReference),
  entryContent: implicit(2, EntryContent),
})

/** ISO 9506-2, ReadJournal-Response. */
export interface ReadJournalResponse {
  readonly listOfJournalEntry: readonly JournalEntry[]
  /** @default false */
  readonly moreFollows: boolean
}
export const ReadJournalResponse: Type<ReadJournalResponse> = SEQUENCE<ReadJournalResponse>('ReadJournal-Response', {
  listOfJournalEntry: implicit(0, SEQUENCE_OF(JournalEntry)),
  moreFollows: implicit(1, BOOLEAN).default(false),
})

/** ISO 9506-2, WriteJournal-Request. */
export interface WriteJournalRequest {
  readonly journalName: ObjectName
  readonly listOfJournalEntry: readonly EntryContent[]
}
export const WriteJournalRequest: Type<WriteJournalRequest> = SEQUENCE<WriteJournalRequest>('WriteJournal-Request', {
  journalName: explicit(0, ObjectName),
  listOfJournalEntry: implicit(1, SEQUENCE_OF(EntryContent)),
})

/** ISO 9506-2, InitializeJournal-Request. */
export interface InitializeJournalRequest {
  readonly journalName: ObjectName
  /** Only what is older; absent: everything. */
  readonly limitSpecification?: JournalLimit
}
export interface JournalLimit {
  readonly limitingTime: TimeOfDay
  readonly limitingEntry?: Uint8Array
}
export const InitializeJournalRequest: Type<InitializeJournalRequest> = SEQUENCE<InitializeJournalRequest>('InitializeJournal-Request', {
  journalName: explicit(0, ObjectName),
  limitSpecification: implicit(
    1,
    SEQUENCE<JournalLimit>('', { limitingTime: implicit(0, TimeOfDay), limitingEntry: implicit(1, OCTET_STRING).optional() }),
  ).optional(),
})

/** ISO 9506-2, InitializeJournal-Response: how many entries were deleted. */
export const InitializeJournalResponse: Type<number> = Unsigned32

/** ISO 9506-2, ReportJournalStatus-Request: its name. */
export const JournalName: Type<ObjectName> = ObjectName

/** ISO 9506-2, ReportJournalStatus-Response. */
export interface ReportJournalStatusResponse {
  readonly currentEntries: number
  readonly mmsDeletable: boolean
  /** Only with `aco`, from minor version 3. */
  readonly accessControlList?: string
}
export const ReportJournalStatusResponse: Type<ReportJournalStatusResponse> = SEQUENCE<ReportJournalStatusResponse>(
  'ReportJournalStatus-Response',
  {
    currentEntries: implicit(0, Unsigned32),
    mmsDeletable: implicit(1, BOOLEAN),
    accessControlList: implicit(2, Identifier).optional(),
  },
)

/** ISO 9506-2, CreateJournal-Request and DeleteJournal-Request. */
export interface JournalRequest {
  readonly journalName: ObjectName
}
const named = (name: string): Type<JournalRequest> => SEQUENCE<JournalRequest>(name, { journalName: explicit(0, ObjectName) })
export const CreateJournalRequest: Type<JournalRequest> = named('CreateJournal-Request')
export const DeleteJournalRequest: Type<JournalRequest> = named('DeleteJournal-Request')
