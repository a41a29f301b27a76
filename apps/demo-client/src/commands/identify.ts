import type { Context } from '../context.js'
import { renderPairs } from '../render/table.js'
import { safe } from '../render/text.js'

/** `mms identify`: vendor, model, revision, and what was negotiated. */
export async function identify(context: Context): Promise<void> {
  await context.associated(async (mms, request) => {
    const { vendorName, modelName, revision, listOfAbstractSyntaxes } = await mms.identify(request)
    const { negotiated } = mms
    if (context.settings.json) {
      return context.printJson({ vendorName, modelName, revision, listOfAbstractSyntaxes, negotiated })
    }
    const pairs: [string, string][] = [
      ['vendor', safe(vendorName)],
      ['model', safe(modelName)],
      ['revision', safe(revision)],
    ]
    if (listOfAbstractSyntaxes?.length) pairs.push(['abstract syntaxes', listOfAbstractSyntaxes.join(', ')])
    pairs.push(
      ['PDU size', `${negotiated.maxPduSize} octets`],
      ['outstanding', `${negotiated.maxServOutstandingOwn} requests at a time`],
      ['nesting', `${negotiated.dataStructureNestingLevel} levels`],
      ['services', negotiated.servicesSupportedPeer.join(', ')],
      ['parameters', negotiated.parameterCBB.join(', ')],
    )
    context.print(...renderPairs(pairs, context.colours, context.io.columns))
  })
}
