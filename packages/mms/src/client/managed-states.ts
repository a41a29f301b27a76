/** Where a managed client is. */
export type ManagedState =
  /** Not asked to connect yet. */
  | 'idle'
  /** An attempt is under way: connect, associate, and what the application does before calls go on. */
  | 'connecting'
  | 'connected'
  /** Waits before the next attempt. */
  | 'waiting'
  /** For ever: closed by the application, or given up. */
  | 'closed'

export type ManagedEvent =
  /** The application wants it to connect, or not to wait any longer. */
  | 'open'
  /** The association is there, and the application has done what it wanted to do first. */
  | 'opened'
  /** The attempt has failed; there may be another one. */
  | 'failed'
  /** The association has ended, whoever ended it. */
  | 'lost'
  /** The time to wait is over. */
  | 'due'
  /** No further attempt is wanted: there were enough, or the last error leaves no hope. */
  | 'given up'
  /** The application closes it. */
  | 'close'

export const managedStates: readonly ManagedState[] = ['idle', 'connecting', 'connected', 'waiting', 'closed']
export const managedEvents: readonly ManagedEvent[] = ['open', 'opened', 'failed', 'lost', 'due', 'given up', 'close']

/** The states of a managed client. An event without a cell changes nothing. */
export const managedTable: { readonly [S in ManagedState]: { readonly [E in ManagedEvent]?: ManagedState } } = {
  idle: { open: 'connecting', close: 'closed' },
  connecting: { opened: 'connected', failed: 'waiting', lost: 'waiting', 'given up': 'closed', close: 'closed' },
  connected: { lost: 'waiting', 'given up': 'closed', close: 'closed' },
  waiting: { open: 'connecting', due: 'connecting', close: 'closed' },
  closed: {},
}
