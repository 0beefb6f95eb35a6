import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { OptionError } from "../core/errors.js";
import { DATA_TYPES, type PartitionKey } from "../store/tables.js";
import { mirrorFileBytes } from "./mirror-file.js";
import type { Source } from "./source.js";
import { vendorPath } from "./vendor-path.js";

/** Folders from an exchange to its files: type, year, month, day. */
const DAY_DEPTH = 4;

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

/**
 * Names of the files of an exchange, and whether that is all of them; none where its folder is not there.
 *
 * @throws {OptionError} its folder cannot be read
 */
async function filesOf(
  exchange: string,
): Promise<{ readonly names: readonly string[]; readonly isAll: boolean }> {
  const names: string[] = [];
  let isAll = true;
  const walk = async (folder: string, depth: number): Promise<void> => {
    for (const name of await readdir(folder)) {
      if (name.includes(".")) names.push(name);
      else if (depth < DAY_DEPTH) await walk(path.join(folder, name), depth + 1).catch(pass);
    }
  };
  // What lies below a folder that cannot be read is refused when it is asked for.
  const pass = (error: NodeJS.ErrnoException): void => {
    isAll &&= ["ENOENT", "ENOTDIR"].includes(error.code ?? "");
  };
  await walk(exchange, 0).catch((error: NodeJS.ErrnoException) => {
    const { code = "no reason" } = error;
    if (["ENOENT", "ENOTDIR"].includes(code)) return;
    throw new OptionError({
      column: "--source",
      message: `was a folder of which "${exchange}" could not be read (${code})`,
      fix: "let this user read it, or give another folder",
    });
  });
  return { names, isAll };
}

async function requireKnown(
  root: string,
  exchange: string,
  symbols: readonly string[],
): Promise<void> {
  const { names, isAll } = await filesOf(path.join(root, exchange));
  if (!isAll) return;
  const known = new Set(
    names
      .filter((name) => name.endsWith(".csv.gz"))
      .map((name) => name.slice(0, -".csv.gz".length)),
  );
  if (known.size === 0) {
    const there = await readdir(root).catch((): string[] => []);
    const exchanges = there.filter((name) => !name.includes("."));
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
