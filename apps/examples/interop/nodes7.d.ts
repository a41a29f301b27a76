/** What this check uses of nodes7, which brings no types. */
declare module 'nodes7' {
  interface Connection {
    initiateConnection(
      options: { host: string; port: number; rack?: number; slot?: number; timeout?: number },
      done: (error?: unknown) => void,
    ): void
    addItems(items: string | readonly string[]): void
    readAllItems(done: (bad: boolean, values: Record<string, unknown>) => void): void
    writeItems(items: string | readonly string[], values: unknown, done: (bad: boolean) => void): number
    dropConnection(done: () => void): void
  }
  const NodeS7: new (options?: { silent?: boolean; debug?: boolean }) => Connection
  // biome-ignore lint/style/noDefaultExport: it is a CommonJS module
  export default NodeS7
}
