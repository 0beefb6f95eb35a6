// Several processes on one registry, for tests: children are plain JavaScript.
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { builtSources } from "../core/test-build.js";

const ENTRIES: readonly string[] =
  "ledger ledger-state trial trials bundles evaluations promotion mend-registry".split(" ");

/**
 * Runs pieces of code at once, each in a process of its own, where `registry` holds the registry's functions.
 *
 * @param root - of the store, also known to the code as `root`
 * @param bodies - JavaScript, may await
 * @returns what each printed
 */
export async function runBeside(
  root: string,
  bodies: readonly string[],
): Promise<readonly string[]> {
  const compiled = await builtSources();
  const modules = ENTRIES.map((name) => path.join(compiled, "registry", `${name}.js`));
  const run = promisify(execFile);
  const ended = bodies.map((body) => {
    const script = `
      const registry = Object.assign({}, ...${JSON.stringify(modules)}.map((file) => require(file)));
      const root = ${JSON.stringify(root)};
      (async () => {${body}
      })();`;
    return run(process.execPath, ["-e", script]);
  });
  return (await Promise.all(ended)).map(({ stdout }) => stdout);
}
