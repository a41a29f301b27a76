import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A row's id, such as `RC-07`, as test titles carry it. */
const ID = /\b(?:R?[TCSPAM]|N|F)-\d\d\b/g

/** The ids in the titles of a test file's suites and tests; what is skipped does not count. */
export function idsIn(file: string): Set<string> {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true)
  const ids = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const names = namesOf(node.expression)
      if (['describe', 'test', 'it'].includes(names[0]!)) {
        if (names.some(name => ['skip', 'skipIf', 'todo', 'fails'].includes(name))) return
        const [title] = node.arguments
        if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
          for (const [id] of title.getText(source).matchAll(ID)) ids.add(id)
        }
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return ids
}

/** `['test', 'each']` of `test.each(...)`. */
function namesOf(callee: ts.Expression): string[] {
  if (ts.isIdentifier(callee)) return [callee.text]
  if (ts.isPropertyAccessExpression(callee)) return [...namesOf(callee.expression), callee.name.text]
  if (ts.isCallExpression(callee)) return namesOf(callee.expression)
  return ['']
}
