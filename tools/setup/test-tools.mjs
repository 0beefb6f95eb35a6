// What only the tests need: Python packages in a folder of the cache, beside the clone's own environment.
import path from "node:path";
import { cached, hashOf, ROOT, textOf, VENV, VENV_PYTHON, writeWhole } from "./places.mjs";
import { run } from "./run.mjs";
import { SetupError } from "./terminal.mjs";

const REQUIREMENTS = path.join(ROOT, "tools", "requirements-test.txt");

/** Holds the folder that tests put into `PYTHONPATH`. */
const POINTER = path.join(VENV, ".tickbook-test-tools");

/**
 * Installs what tools/requirements-test.txt pins, unless it is in the cache, and leaves word where it lies. Where it cannot
 * be had, the tests that need it fail and say so; the others run.
 */
export async function installTestTools() {
  const found = "moto, an S3 server for the tests";
  try {
    const { folder, isNew } = await cached(`test-tools-${key()}`, install);
    const isKnown = textOf(POINTER) === folder;
    if (!isKnown) writeWhole(POINTER, folder);
    return isNew || !isKnown ? { found } : { mark: "kept", found };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    const reason = error.details.trim().split("\n").at(-1);
    return {
      mark: "warn",
      found: `${found}: ${error.message}, and its tests will fail; ${reason}`,
    };
  }
}

function key() {
  const settings = textOf(path.join(VENV, "pyvenv.cfg")) ?? "";
  const python = /^version\S* = (.*)$/m.exec(settings)?.[1] ?? "";
  return hashOf({ file: REQUIREMENTS }, python, process.platform, process.arch);
}

/** Compiled as well, which is most of the time that a server takes to start. */
async function install(folder) {
  const flags = ["-q", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
  await run("pip install", VENV_PYTHON, [
    ...["-m", "pip", "install", ...flags, "--only-binary=:all:"],
    ...["--target", folder, "-r", REQUIREMENTS],
  ]);
}
