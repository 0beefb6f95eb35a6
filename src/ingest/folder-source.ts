import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../core/errors.js";
import { DATA_TYPES, type PartitionKey } from "../store/tables.js";
import { mirrorFileBytes } from "./mirror-file.js";
import type { Source } from "./source.js";
import { vendorPath } from "./vendor-path.js";

/**
 * A folder laid out as the vendor's dataset server: `{exchange}/{type}/{yyyy}/{mm}/{dd}/{SYMBOL}.csv.gz`.
 *
 * @throws {OptionError} there is no such folder
 */
export async function folderSource(root: string): Promise<Source> {
  const found = await stat(root).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) {
    throw new OptionError({
      column: "--source",
      message: `was "${root}", which is ${found === undefined ? "not there" : "no folder"}`,
      fix: "give a folder laid out as the vendor's server, an https URL, or tardis",
    });
  }
  const size = (key: PartitionKey): Promise<number | undefined> =>
    mirrorFileBytes(root, vendorPath(key));
  return {
    name: root,
    defaultTypes: DATA_TYPES,
    isLocal: true,
    requireKnown: (exchange, symbols) => requireKnown(root, exchange, symbols),
    refusal: () => undefined,
    size,
    fetch: async (key) =>
      (await size(key)) === undefined ? undefined : path.join(root, vendorPath(key)),
    close: () => undefined,
  };
}

/** All files below a folder; none where it is not there. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (error) {
    const { code = "no reason" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ENOTDIR"].includes(code)) return [];
    throw new OptionError({
      column: "--source",
      message: `was a folder of which "${folder}" could not be read (${code})`,
      fix: "let this user read it, or give another folder",
    });
  }
}

async function requireKnown(
  root: string,
  exchange: string,
  symbols: readonly string[],
): Promise<void> {
  const files = await filesBelow(path.join(root, exchange));
  const known = new Set(
    files.filter((file) => file.endsWith(".csv.gz")).map((file) => path.basename(file, ".csv.gz")),
  );
  if (known.size === 0) {
    const exchanges = (await readdir(root)).filter((name) => !name.includes("."));
    throw new OptionError({
      column: "--exchange",
      message: `was "${exchange}", of which "${root}" has no file`,
      fix: exchanges.length === 0 ? "give another --source" : `it has ${exchanges.join(", ")}`,
    });
  }
  const unknown = symbols.find((symbol) => !known.has(symbol));
  if (unknown === undefined) return;
  throw new OptionError({
    column: "--symbols",
    message: `was "${unknown}", of which "${root}" has no file for ${exchange}`,
    fix: `it has ${[...known].sort().slice(0, 20).join(", ")}`,
  });
}
