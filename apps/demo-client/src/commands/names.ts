import type { BasicObjectClass, ObjectClass } from '@x/mms'
import { refusalText } from '../client/bulk.js'
import type { Context } from '../context.js'
import { BadUsage, Failed } from '../errors.js'
import { ExitCode } from '../exit-codes.js'
import { renderTable } from '../render/table.js'
import { counted, safe } from '../render/text.js'

/** Classes as they are written on the command line, and as ISO 9506-2 has them. */
export const objectClasses: Readonly<Record<string, BasicObjectClass>> = {
  domain: 'domain',
  variable: 'namedVariable',
  list: 'namedVariableList',
  type: 'namedType',
  'scattered-access': 'scatteredAccess',
  semaphore: 'semaphore',
  'event-condition': 'eventCondition',
  'event-action': 'eventAction',
  'event-enrollment': 'eventEnrollment',
  journal: 'journal',
  program: 'programInvocation',
  'operator-station': 'operatorStation',
}

export interface NamesOptions {
  /** A key of `objectClasses`, or `all`. @default domains without a scope, variables with one */
  readonly class?: string
}

/** `mms names [scope]`: names of domains, or of the objects of a scope: a domain, `vmd:` or `aa:`. */
export async function names(context: Context, scope: string | undefined, options: NamesOptions): Promise<void> {
  const chosen = options.class ?? (scope === undefined ? 'domain' : 'variable')
  if (chosen !== 'all' && !Object.hasOwn(objectClasses, chosen)) {
    throw new BadUsage(`names: there is no class "${chosen}"`, `classes are all, ${Object.keys(objectClasses).join(', ')}`)
  }
  const objectScope = scopeOf(scope)
  await context.associated(async (mms, request) => {
    const list = async (name: string) => {
      const objectClass: ObjectClass = { type: 'basicObjectClass', value: objectClasses[name]! }
      const found: string[] = []
      for await (const one of mms.names(objectClass, objectScope, request)) found.push(one)
      return found
    }
    if (chosen !== 'all') {
      const found = await list(chosen)
      if (context.settings.json) return context.printJson({ scope: scope ?? 'vmd:', class: chosen, names: found })
      context.print(...found.map(safe))
      return context.talk(`${counted(found.length, chosen)} in ${scope ?? 'the VMD'}`)
    }
    const results = await Promise.all(
      Object.keys(objectClasses).map(async name => {
        try {
          return { class: name, names: await list(name) }
        } catch (error) {
          const failure = refusalText(error)
          if (failure === undefined) throw error
          return { class: name, error: failure }
        }
      }),
    )
    if (context.settings.json) return context.printJson({ scope: scope ?? 'vmd:', classes: results })
    const rows = results.flatMap(one => {
      if ('error' in one) return [[one.class, context.colours.red(one.error)]]
      return one.names.length === 0 ? [[one.class, context.colours.dim('none')]] : one.names.map(name => [one.class, safe(name)])
    })
    context.print(...renderTable([{ title: 'class' }, { title: 'name' }], rows, context.colours, undefined))
    if (results.every(one => 'error' in one)) throw new Failed(ExitCode.refused)
  })
}

type ObjectScope = { type: 'vmdSpecific'; value: null } | { type: 'aaSpecific'; value: null } | { type: 'domainSpecific'; value: string }

function scopeOf(text: string | undefined): ObjectScope {
  if (text === undefined || text === 'vmd:') return { type: 'vmdSpecific', value: null }
  if (text === 'aa:') return { type: 'aaSpecific', value: null }
  return { type: 'domainSpecific', value: text.endsWith('/') ? text.slice(0, -1) : text }
}
