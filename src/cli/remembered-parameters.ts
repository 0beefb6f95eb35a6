// With which parameters does a single notebook run again?
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { OptionError } from "../core/errors.js";

/** What a report's record says of its run; records of other shapes are as good as none. */
const record = z.object({
  parameters: z.record(z.string(), z.unknown()).and(z.object({ dataDir: z.string() })),
});

/** The simulated market that `npm start` makes when nothing is asked. */
export const DEFAULT_MARKET = { edge: "informative", seed: 1, from: "2024-01-01" } as const;

/** Folder of a simulated market's files below the store's root. */
export function mirrorFolder(
  dataDir: string,
  market: { readonly edge: string; readonly seed: number; readonly from: string },
): string {
  return path.join(dataDir, "simulated", `${market.edge}-seed${market.seed}-${market.from}`);
}

/**
 * Parameters for notebooks that are run on their own: those of the last report of any of them on the same store, else
 * the notebooks' own defaults on the simulated market of that store.
 *
 * @param names - notebooks, as their reports are called
 * @param reports - where reports are
 * @param dataDir - absolute path of the store's root
 */
export function rememberedParameters(
  names: readonly string[],
  reports: string,
  dataDir: string,
): Readonly<Record<string, unknown>> {
  for (const name of names) {
    const found = readRecord(path.join(reports, `${name}.json`));
    if (found?.parameters.dataDir === dataDir) return found.parameters;
  }
  return { dataDir, source: mirrorFolder(dataDir, DEFAULT_MARKET) };
}

/**
 * Fails when the simulated market that a notebook is to read was never made.
 *
 * @throws {OptionError} the folder is not there
 */
export function requireMirror(source: unknown, dataDir: string): void {
  if (source !== mirrorFolder(dataDir, DEFAULT_MARKET) || existsSync(source)) return;
  throw new OptionError({
    file: source,
    message: "was not there: no market has been simulated into this store yet",
    fix: 'run `npm start` first, or name a source in --params, for example \'{"source":"tardis"}\'',
  });
}

function readRecord(file: string): z.infer<typeof record> | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return record.safeParse(JSON.parse(readFileSync(file, "utf8"))).data;
  } catch {
    // A record that was cut off holds nothing to go by.
    return undefined;
  }
}
