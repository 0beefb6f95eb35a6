// One market of eleven minutes by three ways: the dataset files, the exchange's socket, and the vendor's replay.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { createFeatureEngine } from "../../features/engine.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import { Replay } from "../../market/replay.js";
import {
  CAPTURES,
  captureBookChanges,
  captureTrades,
  hasCaptures,
} from "../../market/test-captures.js";
import { startDatasetServer } from "../../simulate/dataset-server.js";
import { cleanUp, closing, serve } from "../../simulate/exchange/test-exchange.js";
import { microsecondDate } from "../../store/rows/microsecond-date.js";
import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import type { BookChanges, Trades } from "../../store/tables.js";
import type { FeedEvent } from "./feed-event.js";
import { FeedEventMaker, feedEvents } from "./feed-event-maker.js";
import { openStream } from "./open-stream.js";
import {
  changesOf,
  copyOf,
  featuresOf,
  firstDifference,
  joined,
  tradesOf,
  untilEnd,
} from "./test-feed.js";

const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
const MINUTES = { from: "2024-08-08T23:54", to: "2024-08-09T00:06" };
const DAYS = ["2024/08/08", "2024/08/09"] as const;
const BARS = { barUs: 10e6 };
const MARKET_DATA = path.dirname(CAPTURES);

afterEach(cleanUp);

interface FileRows {
  readonly trades: readonly Trades[];
  readonly changes: readonly BookChanges[];
}

const files = new Map<string, FileRows>();

/** Trades and changes of a symbol's two files, without the snapshot that the vendor adds at midnight. */
function fileRows(symbol: string): FileRows {
  const found = files.get(symbol) ?? readFiles(symbol);
  files.set(symbol, found);
  return found;
}

function readFiles(symbol: string): FileRows {
  const changes = DAYS.map((day) =>
    captureBookChanges(`binance/incremental_book_L2/${day}/${symbol}`),
  );
  const added = changes[1]!.isSnapshot.indexOf(0);
  return {
    trades: DAYS.map((day) => captureTrades(`binance/trades/${day}/${symbol}`)),
    changes: [changes[0]!, rowsFrom(changes[1]!, added)],
  };
}

function rowsFrom(changes: BookChanges, first: number): BookChanges {
  const cut = Object.entries(changes).map(([name, column]) => [name, column.slice(first)]);
  return Object.fromEntries(cut) as BookChanges;
}

/** Features of the files' rows, by the replay that the batch run uses. */
async function fileFeatures(symbol: string): Promise<readonly FeatureRow[]> {
  const rows: FeatureRow[] = [];
  const engine = createFeatureEngine((row) => rows.push(copyOf(row)), BARS);
  const replay = new Replay(engine, { book: engine.book });
  const { trades, changes } = fileRows(symbol);
  await replay.run({ trades, bookChanges: changes });
  replay.finish();
  engine.finish();
  return rows;
}

/** The plain text of a file's ids. */
function fileIds(symbol: string): readonly string[] {
  return DAYS.flatMap((day) => {
    const file = path.join(CAPTURES, "binance/trades", day, `${symbol}.csv.gz`);
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split("\n");
    return lines.slice(1).map((line) => line.split(",")[4]!);
  });
}

