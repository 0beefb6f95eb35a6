// An edit in src is live in the next cell: in the edited module, in all modules that depend on it, and in the names
// that earlier cells imported.
const { diagnosticPlace } = require("./failure.cjs");

/**
 * @param ts - the TypeScript that tslab uses
 * @param sources - built sources of the project
 * @param build - compiles src to dist unless dist is up to date; rejects with the compiler's messages in `details`
 */
function createLiveModules(ts, sources, build) {
  /** Names that cells imported from the project: name → `{ statement, value }`. */
  const imports = new Map();
  /** Stamps of the sources that dist was made of. */
  let known;
  /** Edited files whose modules are built, but not yet bound anew. */
  let pending = [];

  /**
   * Builds and loads edited modules, and binds the names imported from them anew.
   *
   * @param execute - runs code as a cell does, without a count
   * @param locals - what the cells so far have bound
   * @param failures - where `execute` leaves its error reports
   * @returns `{ isOk, edited }`
   */
  async function refresh(execute, locals, failures) {
    await buildEdited();
    if (pending.length === 0) return { isOk: true, edited: [] };
    const names = [...imports.keys()].filter((name) => locals[name] === imports.get(name).value);
    const isOk = await execute(names.map((name) => imports.get(name).statement).join("\n"));
    const edited = names.length > 0 ? pending : [];
    if (isOk) {
      pending = [];
      for (const name of names) imports.get(name).value = locals[name];
    } else {
      forgetMissing(names, locals, failures);
    }
    return { isOk, edited };
  }

  async function buildEdited() {
    const stamps = sources.stamps();
    const edited = known === undefined ? [] : differences(known, stamps);
    if (known !== undefined && edited.length === 0) return;
    await build().catch(({ message, details }) => {
      throw compilerError(details || message);
    });
    known = stamps;
    if (edited.length === 0) return;
    sources.reload();
    pending = [...new Set([...pending, ...edited])];
  }

  /** A name that its module no longer has must not go on with its old value. */
  function forgetMissing(names, locals, failures) {
    for (const place of failures.map(diagnosticPlace)) {
      if (place?.file !== "") continue;
      const name = names[place.line - 1];
      imports.delete(name);
      delete locals[name];
    }
  }

  /** Remembers what a cell that ran imported from the project. */
  function remember(code, locals) {
    const source = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022);
    for (const statement of source.statements) {
      if (!ts.isImportDeclaration(statement) || !statement.importClause) continue;
      const from = statement.moduleSpecifier.text;
      if (!from.startsWith(".")) continue;
      for (const [name, clause] of importedNames(statement.importClause)) {
        const text = `import ${clause} from ${JSON.stringify(from)};`;
        imports.set(name, { statement: text, value: locals[name] });
      }
    }
  }

  function importedNames(clause) {
    const names = [];
    if (clause.name) names.push([clause.name.text, clause.name.text]);
    const bindings = clause.namedBindings;
    if (bindings === undefined) return names;
    if (ts.isNamespaceImport(bindings)) {
      return [...names, [bindings.name.text, `* as ${bindings.name.text}`]];
    }
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      const type = clause.isTypeOnly || isTypeOnly ? "type " : "";
      names.push([name.text, `{ ${type}${(propertyName ?? name).text} as ${name.text} }`]);
    }
    return names;
  }

  return { refresh, remember };
}

/** Keys that only one of two maps has, or that have another value in each. */
function differences(before, after) {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}

function compilerError(text) {
  const error = new Error(text.split("\n", 1)[0]);
  error.name = "TypeScriptError";
  error.stack = `${error.name}: ${text.trimEnd()}`;
  return error;
}

module.exports = { createLiveModules };
