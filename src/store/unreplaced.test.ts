import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DataError, WorkbenchError } from "../core/errors.js";
import { partitionFolder } from "./partition.js";
import { queryBatches } from "./query.js";
import { readTrades } from "./read.js";
import { openStore, type Store } from "./store.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";
import { readUnreplaced, streamUnreplaced } from "./unreplaced.js";

const FOLDER = partitionFolder(TRADES_KEY);
const REPLACED =
  /symbol=BTCUSDT.*was replaced or removed by another run.*; wait for .* run the same again/;

let root: string;
let store: Store;
let writer: Store;
let replacements: number;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-unreplaced-"));
  store = await openStore(root);
  writer = await openStore(root);
  replacements = 0;
  await writeTestTrades(writer, 3);
});

afterEach(async () => {
  await store.close();
  await writer.close();
  await rm(root, { recursive: true, force: true });
});

/** Puts another partition there, and with the second of two the first one again: the same bytes as before. */
async function replace(): Promise<void> {
  replacements++;
  await writeTestTrades(writer, 4);
  await writeTestTrades(writer, 3);
}

async function all<Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> {
  const found: Value[] = [];
  for await (const value of values) found.push(value);
  return found;
}

test("a read begins anew as long as what it reads is replaced, even by the same bytes", async () => {
  let tries = 0;
  const read = await readUnreplaced(store, async (seen) => {
    await seen.add(FOLDER);
    if (++tries < 4) await replace();
    // An error of a try in vain is none.
    if (tries === 2) throw new Error("IO Error: the file is gone");
    if (tries !== 4) return tries;
    // Put back, the folder is the same, and yet it was away.
    await rename(store.path(FOLDER), `${root}/away`);
    await rename(`${root}/away`, store.path(FOLDER));
    throw new Error("IO Error: the file is gone");
  });
  expect([read, tries]).toEqual([5, 5]);
});

test("errors of a read count when nothing was replaced; a stop counts at once", async () => {
  const fail = (error: Error, isReplaced: boolean): Promise<never> =>
    readUnreplaced(store, async (seen) => {
      await seen.add(FOLDER);
      if (isReplaced) await replace();
      throw error;
    });
  await expect(fail(new DataError({ message: "was damaged" }), false)).rejects.toThrow(/damaged/);
  await expect(fail(new WorkbenchError({ message: "was stopped" }), true)).rejects.toThrow(
    /stopped/,
  );
  expect(replacements).toBe(1);
});

test("a partition that is replaced in every try, or removed amidst the batches, is named", async () => {
  let next = 0;
  const always = readUnreplaced(store, async (seen) => {
    await seen.add(FOLDER);
    await writeTestTrades(writer, 5 + next++);
  });
  await expect(always).rejects.toThrow(REPLACED);
  expect(next).toBe(40);

  const given: number[] = [];
  const batches = streamUnreplaced(store, async function* (seen) {
    await seen.add(FOLDER);
    yield* [1, 2, 3];
    await rm(store.path(FOLDER), { recursive: true });
  });
  const take = async (): Promise<void> => {
    for await (const batch of batches) given.push(batch);
  };
  await expect(take()).rejects.toThrow(REPLACED);
  expect(given).toEqual([1, 2]);
});

test("batches begin anew as long as none was given, and end when the loop over them does", async () => {
  let tries = 0;
  let isClosed = false;
  const stream = (): AsyncGenerator<number> =>
    streamUnreplaced(store, async function* (seen) {
      try {
        await seen.add(FOLDER);
        if (++tries < 3) await replace();
        yield* [tries, 7, 8];
      } finally {
        isClosed = true;
      }
    });
  const one = streamUnreplaced(store, async function* (seen) {
    await seen.add(FOLDER);
    yield ++tries;
    if (tries < 3) await replace();
  });
  expect(await all(one)).toEqual([3]);
  tries = 2;
  expect(await all(stream())).toEqual([3, 7, 8]);
  isClosed = false;
  for await (const _ of stream()) break;
  expect(isClosed).toBe(true);
});

test("a query and a typed read that are amidst their batches say which partition was replaced", async () => {
  await writeTestTrades(writer, 400_000);
  const take = async (batches: AsyncIterable<unknown>): Promise<void> => {
    let isReplaced = false;
    for await (const _ of batches) {
      if (!isReplaced) await replace();
      isReplaced = true;
    }
  };
  await expect(take(queryBatches(store, "SELECT * FROM trades"))).rejects.toThrow(REPLACED);
  await writeTestTrades(writer, 400_000);
  await expect(take(readTrades(store, TRADES_KEY))).rejects.toThrow(REPLACED);
});
