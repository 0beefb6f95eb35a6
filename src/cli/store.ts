import { OptionError } from "../core/errors.js";
import { listPartitions, type StoredPartition } from "../store/list.js";
import { PARQUET_FILE } from "../store/partition.js";
import { openStore } from "../store/store.js";
import { type AddCommand, action } from "./command.js";

/** `tickbook store list`: the partitions of vendor data that exist. */
export const storeCommand: AddCommand = (program) => {
  program
    .command("store")
    .description("what the store holds")
    .argument("<what>", "list")
    .action(
      action(async ([what], _, { dataDir, say }) => {
        requireKnown(what);
        const store = await openStore(dataDir);
        try {
          const found = await listPartitions(store);
          for (const { key, manifest } of found) {
            const { exchange, symbol, type, date } = key;
            const rows = manifest.rows.toLocaleString("en");
            say(`${exchange} ${symbol} ${type} ${date} ${rows} rows`);
          }
          say(`${found.length} partitions`);
          return { json: { partitions: found.map(describe) }, exitCode: 0 };
        } finally {
          await store.close();
        }
      }),
    );
};

function requireKnown(what: string | undefined): void {
  if (what === "list") return;
  throw new OptionError({
    column: "store",
    message: `was asked for "${what ?? ""}", which it does not do`,
    fix: "use `npx tickbook store list`",
  });
}

function describe({ key, manifest }: StoredPartition): Readonly<Record<string, unknown>> {
  const { rows, rejected, first, last, source, files } = manifest;
  const { bytes, sha256 } = source;
  const parquet = files[PARQUET_FILE];
  return {
    ...key,
    rows,
    rejected,
    first,
    last,
    source: { kind: source.kind, bytes, sha256 },
    parquet,
  };
}
