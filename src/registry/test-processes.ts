// Several processes on one registry, for tests: children are plain JavaScript.
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const REPOSITORY = path.resolve(__dirname, "..", "..");
const ENTRIES = ["ledger", "ledger-state", "trials", "evaluations", "promotion"];

/**
 * Runs pieces of code at once, each in a process of its own, where `registry` holds the registry's functions.
 *
 * @param root - of the store, also known to the code as `root`; the compiled code goes below it
 * @param bodies - JavaScript, may await
 * @returns what each printed
 */
export async function runBeside(
  root: string,
  bodies: readonly string[],
): Promise<readonly string[]> {
  const compiled = compile(root);
  const modules = ENTRIES.map((name) => path.join(compiled, "registry", `${name}.js`));
  const run = promisify(execFile);
  const ended = bodies.map((body) => {
    const script = `
      const registry = Object.assign({}, ...${JSON.stringify(modules)}.map((file) => require(file)));
      const root = ${JSON.stringify(root)};
      (async () => {${body}
      })();`;
    const env = { ...process.env, NODE_PATH: path.join(REPOSITORY, "node_modules") };
    return run(process.execPath, ["-e", script], { env });
  });
  return (await Promise.all(ended)).map(({ stdout }) => stdout);
}

function compile(root: string): string {
  const compiled = path.join(root, "compiled");
  if (existsSync(compiled)) return compiled;
  const options = "--ignoreConfig --target es2022 --module node20 --types node --skipLibCheck";
  const compiler = path.join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
  const files = ENTRIES.map((name) => `src/registry/${name}.ts`);
  const sources = ["--rootDir", "src", ...files, "--outDir", compiled];
  execFileSync(process.execPath, [compiler, ...options.split(" "), ...sources], {
    cwd: REPOSITORY,
  });
  return compiled;
}
