import { execFile } from "node:child_process";
import { copyFile, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { installedPython } from "./installed-python.js";
import { type InstalledRival, installedRival, type RivalPlace } from "./installed-rival.js";

const MINUTE_MS = 60_000;

/** Python packages that a benchmark needs, the one it is held beside first. */
export const POLARS_PACKAGES: readonly [string, ...string[]] = ["polars", "polars-runtime-32"];
export const HFTBACKTEST_PACKAGES: readonly [string, ...string[]] = [
  "hftbacktest",
  "numba",
  "llvmlite",
  "numpy",
  ...POLARS_PACKAGES,
];

export const SCIKIT_LEARN_PACKAGES: readonly [string, ...string[]] = [
  "scikit-learn",
  "cloudpickle",
  "joblib",
  "narwhals",
  "numpy",
  "scipy",
  "threadpoolctl",
];
export const TA_LIB_PACKAGES: readonly [string, ...string[]] = ["ta-lib", "numpy"];

const MODULES: Readonly<Record<string, string>> = { "scikit-learn": "sklearn" };

/**
 * Python packages as `tools/requirements-bench.txt` pins them, installed by pip into a folder of their own in the cache.
 *
 * @param packages - their names, with all that they need; the first one's module has that name without hyphens, unless
 *   it is named here
 * @returns folder to put into `PYTHONPATH`
 */
export async function pythonRivals(
  place: RivalPlace,
  packages: readonly [string, ...string[]],
): Promise<InstalledRival> {
  const [rival] = packages;
  const file = path.join(place.root, "tools", "requirements-bench.txt");
  return await installedPython(place, {
    what: `${rival} of tools/requirements-bench.txt`,
    pins: pinsOf(await readFile(file, "utf8"), packages),
    rival,
    module: MODULES[rival] ?? rival.replaceAll("-", ""),
  });
}

/** The entries of a requirements file that pin some packages. */
function pinsOf(requirements: string, packages: readonly string[]): string {
  const entries = requirements.split(/^(?=[\w-]+==)/m);
  return entries.filter((entry) => packages.includes(entry.split("==")[0]!)).join("");
}

/**
 * The npm packages that `tools/bench/encoders/package-lock.json` pins, installed into a folder of their own in the cache.
 *
 * @returns folder whose `node_modules` holds them
 */
export async function encoderRivals(place: RivalPlace): Promise<InstalledRival> {
  const files = ["package.json", "package-lock.json"].map((name) =>
    path.join(place.root, "tools", "bench", "encoders", name),
  );
  return installedRival(place, {
    what: "the encoders of tools/bench/encoders",
    pins: await Promise.all(files.map((file) => readFile(file))),
    interpreter: [process.execPath, "--version"],
    install: async (folder) => {
      for (const file of files) await copyFile(file, path.join(folder, path.basename(file)));
      const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      await promisify(execFile)("npm", ["ci", ...flags], { cwd: folder, timeout: 5 * MINUTE_MS });
    },
    versions: async (folder) => {
      const text = await readFile(path.join(folder, "package.json"), "utf8");
      return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;
    },
  });
}