/** What the vendor's client replays from the server of this machine, in a process that trusts its certificate. */
async function vendorReplay(url: string, certificate: string): Promise<readonly FeedEvent[]> {
  const cacheDir = await mkdtemp(path.join(tmpdir(), "tickbook-vendor-"));
  closing({ close: () => rm(cacheDir, { recursive: true, force: true }) });
  const program = `
    const { init, replayNormalized, normalizeTrades, normalizeBookChanges } = require("tardis-dev");
    init({ endpoint: ${JSON.stringify(`${url}/v1`)}, cacheDir: ${JSON.stringify(cacheDir)} });
    const request = { exchange: "binance", symbols: ${JSON.stringify(SYMBOLS)}, ...${JSON.stringify(MINUTES)} };
    const us = (date) => date.valueOf() * 1000 + (date.μs ?? 0);
    (async () => {
      for await (const message of replayNormalized(request, normalizeTrades, normalizeBookChanges)) {
        const times = { timestamp: us(message.timestamp), localTimestamp: us(message.localTimestamp) };
        const line = JSON.stringify({ ...message, ...times }) + "\\n";
        if (!process.stdout.write(line)) await new Promise((go) => process.stdout.once("drain", go));
      }
    })();`;
  const child = spawn(process.execPath, ["-e", program], {
    cwd: path.resolve(__dirname, "../../.."),
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    stdio: ["ignore", "pipe", "inherit"],
  });
  closing({ close: () => child.kill() });
  async function* messages(): AsyncGenerator<NormalizedMessage> {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line);
      const times = {
        timestamp: microsecondDate(message.timestamp),
        localTimestamp: microsecondDate(message.localTimestamp),
      };
      yield { ...message, ...times };
    }
  }
  const maker = new FeedEventMaker();
  const events: FeedEvent[] = [];
  for await (const event of feedEvents(messages(), maker)) events.push(event);
  expect(maker.rejected).toEqual({});
  return events;
}

describe.skipIf(!hasCaptures)(
  "Binance, eleven minutes over midnight (needs ../shared/market-data)",
  () => {
    let socket: readonly FeedEvent[];
    const features = new Map<string, readonly FeatureRow[]>();

    beforeAll(async () => {
      if (!hasCaptures) return;
      const folder = path.join(MARKET_DATA, "raw");
      const market = { folder, exchange: "binance", protocol: "binance", symbols: [] } as const;
      const server = await serve({ ...market, ...MINUTES });
      const url = `${server.url}?arrivals=true`;
      const stream = closing(await openStream({ exchange: "binance", symbols: SYMBOLS, url }));
      socket = await untilEnd(stream);
      expect([stream.errors, stream.rejected]).toEqual([[], {}]);
      for (const symbol of SYMBOLS) features.set(symbol, featuresOf(socket, symbol, BARS));
      await cleanUp();
    });

    test("the socket gives the trades and changes of the dataset files", () => {
      for (const symbol of SYMBOLS) {
        const { trades, changes } = fileRows(symbol);
        const { id, ...found } = tradesOf(socket, symbol);
        expect(firstDifference(found, joined(trades))).toBeUndefined();
        expect(id).toEqual(fileIds(symbol));
        // A change before BTC's first snapshot is merged into it by the normalizer, and comes after it in the file.
        const startUs = changes[0]!.localTimestampUs[0]!;
        const [ours, theirs] = [changesOf(socket, symbol), joined(changes)];
        const after = (rows: BookChanges): BookChanges =>
          rowsFrom(
            rows,
            rows.localTimestampUs.findIndex((us) => us > startUs),
          );
        expect(firstDifference(after(ours), after(theirs))).toBeUndefined();
        if (symbol === "ETHUSDT") expect(firstDifference(ours, theirs)).toBeUndefined();
      }
      expect(tradesOf(socket, "BTCUSDT").price.length).toBeGreaterThan(9757);
    });

    test("the socket gives the features that the replay of the dataset files gives", async () => {
      for (const symbol of SYMBOLS) {
        const rows = features.get(symbol)!;
        expect(rows).toEqual(await fileFeatures(symbol));
        expect(rows.length).toBeGreaterThan(60);
        // Enough of them have values for the test to mean something.
        const values = rows.at(-1)!.values.filter((value) => !Number.isNaN(value));
        expect(values.length).toBeGreaterThan(30);
      }
    });

    test("the vendor's replay of the same minutes gives the events of the socket", async () => {
      const server = closing(await startDatasetServer(MARKET_DATA));
      const events = await vendorReplay(server.url, server.certificate);
      expect(events).toHaveLength(socket.length - 1);
      for (const symbol of SYMBOLS) {
        const [ours, theirs] = [tradesOf(events, symbol), tradesOf(socket, symbol)];
        expect(firstDifference(ours, theirs)).toBeUndefined();
        const [changes, same] = [changesOf(events, symbol), changesOf(socket, symbol)];
        expect(firstDifference(changes, same)).toBeUndefined();
        expect(featuresOf(events, symbol, BARS)).toEqual(features.get(symbol));
      }
    }, 60_000);
  },
);
