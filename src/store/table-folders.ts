import { stat } from "node:fs/promises";
import { entriesIn } from "./folder-names.js";
import { type TablePlace, tablePlace } from "./partition.js";
import { listSettled } from "./settled.js";
import type { Store } from "./store.js";
import { DATA_TYPES } from "./tables.js";

/** Which tables to take; what is left out is not asked. */
export interface TableFilter {
  readonly exchange?: string;
  readonly symbols?: readonly string[];
  /** Data types of the lake, `candles`, or with `isAll` the stage that made a table, for example `features`. */
  readonly types?: readonly string[];
  /** First day, inclusive. */
  readonly from?: string;
  /** Day after the last. */
  readonly to?: string;
  /** Tables computed from others as well, not only the lake and candles. */
  readonly isAll?: boolean;
}

/** A folder that is a table's by its name; whether the table exists is not asked. */
export interface TableFolder extends TablePlace {
  /** Below the store's root, with forward slashes. */
  readonly folder: string;
  /** Data type, or the stage that made it: `trades`, `candles`, `features`. */
  readonly type: string;
}

/** Tables that are fetched and not computed. */
const FETCHED = ["lake", "candles"];

/** All types that a filter may name: what is fetched, then what is computed. */
export const TABLE_TYPES: readonly string[] = [
  ...DATA_TYPES,
  "candles",
  "features",
  "feature-state",
  "audit",
  "audit-findings",
];

/** Whether tables of a type are computed from others. */
export function isComputed(type: string): boolean {
  return TABLE_TYPES.indexOf(type) > TABLE_TYPES.indexOf("candles");
}

/** Steps to a table, which may be a link itself. */
const DEEPEST_LINK = 6;

/** Not made of tables. */
const REGISTRY = "registry";

/**
 * Folders of tables, in order of their names; one that is just being replaced is among them.
 *
 * @throws {DataError} a folder cannot be read
 */
export async function tableFolders(
  store: Store,
  filter: TableFilter = {},
): Promise<readonly TableFolder[]> {
  const wanted = (folder: string): boolean => {
    const table = tableFolder(folder);
    return table !== undefined && isWanted(table, filter);
  };
  const folders = await listSettled(store, {
    list: () => allFolders(store, filter),
    isAsked: wanted,
  });
  return folders.filter(wanted).map((folder) => tableFolder(folder)!);
}

async function allFolders(store: Store, { isAll }: TableFilter): Promise<readonly string[]> {
  const found: string[] = [];
  for (const stage of await foldersIn(store, "")) {
    if (stage === REGISTRY || !(FETCHED.includes(stage) || isAll === true)) continue;
    for await (const { folder } of walk(store, stage)) found.push(folder);
  }
  return found;
}

/**
 * The table whose folder a path is.
 *
 * @returns undefined when it is none's
 */
export function tableFolder(folder: string): TableFolder | undefined {
  const place = tablePlace(folder);
  if (place === undefined) return undefined;
  const [stage, type] = folder.split("/");
  if (stage === REGISTRY) return undefined;
  return { ...place, folder, type: stage === "lake" ? type! : stage! };
}

/** Whether a filter takes a table. */
export function isWanted(
  { folder, type, exchange, symbol, date }: TableFolder,
  filter: TableFilter,
): boolean {
  if (!FETCHED.includes(folder.split("/")[0]!) && filter.isAll !== true) return false;
  if (filter.exchange !== undefined && exchange !== filter.exchange) return false;
  if (filter.symbols !== undefined && !filter.symbols.includes(symbol)) return false;
  if (filter.types !== undefined && !filter.types.includes(type)) return false;
  if (filter.from !== undefined && date < filter.from) return false;
  return filter.to === undefined || date < filter.to;
}

async function* walk(store: Store, parent: string): AsyncGenerator<TableFolder> {
  for (const name of await foldersIn(store, parent)) {
    const folder = `${parent}/${name}`;
    const table = tableFolder(folder);
    if (table === undefined) yield* walk(store, folder);
    else yield table;
  }
}

/** Names of folders, and of links that lead to one: whoever reads a table there is told that it is none of the store's. */
async function foldersIn(store: Store, parent: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await entriesIn(store.root, parent)) {
    if (entry.name.startsWith(".")) continue;
    const place = store.path(parent === "" ? entry.name : `${parent}/${entry.name}`);
    // A link may lead round and round.
    const isLink = entry.isSymbolicLink() && parent.split("/").length < DEEPEST_LINK;
    const isFolder = entry.isDirectory() || (isLink && (await leadsToFolder(place)));
    if (isFolder) names.push(entry.name);
  }
  return names;
}

async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
