// Cells and the sources they import are type-checked with null checks: the sources are written for them, and narrowing
// of unions does not work without.

/**
 * Makes every later user of tslab's TypeScript compile with null checks. To be called before tslab is loaded.
 *
 * @param tslabRequire - resolves packages as tslab does
 */
function checkNulls(tslabRequire) {
  const file = tslabRequire.resolve("@tslab/typescript-for-tslab");
  const ts = tslabRequire(file);
  const value = (files, options, ...more) =>
    ts.createWatchCompilerHost(files, { ...options, strictNullChecks: true }, ...more);
  // The module's own properties cannot be written.
  require.cache[file].exports = Object.defineProperties(
    {},
    {
      ...Object.getOwnPropertyDescriptors(ts),
      createWatchCompilerHost: { value, enumerable: true },
    },
  );
}

module.exports = { checkNulls };
