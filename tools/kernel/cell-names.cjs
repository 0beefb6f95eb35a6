// A name of an earlier cell is one variable for all cells, however it is written. tslab keeps the names on `exports` and
// turns `name` in later cells into `exports.name`. It leaves out `{ name }`, turns the key in `const { key: other } =`
// as well, and lets functions of the cell that declares `let name` go on with a copy of their own, so that they do not
// see what later cells assign.

const EARLIER_CELLS = /(^|[\\/])__prev__\.d\.ts$/;
const THIS_CELL = /(^|[\\/])__tslab__\.ts$/;

/**
 * A transformer that mends this in the code of a cell. It runs before tslab's own, with the types already gone.
 *
 * @param ts - the TypeScript that tslab uses
 * @param checker - of the program that has the cell
 */
function liveNames(ts, checker) {
  const { factory } = ts;

  return (context) => (file) => {
    if (!THIS_CELL.test(file.fileName)) return file;
    const shared = sharedVariables(file);
    const visit = (node) => {
      if (ts.isExportDeclaration(node)) return node;
      if (ts.isShorthandPropertyAssignment(node)) return shorthand(node, shared, visit);
      if (ts.isIdentifier(node)) return identifier(node, shared);
      return ts.visitEachChild(node, visit, context);
    };
    const split = factory.updateSourceFile(file, file.statements.flatMap(oneByOne));
    return ts.visitEachChild(split, visit, context);
  };

  /** The `let` and `var` at the top of a cell that its functions use. The others stay local, where loops are fast. */
  function sharedVariables(file) {
    const found = new Set();
    const walk = (node, isDeferred) => {
      if (isDeferred && ts.isIdentifier(node)) {
        const symbol = variable(node);
        const { declarations = [] } = symbol ?? {};
        if (declarations.length > 0 && declarations.every(isTopVariable)) found.add(symbol);
      }
      const isLater = isDeferred || ts.isFunctionLike(node) || ts.isClassLike(node);
      ts.forEachChild(node, (child) => walk(child, isLater));
    };
    walk(file, false);
    return found;
  }

  function isTopVariable(node) {
    const declaration = declarationOf(node);
    if (!ts.isVariableDeclaration(declaration)) return false;
    if (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) return false;
    const statement = declaration.parent.parent;
    if (!ts.isVariableStatement(statement)) return false;
    return ts.isSourceFile(statement.parent) && THIS_CELL.test(statement.parent.fileName);
  }

  /** `let a = 1, b = a` as two statements: a name gets on `exports` behind its statement. */
  function oneByOne(statement) {
    if (!ts.isVariableStatement(statement)) return [statement];
    const { declarations, flags } = statement.declarationList;
    if (declarations.length === 1) return [statement];
    return declarations.map((declaration) => {
      const list = factory.createVariableDeclarationList([declaration], flags);
      return factory.createVariableStatement(statement.modifiers, list);
    });
  }

  /** `{ name }` as `{ name: exports.name }`, and `({ name = 1 } = …)` as `({ name: exports.name = 1 } = …)`. */
  function shorthand(node, shared, visit) {
    const { name, objectAssignmentInitializer } = node;
    const initial = objectAssignmentInitializer && ts.visitNode(objectAssignmentInitializer, visit);
    const symbol = variable(name);
    if (!isEarlier(symbol) && !isShared(symbol, name, shared)) {
      return factory.updateShorthandPropertyAssignment(node, name, initial);
    }
    const value = onExports(name);
    const assigned = initial === undefined ? value : factory.createAssignment(value, initial);
    return factory.createPropertyAssignment(unbound(name), assigned);
  }

  function identifier(node, shared) {
    const { parent } = node;
    const isBinding = parent !== undefined && ts.isBindingElement(parent);
    if (isBinding && parent.propertyName === node) return unbound(node);
    const declares = isBinding || (parent !== undefined && ts.isVariableDeclaration(parent));
    if (declares && parent.name === node) return node;
    return isShared(variable(node), node, shared) ? onExports(node) : node;
  }

  function isEarlier(symbol) {
    const { declarations = [] } = symbol ?? {};
    return declarations.some((node) => EARLIER_CELLS.test(node.getSourceFile().fileName));
  }

  /** Not so within the pattern that declares it: there it is not on `exports` yet. */
  function isShared(symbol, use, shared) {
    if (!shared.has(symbol)) return false;
    return !symbol.declarations.some((node) => {
      const { pos, end } = declarationOf(node);
      return ts.isBindingElement(node) && pos <= use.pos && use.end <= end;
    });
  }

  function variable(name) {
    return name.parent !== undefined && ts.isShorthandPropertyAssignment(name.parent)
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);
  }

  function declarationOf(node) {
    return ts.isBindingElement(node) ? declarationOf(node.parent.parent) : node;
  }

  function onExports(name) {
    const exports = factory.createIdentifier("exports");
    return factory.createPropertyAccessExpression(exports, unbound(name));
  }

  /** The same word, but not known to tslab as a use of the variable. */
  function unbound(name) {
    return factory.createIdentifier(name.text);
  }
}

module.exports = { liveNames };
