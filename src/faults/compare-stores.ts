import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { DataError } from "../core/errors.js";
import { requireIntact } from "../store/integrity.js";
import { openStore, quote } from "../store/store.js";
import { isSameTree, treeHashes } from "./tree-hashes.js";

/** A store of which everything is known. */
export interface StoreTruth {
  readonly root: string;
  readonly tree: Readonly<Record<string, string>>;
  /** Folders of its partitions, below the root. */
  readonly folders: readonly string[];
}

/** How a store differs from the truth. */
export interface StoreDifference {
  readonly isSame: boolean;
  /** Rows of the truth that are not there. */
  readonly lost: number;
  /** Rows that are there more often than in the truth. */
  readonly duplicated: number;
  /** It differs, and the store's own check of every partition finds nothing wrong. */
  readonly isSilent: boolean;
  /** The first place that differs, in words; empty when none does. */
  readonly what: string;
}

const SAME: StoreDifference = { isSame: true, lost: 0, duplicated: 0, isSilent: false, what: "" };

/** What is known about a store that nothing disturbed. */
export async function storeTruth(root: string): Promise<StoreTruth> {
  const tree = await treeHashes(root);
  return { root, tree, folders: foldersOf(tree) };
}

/**
 * Compares a store with the truth: every file and folder by its bytes, and where these differ, row by row.
 *
 * @param root - the store that faults were planted in
 */
export async function compareStores(root: string, truth: StoreTruth): Promise<StoreDifference> {
  const tree = await treeHashes(root);
  if (isSameTree(tree, truth.tree)) return SAME;
  const differing = firstDifference(tree, truth.tree);
  const rows = { lost: 0, duplicated: 0 };
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    for (const folder of new Set([...truth.folders, ...foldersOf(tree)])) {
      if (isSameTree(below(tree, folder), below(truth.tree, folder))) continue;
      const found = await compareRows(connection, {
        truth: path.join(truth.root, folder),
        found: path.join(root, folder),
      });
      rows.lost += found.lost;
      rows.duplicated += found.duplicated;
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  const complaint = await firstComplaint(root, truth);
  const what = complaint === undefined ? differing : `${differing}; ${complaint}`;
  return { isSame: false, ...rows, isSilent: complaint === undefined, what };
}

/**
 * Partitions under their final names that are not whole: neither the truth's nor one of the earlier ones they replace.
 *
 * @returns what is wrong with the first of them; undefined when all are whole
 */
export async function firstTorn(
  root: string,
  truths: readonly StoreTruth[],
): Promise<string | undefined> {
  const tree = await treeHashes(root);
  for (const folder of foldersOf(tree)) {
    const here = below(tree, folder);
    // An empty folder is no partition: its name appears with its content.
    if (truths.some((truth) => isSameTree(here, below(truth.tree, folder)))) continue;
    return `${folder} held ${Object.keys(here).join(", ") || "nothing"}, which no whole run leaves`;
  }
  return undefined;
}

/** Rows by their values as text: both sides are read by the same reader. */
async function compareRows(
  connection: DuckDBConnection,
  folders: { readonly truth: string; readonly found: string },
): Promise<{ readonly lost: number; readonly duplicated: number }> {
  const truth = await rowsSql(folders.truth);
  const found = await rowsSql(folders.found);
  const count = async (a: string, b: string): Promise<readonly [number, number]> => {
    const result = await connection.runAndReadAll(`
      WITH a AS (SELECT row, count(*) AS n FROM (${a}) GROUP BY row),
           b AS (SELECT row, count(*) AS n FROM (${b}) GROUP BY row)
      SELECT coalesce(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)), 0)::DOUBLE,
             coalesce(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)), 0)::DOUBLE
      FROM a FULL JOIN b USING (row)`);
    return result.getRowsJS()[0] as unknown as readonly [number, number];
  };
  try {
    const [lost, duplicated] = await count(truth, found);
    return { lost, duplicated };
  } catch {
    // What no reader can read is lost, all of it.
    const [lost] = await count(truth, NO_ROWS);
    return { lost, duplicated: 0 };
  }
}

const NO_ROWS = "SELECT NULL::VARCHAR AS row WHERE false";

async function rowsSql(folder: string): Promise<string> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const files = names.filter((name) => name.endsWith(".parquet"));
  if (files.length === 0) return NO_ROWS;
  const list = files.map((name) => quote(path.join(folder, name)));
  const source = `read_parquet([${list.join(", ")}], hive_partitioning = false)`;
  return `SELECT CAST(stored AS VARCHAR) AS row FROM ${source} AS stored`;
}

async function firstComplaint(root: string, truth: StoreTruth): Promise<string | undefined> {
  const store = await openStore(root);
  try {
    for (const folder of truth.folders) await requireIntact(store, folder);
    return undefined;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return error.message;
  } finally {
    await store.close();
  }
}

function firstDifference(
  found: Readonly<Record<string, string>>,
  truth: Readonly<Record<string, string>>,
): string {
  for (const [name, hash] of Object.entries(truth)) {
    if (!(name in found)) return `${name} was not there`;
    if (found[name] !== hash) return `${name} had other bytes`;
  }
  return `${Object.keys(found).find((name) => !(name in truth))} was left over`;
}

/** Folders that look like a partition's. */
function foldersOf(tree: Readonly<Record<string, string>>): readonly string[] {
  const pattern = /^lake\/[^/]+\/[^/]+\/[^/]+\/[^/]+$/;
  return Object.keys(tree).filter((name) => pattern.test(name));
}

function below(
  tree: Readonly<Record<string, string>>,
  folder: string,
): Readonly<Record<string, string>> {
  const entries = Object.entries(tree).filter(([name]) => name.startsWith(`${folder}/`));
  return Object.fromEntries(entries.map(([name, hash]) => [name.slice(folder.length + 1), hash]));
}
