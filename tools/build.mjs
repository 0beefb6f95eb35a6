// Compiles src to dist, unless dist came from the same sources.
import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { filesBelow, hashOf, ROOT, textOf, writeWhole } from "./setup/places.mjs";
import { run } from "./setup/run.mjs";
import { SetupError, step } from "./setup/terminal.mjs";

// tslab takes over node_modules/.bin/tsc with its own old compiler: call ours by its path.
const TSC = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");

/**
 * The step that builds.
 *
 * @param root - folder with src and the compiler's settings; another than the clone only in tests
 * @returns what was found; mark is `kept` when dist is of these sources
 */
export async function buildStep(root = ROOT) {
  const dist = path.join(root, "dist");
  const stamp = path.join(dist, ".tickbook-build");
  const sources = filesBelow(path.join(root, "src")).filter((file) => !file.endsWith(".test.ts"));
  const settings = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"];
  const wanted = hashOf(
    ...settings.map((name) => ({ file: path.join(root, name) })),
    ...sources.flatMap((file) => [path.relative(root, file), { file }]),
  );
  if (textOf(stamp) === wanted) {
    return { mark: "kept", found: `${sources.length} sources, unchanged` };
  }
  // Compiled aside and swapped in, so that a failed build leaves the last good one.
  const fresh = `${dist}.${process.pid}`;
  try {
    const args = [TSC, "-p", "tsconfig.build.json", "--outDir", fresh, "--pretty", "false"];
    await run("tsc", process.execPath, args, { cwd: root });
    writeWhole(path.join(fresh, ".tickbook-build"), wanted);
    // Another build of the same sources may have ended first, and its files are in use.
    if (textOf(stamp) !== wanted) swapIn(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return { found: `${sources.length} sources compiled` };
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
