// npm test: sets up whatever is missing, runs every test, and ends with one line that counts them.
import { runTests } from "./setup/vitest.mjs";
import { runSetup } from "./setup.mjs";

const code = await runSetup({ forTests: true });
const { passed, failed } = code === 0 ? runTests(process.argv.slice(2)) : { passed: 0, failed: 1 };
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
