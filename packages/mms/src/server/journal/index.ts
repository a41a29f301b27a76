import { NON_DELETABLE } from '../access.js'
import type { ServiceGroup } from '../groups.js'
import type { Scope } from '../objects.js'
import type { Vmd } from '../vmd.js'
import { addJournal, Journal } from './journal.js'
import { memoryJournal } from './memory-store.js'
import type { JournalModel } from './model.js'
import { readJournal } from './read-journal.js'
import { createJournal, deleteJournal, initializeJournal, reportJournalStatus, writeJournal } from './services.js'

/** Journal management, ISO 9506-1, 23. */
export const journalGroup: ServiceGroup = {
  handlers: { readJournal, writeJournal, initializeJournal, reportJournalStatus, createJournal, deleteJournal },
  isUsedBy: model =>
    [model, ...Object.values(model.domains ?? {})].some(({ journals }) => journals !== undefined) || model.newJournal !== undefined,
  build(vmd, model) {
    addJournals(vmd, vmd.vmdSpecific, model.journals)
    for (const [name, { journals }] of Object.entries(model.domains ?? {})) addJournals(vmd, vmd.domain(name)!.objects, journals)
  },
}

function addJournals(vmd: Vmd, scope: Scope, journals: Readonly<Record<string, JournalModel>> | undefined): void {
  for (const [name, { store = memoryJournal(), accessControlList = NON_DELETABLE }] of Object.entries(journals ?? {})) {
    addJournal(scope, new Journal(name, accessControlList, store, vmd.now))
  }
}
