/** What a client is to do over and over, ours and the peer's alike. `seconds`: for how long; at least once. */
export type Task = { readonly seconds: number } & (
  | { readonly task: 'associate' }
  | { readonly task: 'read' | 'overhead'; readonly domain: string; readonly item: string }
  | { readonly task: 'read ahead'; readonly domain: string; readonly item: string; readonly outstanding: number }
  | { readonly task: 'list'; readonly domain: string; readonly list: string; readonly members: number }
  /** Counts millions of octets. */
  | { readonly task: 'file'; readonly file: string; readonly size: number }
  /** Names, types and values of all variables. */
  | { readonly task: 'browse'; readonly variables: number }
)

/** What it did. */
export interface Done {
  readonly count: number
  readonly seconds: number
  /** Seconds of processor time of the client. */
  readonly cpu: number
}
