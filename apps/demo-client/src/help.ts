import { type Command, Help } from 'commander'

/** What stands behind the options of a command, before the options that all commands have. */
const notes = new WeakMap<Command, string[]>()

/** Adds a block to the help of a command. */
export function addNote(command: Command, title: string, lines: readonly string[]): void {
  const own = notes.get(command) ?? []
  notes.set(command, [...own, [title, ...lines].join('\n')])
}

/** Options that every command has come last; commander puts them first. */
const GENERAL = ['Connection:', 'Output:', 'Association:', 'Options:', 'Global Options:']

/** The help of a command: what it is for, its own options, notes and examples, then what all commands have. */
export function formatHelp(command: Command, helper: Help): string {
  const blocks = Help.prototype.formatHelp.call(helper, command, helper).trimEnd().split('\n\n')
  const isGeneral = (block: string): boolean => {
    const title = block.slice(0, block.indexOf('\n'))
    return command.parent === null ? GENERAL.includes(title) : title === 'Global Options:'
  }
  const own = blocks.filter(block => !isGeneral(block))
  return `${[...own, ...(notes.get(command) ?? []), ...blocks.filter(isGeneral)].join('\n\n')}\n`
}
