import { rename } from "node:fs/promises";
import { PARQUET_FILE, partitionFolder } from "../../store/partition.js";
import { openStore } from "../../store/store.js";
import { writePartition } from "../../store/write.js";
import { BOOK_DAY } from "../ingest/book-file.js";
import type { Encode } from "./encode.js";

/** The store's own, on one thread; hashing, flushing to disk and committing are part of it. */
export const storeEncoder: Encode = async (blocks, { target, folder }) => {
  const store = await openStore(folder);
  await writePartition(store, BOOK_DAY, async (sink) => {
    for await (const {
      rows,
      timestampUs,
      localTimestampUs,
      isSnapshot,
      side,
      price,
      amount,
    } of blocks) {
      sink.append([timestampUs, localTimestampUs, isSnapshot, side, price, amount], rows);
    }
    const source = { kind: "file", path: "made", bytes: 0, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
  await store.close();
  await rename(store.path(`${partitionFolder(BOOK_DAY)}/${PARQUET_FILE}`), target);
};
