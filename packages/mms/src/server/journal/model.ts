import type { JournalStore } from './store.js'

/** A journal that the server has from the beginning. */
export interface JournalModel {
  /** Where its entries are: `memoryJournal`, `journalLog` of `@x/mms/node`, or a store of your own. @default memoryJournal() */
  readonly store?: JournalStore
  /** The list that guards it: by default clients read and write it, and neither empty nor delete it. @default 'M_NonDeletable' */
  readonly accessControlList?: string
}
