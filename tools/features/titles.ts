import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A row's id, such as `RC-07`, as test titles carry it. */
const ID = /\b(?:R?[TCSPAM]|[NFD])-\d\d\b/g

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
        const add = (text: ts.Node) => {
          for (const [id] of text.getText(source).matchAll(ID)) ids.add(id)
        }
        if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) add(title)
        // The first word of each row of a table stands in for the %s at the beginning of the title.
        for (const row of rowsOf(node.expression)) {
          const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row
          if (first && ts.isStringLiteralLike(first) && title?.getText(source).startsWith("'%s")) add(first)
        }
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return ids
}

/** The rows of the table in `test.each([...])`. */
function rowsOf(callee: ts.Expression): readonly ts.Expression[] {
  const table = ts.isCallExpression(callee) ? callee.arguments[0] : undefined
  const array = table && ts.isAsExpression(table) ? table.expression : table
  return array && ts.isArrayLiteralExpression(array) ? array.elements : []
}

/** `['test', 'each']` of `test.each(...)`. */
function namesOf(callee: ts.Expression): string[] {
  if (ts.isIdentifier(callee)) return [callee.text]
  if (ts.isPropertyAccessExpression(callee)) return [...namesOf(callee.expression), callee.name.text]
  if (ts.isCallExpression(callee)) return namesOf(callee.expression)
  return ['']
}
