// The clone's own Python with pinned Jupyter pieces, and the TypeScript kernel registered in it.
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { cached, hashOf, ROOT, textOf, VENV, VENV_PYTHON, writeWhole } from "./places.mjs";
import { run } from "./run.mjs";
import { SetupError } from "./terminal.mjs";

const REQUIREMENTS = path.join(ROOT, "tools", "requirements.txt");
const STAMP = path.join(VENV, ".tickbook-python");
const KERNEL = path.join(VENV, "share", "jupyter", "kernels", "tslab", "kernel.json");

/** Makes `.venv` with pip in it, unless it is there. A moved clone gets a new one: its scripts hold paths. */
export async function makeEnvironment(python) {
  if (textOf(STAMP) === stamp(python)) return { mark: "kept", found: ".venv" };
  rmSync(VENV, { recursive: true, force: true });
  const { executable, hasVenv, hasEnsurepip, hasPip } = python;
  if (hasVenv && hasEnsurepip) {
    await run("python -m venv", executable, ["-m", "venv", VENV]);
  } else if (hasVenv && hasPip) {
    await run("python -m venv", executable, ["-m", "venv", "--without-pip", VENV]);
    await run("pip install pip", executable, [
      "-m",
      "pip",
      "--python",
      VENV_PYTHON,
      "install",
      "-q",
      "pip",
    ]);
  } else {
    await run("python -m virtualenv", executable, ["-m", "virtualenv", "-q", VENV]);
  }
  return { found: ".venv" };
}

/** Installs what tools/requirements.txt pins into `.venv`; the wheels stay in the cache for the next clone. */
export async function installRequirements(python) {
  const wanted = stamp(python);
  const found = `Python ${python.version}, Jupyter pieces as pinned`;
  if (textOf(STAMP) === wanted) return { mark: "kept", found };
  if (!existsSync(VENV_PYTHON)) {
    throw new SetupError(".venv has no Python; delete the folder and run again");
  }
  const key = hashOf({ file: REQUIREMENTS }, python.version, process.platform, process.arch);
  const flags = ["-q", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
  const pip = (task, ...args) =>
    run(`pip ${task}`, VENV_PYTHON, ["-m", "pip", task, ...flags, "-r", REQUIREMENTS, ...args]);
  const { folder } = await cached(`wheels-${key}`, (unfinished) =>
    pip("download", "-d", unfinished),
  );
  await pip("install", "--no-compile", "--no-index", "--find-links", folder);
  writeWhole(STAMP, wanted);
  return { found };
}

/** Writes the kernel's description: this Node, this clone's launcher. */
export function registerKernel() {
  const description = {
    argv: [process.execPath, path.join(ROOT, "tools", "tslab-launcher.cjs"), "{connection_file}"],
    display_name: "TypeScript (tickbook)",
    language: "typescript",
    interrupt_mode: "signal",
  };
  const text = `${JSON.stringify(description, null, 2)}\n`;
  const found = "tslab, registered in .venv";
  if (textOf(KERNEL) === text) return { mark: "kept", found };
  writeWhole(KERNEL, text);
  return { found };
}

function stamp(python) {
  return hashOf({ file: REQUIREMENTS }, ROOT, python.executable, python.version);
}
