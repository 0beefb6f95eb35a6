// Real messages of an exchange three ways: its dataset files, its socket, and the vendor's replay of what was recorded.
import { existsSync } from "node:fs";
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import { createFeatureEngine } from "../../features/engine.js";
import { folderSource } from "../../ingest/folder-source.js";
import { ingest } from "../../ingest/ingest.js";
import { Replay } from "../../market/replay.js";
import { streamFeed } from "../../runtime/feed/stream-feed.js";
import { startDatasetServer } from "../../simulate/dataset-server.js";
import { startExchangeServer } from "../../simulate/exchange/exchange-server.js";
import { readBookChanges, readTrades } from "../../store/read.js";
import { openStore, type Store } from "../../store/store.js";
import type { BookChanges } from "../../store/tables.js";
import type { BenchResult } from "../benchmark.js";
import { atMost } from "../figures.js";
import { measuredChild } from "../measured-child.js";
import { fedRows } from "./fed-rows.js";
import { differingRows, textOfRow } from "./text-rows.js";

const EXCHANGE = "binance";
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const DAYS = ["2024-08-08", "2024-08-09"];
const MINUTES = { from: "2024-08-08T23:54", to: "2024-08-09T00:06" };
const BAR_US = 10e6;

/** Rows as text, by symbol. */
type Rows = ReadonlyMap<string, readonly string[]>;

/**
 * Compares the features of eleven minutes over midnight.
 *
 * @param place.root - the project; what was recorded lies beside it, and where it does not nothing is compared
 */
export async function rawMinutes(place: {
  readonly root: string;
  readonly folder: string;
}): Promise<readonly BenchResult[]> {
  const recorded = path.resolve(place.root, "..", "shared", "market-data");
  if (!existsSync(path.join(recorded, "raw", EXCHANGE))) return [nothingThere(recorded)];
  const expected = await fileRows(path.join(recorded, "datasets"), place.folder);
  const socket = await socketRows(path.join(recorded, "raw"));
  const replay = await replayRows(recorded, place);
  return [
    comparison("by the exchange's socket", socket, expected),
    comparison("by the vendor's replay", replay, expected),
  ];
}

function comparison(how: string, found: Rows, expected: Rows): BenchResult {
  const rows = [...expected.values()].reduce((sum, all) => sum + all.length, 0);
  // No difference among no rows would be no finding.
  if (rows === 0) throw nothingToCompare("the dataset files gave no bar");
  const value = SYMBOLS.reduce((sum, symbol) => {
    return sum + differingRows(found.get(symbol) ?? [], expected.get(symbol)!);
  }, 0);
  return atMost(0, {
    what: `Binance's own messages ${how}, features beside those of the dataset files`,
    unit: `differing rows of ${rows}`,
    value,
    note: `${SYMBOLS.join(" and ")}, ${MINUTES.from} to ${MINUTES.to}, bars of ten seconds`,
  });
}

function nothingToCompare(message: string): WorkbenchError {
  return new WorkbenchError({ message });
}

function nothingThere(folder: string): BenchResult {
  const head = { what: "Binance's own messages, features beside those of the dataset files" };
  const none = { unit: "differing rows", ours: null, rival: null, ratio: null, bar: null };
  return { ...head, ...none, ok: true, note: `not compared: nothing recorded is in ${folder}` };
}

/** By store and replay, as features are computed. */
async function fileRows(datasets: string, folder: string): Promise<Rows> {
  const store = await openStore(path.join(folder, "recorded"));
  try {
    const types = ["trades", "incremental_book_L2"];
    const request = { exchange: EXCHANGE, symbols: SYMBOLS, types, days: DAYS };
    const files = await ingest(store, await folderSource(datasets), request);
    const failed = files.find(({ status }) => status !== "written");
    if (failed) throw nothingToCompare(`${failed.symbol} ${failed.date} was ${failed.status}`);
    const all = new Map<string, readonly string[]>();
    for (const symbol of SYMBOLS) all.set(symbol, await replayedRows(store, symbol));
    return all;
  } finally {
    await store.close();
  }
}

async function replayedRows(store: Store, symbol: string): Promise<readonly string[]> {
  const rows: string[] = [];
  const engine = createFeatureEngine((row) => rows.push(textOfRow(row)), { barUs: BAR_US });
  const replay = new Replay(engine, { book: engine.book });
  for (const [i, date] of DAYS.entries()) {
    const day = { exchange: EXCHANGE, symbol, date };
    const changes = readBookChanges(store, day);
    const bookChanges = i === 0 ? changes : withoutFirstBook(changes);
    await replay.run({ trades: readTrades(store, day), bookChanges });
  }
  replay.finish();
  engine.finish();
  return rows;
}

/** A day of the files begins with a whole book that the vendor adds and the exchange never sent. */
async function* withoutFirstBook(
  batches: AsyncIterable<BookChanges>,
): AsyncGenerator<BookChanges, void> {
  let isOver = false;
  for await (const batch of batches) {
    const first = isOver ? 0 : batch.isSnapshot.indexOf(0);
    if (first < 0) continue;
    isOver = true;
    const cut = Object.entries(batch).map(([name, column]) => [name, column.slice(first)]);
    yield Object.fromEntries(cut) as BookChanges;
  }
}

async function socketRows(folder: string): Promise<Rows> {
  const market = { folder, exchange: EXCHANGE, protocol: EXCHANGE, symbols: [] } as const;
  const server = await startExchangeServer({ ...market, ...MINUTES });
  try {
    const url = `${server.url}?arrivals=true`;
    return await fedRows(
      streamFeed({ exchange: EXCHANGE, symbols: SYMBOLS, url }),
      SYMBOLS,
      BAR_US,
    );
  } finally {
    await server.close();
  }
}

/** In a process that trusts the certificate of the server that answers as the vendor's does. */
async function replayRows(
  recorded: string,
  { root, folder }: { readonly root: string; readonly folder: string },
): Promise<Rows> {
  const server = await startDatasetServer(recorded);
  try {
    const script = path.join(root, "dist", "bench", "runtime", "vendor-replay-child.js");
    const cache = path.join(folder, "vendor-cache");
    const asked = [EXCHANGE, SYMBOLS.join(","), MINUTES.from, MINUTES.to, String(BAR_US)];
    const { output } = await measuredChild(root, {
      command: [process.execPath, script, server.url, cache, ...asked],
      outputFile: path.join(folder, "vendor-rows.json"),
      environment: { NODE_EXTRA_CA_CERTS: server.certificate },
    });
    return new Map(Object.entries(JSON.parse(output) as Record<string, readonly string[]>));
  } finally {
    await server.close();
  }
}
