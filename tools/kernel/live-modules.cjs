// An edit in src is live in the next cell: in the edited module, in all modules that depend on it, and in the names
// that earlier cells imported. tslab alone reloads only the edited module, some time later, and only where a cell
// imports it anew.
const { statSync } = require("node:fs");
const path = require("node:path");
const { diagnosticPlace } = require("./failure.cjs");

/**
 * @param ts - the TypeScript that tslab uses
 * @param root - project folder; files of packages are taken as fixed
 */
function createLiveModules(ts, root) {
  /** Project files the compiler has read: file → `{ stamp, callbacks }`. */
  const watched = new Map();
  /** Compiled project modules: file → text. */
  const outputs = new Map();
  /** Names that cells imported from the project: name → `{ statement, value }`. */
  const imports = new Map();
  /** Edited files that are not yet loaded again. */
  const pending = new Set();

  // Asked before each cell instead of told by the system: nothing is missed, and nothing comes at the wrong time.
  ts.sys.watchFile = (file, callback) => {
    if (!isProjectFile(file)) return { close: () => {} };
    const entry = watched.get(file) ?? { stamp: stampOf(file), callbacks: new Set() };
    watched.set(file, entry);
    entry.callbacks.add(callback);
    return {
      close: () => {
        entry.callbacks.delete(callback);
        if (entry.callbacks.size === 0) watched.delete(file);
      },
    };
  };
  ts.sys.watchDirectory = () => ({ close: () => {} });

  function isProjectFile(file) {
    const relative = path.relative(root, file);
    return !relative.startsWith("..") && !relative.split(/[\\/]/).includes("node_modules");
  }

  function noticeEdits() {
    for (const [file, entry] of watched) {
      const stamp = stampOf(file);
      if (stamp === entry.stamp) continue;
      const kind = ts.FileWatcherEventKind[eventName(entry.stamp, stamp)];
      entry.stamp = stamp;
      pending.add(path.relative(root, file));
      for (const callback of [...entry.callbacks]) callback(file, kind);
    }
  }

  /** Lets a converter hand over all project modules when one of them was compiled again. */
  function followConverter(converter) {
    const convert = converter.convert;
    converter.convert = (...given) => {
      const result = convert(...given);
      if (!result.sideOutputs) return result;
      const isReload = result.sideOutputs.some((module) => outputs.has(module.path));
      for (const module of result.sideOutputs) outputs.set(module.path, module.data);
      if (!isReload) return result;
      const all = [...outputs].map(([file, data]) => ({ path: file, data }));
      return { ...result, sideOutputs: all };
    };
  }

  /**
   * Loads edited modules again and binds the names imported from them anew.
   *
   * @param execute - runs code as a cell does, without a count
   * @param locals - what the cells so far have bound
   * @param failures - where `execute` leaves its error reports
   * @returns `{ isOk, edited }`
   */
  async function refresh(execute, locals, failures) {
    noticeEdits();
    const edited = [...pending];
    const names = [...imports.keys()].filter((name) => locals[name] === imports.get(name).value);
    if (edited.length === 0 || names.length === 0) {
      pending.clear();
      return { isOk: true, edited: [] };
    }
    const isOk = await execute(names.map((name) => imports.get(name).statement).join("\n"));
    if (isOk) {
      pending.clear();
      for (const name of names) imports.get(name).value = locals[name];
    } else {
      forgetMissing(names, locals, failures);
    }
    return { isOk, edited };
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
    const isType = clause.isTypeOnly;
    if (clause.name) names.push([clause.name.text, clause.name.text]);
    const bindings = clause.namedBindings;
    if (bindings === undefined) return names;
    if (ts.isNamespaceImport(bindings)) {
      return [...names, [bindings.name.text, `* as ${bindings.name.text}`]];
    }
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      const type = isType || isTypeOnly ? "type " : "";
      names.push([name.text, `{ ${type}${(propertyName ?? name).text} as ${name.text} }`]);
    }
    return names;
  }

  return { followConverter, refresh, remember };
}

function stampOf(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

function eventName(before, after) {
  if (before === "") return "Created";
  return after === "" ? "Deleted" : "Changed";
}

module.exports = { createLiveModules };
