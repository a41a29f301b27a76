/**
 * Prints to `docs/pics.md` which services of ISO 9506-2:2003 our client asks for and our server answers, and who else has checked each.
 * The columns come from the code: the server's from its handlers, as an initiate announces them; the client's from the methods that a
 * client has; the peers' from the last interop run (`checked.json`, written by `npm run interop -- --services`). `--check` fails when
 * the print is stale.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { joinedChannels } from '@x/core/testing'
import { domainFileHandlers, fullNameOf, type MmsClient, MmsServer, type Pics, picsOf, WHOLE_OF_MMS } from '@x/mms'
import { openMms } from '@x/mms/open'

/** By service: the peers whose servers answered ours, and whose clients asked ours, in the last interop run. */
type Checked = Record<string, { readonly servers: readonly string[]; readonly clients: readonly string[] }>

type Sections = readonly (readonly [string, readonly Row[]])[]

interface Row {
  readonly tag: number | undefined
  readonly name: string
  /** How a server has it: it answers, or it asks its clients. */
  readonly server: 'yes' | 'asks' | 'no'
  /** What a client writes; `answers`: it answers the server. */
  readonly client: string | undefined
}

async function main(): Promise<number> {
  const server = new MmsServer({ model: { identity: { vendorName: '', modelName: '', revision: '' } }, services: 'all', files: noFiles })
  const { a, b } = joinedChannels()
  const accepting = server.accept(b)
  const mms = await openMms(a, { initiate: WHOLE_OF_MMS, handlers: domainFileHandlers(noFiles) })
  const association = await accepting
  const announced = new Set<string>([...mms.negotiated.servicesSupportedPeer])
  const pics = picsOf(server)
  // What the page says is what went over the wire.
  const unannounced = pics.confirmed.filter(
    ({ name, served }) => served && name !== 'additionalService' && name !== 'changeAccessControl' && !announced.has(name),
  )
  if (unannounced.length > 0) throw new TypeError(`served, but not announced: ${unannounced.map(({ name }) => name).join(', ')}`)
  const sections = sectionsOf(
    pics,
    callsOf(mms),
    new Set([...mms.negotiated.servicesSupportedOwn, ...association.negotiated.additionalSupportedPeer.map(fullNameOf)]),
  )
  mms.abort()
  const text = page(pics, sections)
  const path = new URL('../../docs/pics.md', import.meta.url)
  console.log(summary(sections).join('\n'))
  if (!process.argv.includes('--check')) writeFileSync(path, text)
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    console.error('docs/pics.md is stale: run `npm run docs`')
    return 1
  }
  return 0
}

/** A store that is never opened: for what is announced. */
const noFiles = {
  open: () => Promise.reject(new TypeError('not opened')),
  list: () => [],
  delete: async () => {},
  rename: async () => {},
  create: () => Promise.reject(new TypeError('not opened')),
} as never

/** The methods of a client and of its groups of services, by name, each as one writes it. */
function callsOf(mms: MmsClient): Map<string, string> {
  const calls = new Map<string, string>()
  for (const [name, descriptor] of membersOf(mms)) {
    if (typeof descriptor.value === 'function') calls.set(name, `mms.${name}`)
    const group: unknown = descriptor.get?.call(mms)
    if (typeof group !== 'object' || group === null) continue
    for (const [inner, { value }] of membersOf(group))
      if (typeof value === 'function' && !calls.has(inner)) calls.set(inner, `mms.${name}.${inner}`)
  }
  return calls
}

function membersOf(object: object): [string, PropertyDescriptor][] {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype === null || prototype === Object.prototype) return []
  return [...membersOf(prototype as object), ...Object.entries(Object.getOwnPropertyDescriptors(prototype as object))]
}

/** @param answers services that a client has announced: additional ones by their full names, others by those of their bits */
function rowsOf(services: Pics['confirmed'], calls: ReadonlyMap<string, string>, answers: ReadonlySet<string>): Row[] {
  return services.map(({ tag, name, served, asked }) => {
    const call = calls.get(name === 'additionalService' ? 'additional' : name)
    return {
      tag,
      name,
      server: served ? 'yes' : asked ? 'asks' : 'no',
      client: call === undefined ? (asked && answers.has(name) ? 'answers' : undefined) : `\`${call}\``,
    }
  })
}

function share(rows: readonly Row[]): string {
  const count = (wanted: (row: Row) => boolean) => `${rows.filter(wanted).length}/${rows.length}`
  return `client ${count(({ client }) => client !== undefined)}, server ${count(({ server }) => server !== 'no')}`
}

function sectionsOf(pics: Pics, calls: ReadonlyMap<string, string>, answers: ReadonlySet<string>): Sections {
  const unconfirmed = pics.unconfirmed.map(
    ({ tag, name, served }): Row => ({
      tag,
      name,
      server: served ? 'yes' : 'no',
      client: answers.has(name) ? `\`mms.on('${name}', …)\`` : undefined,
    }),
  )
  return [
    ['Confirmed services', rowsOf(pics.confirmed, calls, answers)],
    ['Additional services, inside additionalService', rowsOf(pics.additional, calls, answers)],
    ['Unconfirmed services', unconfirmed],
  ]
}

function summary(sections: Sections): string[] {
  return sections.map(([title, rows]) => `${title}: ${share(rows)}`)
}

function page(pics: Pics, sections: Sections): string {
  const checked = JSON.parse(readFileSync(new URL('./checked.json', import.meta.url), 'utf8')) as Checked
  const lines = [
    '# Services of ISO 9506-2:2003 (PICS)',
    '',
    "Printed from the code by `npm run docs`: what a server with `services: 'all'` and `files` announces, and what a client has a method for. A server",
    'of yours announces what it has handlers for; `picsOf(server)` of `@x/mms` gives the same for it. "Checked with" names other implementations that',
    'gave the right answer to our client, or got theirs from our server, in the last run of `npm run interop`; all else is self-tested only. The PDUs of',
    'the services up to 77 are read by tshark as well (`npm run oracle`). Where a server "asks", as for the segments of a download, the client answers.',
    '',
  ]
  for (const [title, rows] of sections) {
    lines.push(`## ${title}: ${share(rows)}`, '', '| tag | service | client | server | checked with |', '|---|---|---|---|---|')
    for (const { tag, name, server, client } of rows) {
      const { servers = [], clients = [] } = checked[name] ?? {}
      const with_ = [
        servers.length > 0 ? `servers: ${servers.join(', ')}` : '',
        clients.length > 0 ? `clients: ${clients.join(', ')}` : '',
      ].filter(Boolean)
      lines.push(`| ${tag} | ${name} | ${client ?? 'no'} | ${server} | ${with_.join('; ') || 'self-tested only'} |`)
    }
    lines.push('')
  }
  lines.push(
    '## Environment',
    '',
    `| | |`,
    '|---|---|',
    `| minor version | ${pics.versionNumber} |`,
    `| parameter building blocks | ${pics.parameterCBB.join(', ')} |`,
    `| additional building blocks | ${pics.additionalCBB.join(', ') || 'none'} |`,
    `| largest PDU, octets | ${pics.maxPduSize} |`,
    `| requests open at a time | ${pics.maxServOutstanding} |`,
    `| levels of arrays and structures | ${pics.dataStructureNestingLevel} |`,
    ...pics.environment.map(({ name, served }) => `| ${name} | ${served ? 'yes' : 'no'} |`),
    '',
  )
  return lines.join('\n')
}

process.exitCode = await main()
