/** The first TypeScript example of a README. */
export interface Example {
  readonly source: string
  /** What the README says it prints: the block without a language that follows it. Undefined: it does not say. */
  readonly prints: string | undefined
}

/** @throws Error when there is none */
export function exampleOf(readme: string): Example {
  const lines = readme.split('\n')
  const start = lines.indexOf('```ts')
  if (start < 0) throw new Error('the README has no example')
  const end = lines.indexOf('```', start)
  const next = lines.findIndex((line, at) => at > end && line.startsWith('```'))
  const said = next >= 0 && lines[next] === '```' && next - end <= 4
  return {
    source: `${lines.slice(start + 1, end).join('\n')}\n`,
    prints: said ? lines.slice(next + 1, lines.indexOf('```', next + 1)).join('\n') : undefined,
  }
}
