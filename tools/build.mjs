// Compiles src to dist, unless dist came from the same sources.
import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { filesBelow, hashOf, ROOT, textOf, writeWhole } from "./setup/places.mjs";
import { run } from "./setup/run.mjs";
import { SetupError, step } from "./setup/terminal.mjs";

const DIST = path.join(ROOT, "dist");
const STAMP = path.join(DIST, ".tickbook-build");
// tslab takes over node_modules/.bin/tsc with its own old compiler: call ours by its path.
const TSC = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** The step of the set-up that builds. */
export async function buildStep() {
  const sources = filesBelow(path.join(ROOT, "src")).filter((file) => !file.endsWith(".test.ts"));
  const settings = ["tsconfig.json", "tsconfig.build.json", "package-lock.json"];
  const wanted = hashOf(
    ...settings.map((name) => ({ file: path.join(ROOT, name) })),
    ...sources.flatMap((file) => [path.relative(ROOT, file), { file }]),
  );
  if (textOf(STAMP) === wanted)
    return { mark: "kept", found: `${sources.length} sources, unchanged` };
  // Compiled aside and swapped in, so that a failed build leaves the last good one.
  const fresh = path.join(ROOT, `dist.${process.pid}`);
  try {
    await run("tsc", process.execPath, [TSC, "-p", "tsconfig.build.json", "--outDir", fresh], {
      cwd: ROOT,
    });
    const old = `${fresh}.old`;
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  writeWhole(STAMP, wanted);
  return { found: `${sources.length} sources compiled` };
}

if (path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await step("build", buildStep);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.exitCode = error.exitCode;
  }
}
