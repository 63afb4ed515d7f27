// Reads TypeScript as a tree: what a file exports, and what its tests are called. Regular expressions would take a
// comment for a test.
import ts from 'typescript';

/** @param {string} path @param {string} text */
function parse(path, text) {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/**
 * The names a file declares and exports (re-exports are named where they are declared).
 * @param {string} path @param {string} text
 * @returns {string[]}
 */
export function exportedNames(path, text) {
  /** @type {string[]} */
  const names = [];
  for (const statement of parse(path, text).statements) {
    if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
      const clause = statement.exportClause;
      if (ts.isNamespaceExport(clause)) names.push(clause.name.text);
      else names.push(...clause.elements.map((element) => element.name.text));
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (!modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isVariableStatement(statement)) {
      names.push(...statement.declarationList.declarations.map((declaration) => declaration.name.getText()));
    } else if ('name' in statement && statement.name !== undefined) {
      names.push(/** @type {ts.Node} */ (statement.name).getText());
    }
  }
  return names;
}

/**
 * Whether every statement only passes on what another file declares.
 * @param {string} path @param {string} text
 */
export function onlyReexports(path, text) {
  return parse(path, text).statements.every(
    (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
  );
}

const testFunctions = new Set(['it', 'test', 'describe', 'story']);

/**
 * Titles of tests and of the groups around them.
 * @param {string} path @param {string} text
 * @returns {string[]}
 */
export function testTitles(path, text) {
  /** @type {string[]} */
  const titles = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && testFunctions.has(rootName(node.expression)) && node.arguments[0] !== undefined) {
      const title = node.arguments[0];
      if (ts.isStringLiteralLike(title)) titles.push(title.text);
      if (ts.isTemplateExpression(title)) titles.push(title.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return titles;
}

/** `it.each(rows)(title, …)` begins with `it` as well. @param {ts.Node} node @returns {string} */
function rootName(node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootName(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return rootName(node.tag);
  return '';
}
