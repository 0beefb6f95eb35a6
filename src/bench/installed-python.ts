import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { type InstalledRival, installedRival, type RivalPlace } from "./installed-rival.js";
import { pythonOf } from "./measured-child.js";

const run = promisify(execFile);
const MINUTE_MS = 60_000;

/** Python packages as a rival. */
export interface PythonPackages {
  /** What they are and who pins them, for messages. */
  readonly what: string;
  /** Their entries in a requirements file, with hashes: all that is needed, since pip adds nothing. */
  readonly pins: string;
  /** Name of the package that is held beside, and of its module. */
  readonly rival: string;
  readonly module: string;
  readonly timeoutMinutes?: number;
  /** Variables for pip besides this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Runs before pip does. */
  readonly before?: (folder: string) => Promise<void>;
}

/**
 * Python packages installed by pip into a folder of their own in the cache.
 *
 * @returns folder to put into `PYTHONPATH`
 */
export function installedPython(
  place: RivalPlace,
  { what, pins, rival, module, timeoutMinutes = 5, environment = {}, before }: PythonPackages,
): Promise<InstalledRival> {
  const python = pythonOf(place.root);
  return installedRival(place, {
    what,
    pins: [pins],
    interpreter: [python, "-c", "import sys, platform; print(sys.version, platform.machine())"],
    install: async (folder) => {
      await before?.(folder);
      const requirements = path.join(folder, "requirements.txt");
      await writeFile(requirements, pins);
      const flags = ["-q", "--no-deps", "--require-hashes", "--only-binary=:all:"];
      const args = ["-m", "pip", "install", ...flags, "--target", folder, "-r", requirements];
      const env = { ...process.env, ...environment };
      await run(python, args, { timeout: timeoutMinutes * MINUTE_MS, env });
    },
    versions: async (folder) => {
      const code = `import ${module}; print(${module}.__version__)`;
      const env = { ...process.env, PYTHONPATH: folder };
      return { [rival]: (await run(python, ["-c", code], { env })).stdout.trim() };
    },
  });
}
