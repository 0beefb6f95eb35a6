// Does the addon build against another TensorFlow, such as Colab's, and do the models compute the same with it?
// Usage: node tools/try-tensorflow.mjs tensorflow-cpu==2.19.1 tensorflow==2.21.0   (wheels of PyPI; 0.3 and 0.6 GB)
// Downloads and the clone it works in lie in a temporary folder and are gone afterwards.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { filesBelow, ROOT, textOf, VENV_PYTHON } from "./setup/places.mjs";
import { run } from "./setup/run.mjs";
import { SetupError, step } from "./setup/terminal.mjs";
import { count } from "./setup/vitest.mjs";
import { unpackRequirement } from "./setup/wheels.mjs";

const PACKAGE = path.join("node_modules", "@tensorflow", "tfjs-node-gpu");
/** What the addon's sources may include, and the library. */
const PARTS = [
  "tensorflow/libtensorflow",
  ...["tensorflow", "tsl", "xla"].map((part) => `tensorflow/include/${part}/`),
];
const TESTS = ["src/models"];

/** A clone beside this one with a copy of the package that the addon lies in; everything else in it is shared. */
function makeClone(clone) {
  for (const name of readdirSync(ROOT).filter((file) => /\.(json|mts|yaml)$/.test(file))) {
    cpSync(path.join(ROOT, name), path.join(clone, name));
  }
  for (const name of ["src", "tools", "data/golden", PACKAGE]) {
    cpSync(path.join(ROOT, name), path.join(clone, name), { recursive: true });
  }
  rmSync(path.join(clone, PACKAGE, "lib", "napi-v8"), { recursive: true, force: true });
  symlinkSync(path.join(ROOT, ".venv"), path.join(clone, ".venv"));
  for (const folder of ["node_modules", path.join("node_modules", "@tensorflow")]) {
    for (const name of readdirSync(path.join(ROOT, folder))) {
      const place = path.join(folder, name);
      if (`${PACKAGE}${path.sep}`.startsWith(`${place}${path.sep}`)) continue;
      symlinkSync(path.join(ROOT, place), path.join(clone, place));
    }
  }
}

/** Builds in the clone as the set-up does where Python has this TensorFlow; the sources too, since some tests start programs. */
async function build(clone, tensorflow) {
  const script = `
import { findLibrary, installAddon } from "./tools/setup/tensorflow-addon.mjs";
const { value } = await findLibrary({ executable: ${JSON.stringify(VENV_PYTHON)} });
const { found } = await installAddon(value);
process.stdout.write(found);`;
  const env = { ...process.env, PYTHONPATH: tensorflow, TICKBOOK_CACHE: path.join(clone, "cache") };
  const args = ["--input-type=module", "-e", script];
  await run("compiling the sources", process.execPath, ["tools/build.mjs"], { cwd: clone });
  const found = await run("the build", process.execPath, args, { cwd: clone, env });
  const stamp = textOf(path.join(clone, PACKAGE, "lib", "napi-v8", "tickbook.json")) ?? "{}";
  if (JSON.parse(stamp).source === "the TensorFlow in your Python") return found;
  throw new SetupError(`the addon does not serve: ${found}`);
}

/** Runs the tests of the models in the clone. */
function compute(clone) {
  const report = path.join(clone, "report.json");
  const vitest = path.join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const reporters = ["--reporter=json", `--outputFile.json=${report}`];
  // A busy machine is no reason to doubt a library.
  const args = [vitest, "run", "--testTimeout=600000", ...reporters, ...TESTS];
  const { status } = spawnSync(process.execPath, args, {
    cwd: clone,
    stdio: "ignore",
  });
  const told = JSON.parse(textOf(report) ?? "{}");
  const { passed, failed } = count(told, status === 0);
  if (failed > 0) {
    const details = (told.testResults ?? []).flatMap(failuresOf).join("\n");
    throw new SetupError(`${passed} tests of the models passed, ${failed} failed`, { details });
  }
  return `${passed} tests of the models passed`;
}

function failuresOf({ message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === "failed");
  const reasons = failed.map(({ fullName, failureMessages }) => {
    return `${fullName}: ${failureMessages.join(" ").split("\n", 1)[0]}`;
  });
  return [message, ...reasons].filter((line) => line !== "");
}

/** Tries one wheel; one line a step. */
async function attempt(requirement, scratch) {
  const clone = path.join(scratch, "clone");
  const tensorflow = path.join(scratch, "site-packages");
  for (const folder of [clone, tensorflow]) mkdirSync(folder);
  await step(`get ${requirement}`, async () => {
    await unpackRequirement(requirement, tensorflow, PARTS, { isForPython: true });
    return { found: `${filesBelow(tensorflow).length} files` };
  });
  await step("build", async () => {
    makeClone(clone);
    return { found: await build(clone, tensorflow) };
  });
  await step("compute", () => ({ found: compute(clone) }));
}

let isGood = process.argv.length > 2;
if (!isGood) process.stderr.write("Name wheels, for example tensorflow-cpu==2.19.1\n");
for (const requirement of process.argv.slice(2)) {
  const scratch = mkdtempSync(path.join(tmpdir(), "tickbook-tensorflow-"));
  try {
    await attempt(requirement, scratch);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    isGood = false;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
process.exitCode = isGood ? 0 : 1;
