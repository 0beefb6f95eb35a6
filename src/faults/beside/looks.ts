// In which ways does a reader see which version of a partition is there?
import { createHash, type Hash } from "node:crypto";
import type { Column } from "../../store/column.js";
import { listPartitions } from "../../store/list.js";
import { partitionFolder } from "../../store/partition.js";
import { query } from "../../store/query.js";
import { readColumns, readTrades } from "../../store/read.js";
import { settledManifest } from "../../store/settled.js";
import type { Store } from "../../store/store.js";
import { tableFolders } from "../../store/table-folders.js";
import { runCommand } from "../run-command.js";
import type { TradesKey } from "./plan.js";

/** What a look saw: by folder, something that tells one version from another; more than once where it was seen so. */
export type Sight = readonly (readonly [folder: string, what: string])[];

type Look = (store: Store, keys: readonly TradesKey[]) => Promise<Sight>;

const FIGURES =
  "count(*), sum(local_timestamp)::VARCHAR, sum(round(10 * price)::BIGINT)::VARCHAR, " +
  "sum(round(1000 * amount)::BIGINT)::VARCHAR, bit_xor(hash(id, side))::VARCHAR";

/** Ways to look, in the order that a reader of all of them takes. */
export const ALL_LOOKS = [
  "SQL over a view",
  "SQL over partitions",
  "listPartitions",
  "tableFolders",
  "store list",
  "readColumns",
  "readTrades",
] as const;

/** Name of a way to look. */
export type LookName = (typeof ALL_LOOKS)[number];

/** How they look; what they see of partitions beside those of the keys is left out by whoever judges it. */
export const LOOKS: Readonly<Record<LookName, Look>> = {
  "SQL over a view": (store) => figures(store, ""),
  "SQL over partitions": (store, keys) => {
    const places = keys.map(({ symbol, date }) => `(symbol = '${symbol}' AND date = '${date}')`);
    return figures(store, `WHERE ${places.join(" OR ")}`);
  },
  listPartitions: async (store) => {
    const listed = await listPartitions(store);
    return listed.map(({ folder, manifest }) => [folder, manifest.sha256]);
  },
  tableFolders: async (store) => {
    const seen: [string, string][] = [];
    for (const { folder } of await tableFolders(store)) {
      const manifest = await settledManifest(store, folder);
      if (manifest !== undefined) seen.push([folder, manifest.sha256]);
    }
    return seen;
  },
  "store list": async ({ root }) => {
    const { exitCode, out, err } = await runCommand(["store", "list", "--json", "--data", root]);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${err.trim()} ${out.trim()}`);
    const { partitions } = JSON.parse(out) as { readonly partitions: readonly ListedTable[] };
    return partitions.map(({ parquet, ...key }) => [partitionFolder(key), parquet.sha256]);
  },
  readColumns: (store, keys) =>
    eachOf(keys, async (key) => {
      const columns = Object.values(await readColumns(store, key));
      return columns.map((column) => hashed(createHash("sha256"), column).digest("hex")).join();
    }),
  readTrades: (store, keys) =>
    eachOf(keys, async (key) => {
      const hashes: Record<string, Hash> = {};
      for await (const batch of readTrades(store, key)) {
        for (const [name, column] of Object.entries(batch)) {
          hashes[name] = hashed(hashes[name] ?? createHash("sha256"), column);
        }
      }
      return Object.values(hashes)
        .map((hash) => hash.digest("hex"))
        .join();
    }),
};

interface ListedTable extends TradesKey {
  readonly parquet: { readonly sha256: string };
}

/** Whole numbers only: sums of them do not depend on the order of rows. */
async function figures(store: Store, where: string): Promise<Sight> {
  const place = "exchange, symbol, date::VARCHAR";
  const { rows } = await query(
    store,
    `SELECT ${place}, ${FIGURES} FROM trades ${where} GROUP BY ${place}`,
  );
  return rows.map(([exchange, symbol, date, ...seen]) => [
    partitionFolder({
      type: "trades",
      exchange: String(exchange),
      symbol: String(symbol),
      date: String(date),
    }),
    seen.join(),
  ]);
}

async function eachOf(
  keys: readonly TradesKey[],
  look: (key: TradesKey) => Promise<string>,
): Promise<Sight> {
  const seen: [string, string][] = [];
  for (const key of keys) seen.push([partitionFolder(key), await look(key)]);
  return seen;
}

function hashed(hash: Hash, column: Column): Hash {
  if (!Array.isArray(column)) return hash.update(column as Float64Array);
  return hash.update(`${column.join("\n")}\n`);
}
