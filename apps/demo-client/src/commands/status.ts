import type { Context } from '../context.js'
import { renderPairs } from '../render/table.js'

export interface StatusOptions {
  readonly extended?: boolean
}

/** `mms status`: logical and physical status. */
export async function status(context: Context, options: StatusOptions): Promise<void> {
  await context.associated(async (mms, request) => {
    const found = await mms.status(options.extended === true, request)
    if (context.settings.json) return context.printJson(found)
    const pairs: [string, string][] = [
      ['logical', String(found.vmdLogicalStatus)],
      ['physical', String(found.vmdPhysicalStatus)],
    ]
    context.print(...renderPairs(pairs, context.colours, context.io.columns))
  })
}
