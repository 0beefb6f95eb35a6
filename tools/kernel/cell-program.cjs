// Programs without a builder's records. tslab makes two for each cell, and TypeScript's own builder would look up, with
// a type checker of its own for each, what every file of either refers to; of all that only the cell's dependencies
// are read.

/**
 * Makes programs for a watch host, with what tslab reads of a builder and no more.
 *
 * @param ts - the TypeScript that tslab uses
 * @returns what a host has as `createProgram`
 */
function cellPrograms(ts) {
  return (...args) => {
    const builder = ts.createAbstractBuilder(...args);
    const program = builder.getProgram();
    // tslab takes the names that a cell declares from here.
    for (const name of program.getRootFileNames()) {
      const file = program.getSourceFile(name);
      if (file) ts.bindSourceFile(file, program.getCompilerOptions());
    }
    builder.getAllDependencies = (file) => dependencies(program, file);
    return builder;
  };
}

/** Names of a file and of all that it imports, however far. */
function dependencies(program, file) {
  const found = new Set([file]);
  for (const one of found) {
    one.resolvedModules?.forEach(({ resolvedModule }) => {
      const imported = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (imported) found.add(imported);
    });
  }
  return [...found].map(({ fileName }) => fileName);
}

module.exports = { cellPrograms };
