import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { cachedFolder } from "../store/cached-folder.js";

/** Where a rival's packages lie, or why they do not. */
export type InstalledRival =
  | { readonly folder: string; readonly versions: Readonly<Record<string, string>> }
  | { readonly missing: string };

/** Where rivals are installed, and from what. */
export interface RivalPlace {
  readonly root: string;
  readonly cache: string;
  /** False: what is not in the cache counts as missing. */
  readonly mayInstall: boolean;
}

/** How a rival gets into the cache. */
export interface Installation {
  readonly what: string;
  /** What pins the packages. */
  readonly pins: readonly (string | Buffer)[];
  /** Command that says for what the packages are built. */
  readonly interpreter: readonly [string, ...string[]];
  /** Gets an empty folder on the cache's disk. */
  readonly install: (folder: string) => Promise<void>;
  readonly versions: (folder: string) => Promise<Readonly<Record<string, string>>>;
}

const run = promisify(execFile);

/** A rival from the cache; installed there on first use, as its pins say. */
export async function installedRival(
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
