import type { ServiceGroup } from '../groups.js'
import { addSemaphores } from './semaphores.js'
import { semaphoreHandlers, semaphoreModifiers } from './services.js'

export type { SemaphoreEntry } from './entry.js'
export type { EntryState } from './entry-states.js'
export type { Semaphore } from './semaphore.js'
export { type SemaphoreModel, Semaphores, semaphoresOf } from './semaphores.js'

/** Semaphores: services 19 to 25, and the modifier attachToSemaphore. */
export const semaphoreGroup: ServiceGroup = {
  handlers: semaphoreHandlers,
  modifiers: semaphoreModifiers,
  parameters: ['tpy'],
  isUsedBy: ({ semaphores, domains = {} }) =>
    semaphores !== undefined || Object.values(domains).some(domain => domain.semaphores !== undefined),
  build: addSemaphores,
}
