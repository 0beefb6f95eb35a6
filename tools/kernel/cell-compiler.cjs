// How tslab's compiler is set for cells: null checks, because the sources that cells import are written for them and
// narrowing of unions does not work without; names that stay one variable over all cells; and no work for what nobody
// reads.
const { liveNames } = require("./cell-names.cjs");
const { cellPrograms } = require("./cell-program.cjs");

/**
 * Makes every later user of tslab's TypeScript compile as cells need it. To be called before tslab is loaded.
 *
 * @param tslabRequire - resolves packages as tslab does
 */
function adaptCompiler(tslabRequire) {
  const file = tslabRequire.resolve("@tslab/typescript-for-tslab");
  const ts = tslabRequire(file);
  const value = (files, options, system, _createProgram, ...more) => {
    // Of the packages that describe globals, cells see Node's. Those of a package that is imported come with it.
    const cells = { ...options, strictNullChecks: true, types: ["node"] };
    const host = ts.createWatchCompilerHost(files, cells, system, cellPrograms(ts), ...more);
    return eachProgram(host, (builder) =>
      emitFirst(builder, () => liveNames(ts, builder.getProgram().getTypeChecker())),
    );
  };
  // The module's own properties cannot be written.
  require.cache[file].exports = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(ts),
      createWatchCompilerHost: { value, enumerable: true },
    },
  );
}

/** Calls `adapt` with each program before the host's user, who sets a callback of its own, gets it. */
function eachProgram(host, adapt) {
  let { afterProgramCreate } = host;
  return Object.defineProperty(host, "afterProgramCreate", {
    get: () => (builder) => {
      adapt(builder);
      afterProgramCreate(builder);
    },
    set: (callback) => {
      afterProgramCreate = callback;
    },
  });
}

/** Runs a transformer, made when it is needed, on what a program emits, before those of its caller. */
function emitFirst(builder, transformer) {
  const { emit } = builder;
  builder.emit = (file, write, cancellation, onlyTypes, transformers) =>
    emit.call(builder, file, write, cancellation, onlyTypes, {
      ...transformers,
      after: [transformer(), ...(transformers?.after ?? [])],
    });
}

module.exports = { adaptCompiler };
