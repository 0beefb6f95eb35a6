import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { cachedFolder } from "./cached-folder.js";
import { pythonOf } from "./measured-child.js";

/** Where a rival's packages lie, or why they do not. */
export type InstalledRival =
  | { readonly folder: string; readonly versions: Readonly<Record<string, string>> }
  | { readonly missing: string };

const run = promisify(execFile);
const MINUTE_MS = 60_000;

/** Where rivals are installed, and from what. */
export interface RivalPlace {
  readonly root: string;
  readonly cache: string;
  /** False: what is not in the cache counts as missing. */
  readonly mayInstall: boolean;
}

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
  const python = pythonOf(place.root);
  const [rival] = packages;
  const file = path.join(place.root, "tools", "requirements-bench.txt");
  const pins = pinsOf(await readFile(file, "utf8"), packages);
  return installed(place, {
    what: `${rival} of tools/requirements-bench.txt`,
    pins: [pins],
    interpreter: [python, "-c", "import sys, platform; print(sys.version, platform.machine())"],
    install: async (folder) => {
      const requirements = path.join(folder, "requirements.txt");
      await writeFile(requirements, pins);
      const flags = ["-q", "--no-deps", "--require-hashes", "--only-binary=:all:"];
      const args = ["-m", "pip", "install", ...flags, "--target", folder, "-r", requirements];
      await run(python, args, { timeout: 5 * MINUTE_MS });
    },
    versions: async (folder) => {
      const module = MODULES[rival] ?? rival.replaceAll("-", "");
      const code = `import ${module}; print(${module}.__version__)`;
      const env = { ...process.env, PYTHONPATH: folder };
      return { [rival]: (await run(python, ["-c", code], { env })).stdout.trim() };
    },
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
  return installed(place, {
    what: "the encoders of tools/bench/encoders",
    pins: await Promise.all(files.map((file) => readFile(file))),
    interpreter: [process.execPath, "--version"],
    install: async (folder) => {
      for (const file of files) await copyFile(file, path.join(folder, path.basename(file)));
      const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      await run("npm", ["ci", ...flags], { cwd: folder, timeout: 5 * MINUTE_MS });
    },
    versions: async (folder) => {
      const text = await readFile(path.join(folder, "package.json"), "utf8");
      return (JSON.parse(text) as { dependencies: Record<string, string> }).dependencies;
    },
  });
}

interface Installation {
  readonly what: string;
  /** What pins the packages. */
  readonly pins: readonly (string | Buffer)[];
  /** Command that says for what the packages are built. */
  readonly interpreter: readonly [string, ...string[]];
  readonly install: (folder: string) => Promise<void>;
  readonly versions: (folder: string) => Promise<Readonly<Record<string, string>>>;
}

async function installed(
  { cache, mayInstall }: RivalPlace,
  { what, pins, interpreter: [program, ...args], install, versions }: Installation,
): Promise<InstalledRival> {
  try {
    const hash = createHash("sha256").update((await run(program, args)).stdout);
    for (const pin of pins) hash.update(pin);
    const name = `rivals-${hash.digest("hex").slice(0, 16)}`;
    const folder = await cachedFolder(cache, name, async (unfinished) => {
      if (!mayInstall) throw new Error("they are not in the cache, and nothing may be installed");
      await install(unfinished);
    });
    return { folder, versions: await versions(folder) };
  } catch (error) {
    return { missing: `could not get ${what}: ${reason(error)}` };
  }
}

/** The last line that a program complained with, or what the error says. */
function reason(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
  const lines = (stderr || message).trim().split("\n");
  return ([...lines].reverse().find((line) => /error/i.test(line)) ?? lines.at(-1)!).trim();
}
