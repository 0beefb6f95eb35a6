// npm run check: format and lint, types, unused exports, tests. All are run; any that fails fails the check.
import path from "node:path";
import { ROOT } from "./setup/places.mjs";
import { run } from "./setup/run.mjs";
import { SetupError, step } from "./setup/terminal.mjs";
import { runTests } from "./setup/vitest.mjs";
import { runSetup } from "./setup.mjs";

const CHECKS = [
  ["format and lint", "@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]],
  ["types", "typescript/bin/tsc", ["--noEmit", "-p", "."]],
  ["unused exports", "knip/bin/knip.js", []],
];

const code = await runSetup({ forTests: true });
if (code !== 0) process.exit(code);

let isGreen = true;
for (const [name, program, args] of CHECKS) {
  const script = path.join(ROOT, "node_modules", program);
  try {
    await step(name, async () => {
      await run(path.basename(program), process.execPath, [script, ...args], { cwd: ROOT });
      return { found: "nothing to mend" };
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    isGreen = false;
  }
}
const { passed, failed } = runTests([]);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = isGreen && failed === 0 ? 0 : 1;
