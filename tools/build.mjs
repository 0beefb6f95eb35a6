// Compiles src to dist, unless dist came from the same sources and is as the compiler left it.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { filesBelow, hashOf, ROOT, textOf, writeWhole } from "./setup/places.mjs";
import { run } from "./setup/run.mjs";
import { SetupError, step } from "./setup/terminal.mjs";

// tslab takes over node_modules/.bin/tsc with its own old compiler: call ours by its path.
const TSC = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** In dist: what it was built of, and for every source its SHA-256 and that of its compiled file. */
const MANIFEST = ".tickbook-build";

/**
 * The step that builds.
 *
 * @param root - folder with src and the compiler's settings; another than the clone only in tests
 * @returns what was found; mark is `kept` when dist is of these sources
 */
export async function buildStep(root = ROOT) {
  const dist = path.join(root, "dist");
  const sources = sourceHashes(path.join(root, "src"));
  const settings = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"];
  const wanted = hashOf(
    ...settings.map((name) => ({ file: path.join(root, name) })),
    ...Object.entries(sources).flat(),
  );
  const count = Object.keys(sources).length;
  if (isBuilt(dist, wanted)) return { mark: "kept", found: `${count} sources, unchanged` };
  // Compiled aside and swapped in, so that a failed build leaves the last good one.
  const fresh = `${dist}.${process.pid}`;
  try {
    const args = [TSC, "-p", "tsconfig.build.json", "--outDir", fresh, "--pretty", "false"];
    await run("tsc", process.execPath, args, { cwd: root });
    const files = Object.entries(sources).map(([name, source]) => {
      return [name, { source, compiled: sha256(path.join(fresh, compiledName(name))) }];
    });
    const manifest = { inputs: wanted, files: Object.fromEntries(files) };
    writeWhole(path.join(fresh, MANIFEST), JSON.stringify(manifest, null, 1));
    // Another build of the same sources may have ended first, and its files are in use.
    if (!isBuilt(dist, wanted)) swapIn(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { found: `${count} sources compiled` };
}

/** Of every source that is compiled, by its name below src. */
function sourceHashes(src) {
  const files = filesBelow(src).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const named = files.map((file) => [path.relative(src, file).split(path.sep).join("/"), file]);
  return Object.fromEntries(named.map(([name, file]) => [name, sha256(file)]));
}

function isBuilt(dist, wanted) {
  const { inputs, files } = manifestOf(dist);
  if (inputs !== wanted) return false;
  return Object.entries(files).every(([name, { compiled }]) => {
    const file = path.join(dist, compiledName(name));
    return existsSync(file) && sha256(file) === compiled;
  });
}

/** Empty where there is none, or one of an earlier form. */
function manifestOf(dist) {
  try {
    return JSON.parse(textOf(path.join(dist, MANIFEST)) ?? "{}");
  } catch {
    return {};
  }
}

function compiledName(source) {
  return source.replace(/\.ts$/, ".js");
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

function swapIn(fresh, dist) {
  const old = `${fresh}.old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

if (path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await step("build", buildStep);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.exitCode = error.exitCode;
  }
}
