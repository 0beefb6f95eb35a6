import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { startDatasetServer } from "../../simulate/dataset-server.js";
import type { DataType } from "../../store/tables.js";
import { cleanUp, freshFolder } from "../test-mirror.js";
import { openReplaySource } from "./open-slices.js";
import { type ReplayedMinute, replayNormalized } from "./replay-normalized.js";
import type { SliceSource } from "./slice-source.js";
import {
  busyMinutes,
  DATE,
  EXCHANGE,
  gzipLines,
  minuteStartUs,
  rawDepth,
  rawMirror,
  rawSnapshot,
  rawTicker,
  rawTrade,
} from "./test-raw-feed.js";

afterEach(cleanUp);

const TYPES: readonly DataType[] = [
  "trades",
  "incremental_book_L2",
  "quotes",
  "book_snapshot_5",
  "book_snapshot_25",
];
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];

/** Normalizers of the vendor's client that give the types above, as its own users would choose them. */
const VENDOR_CHILD = `
const tardis = require("tardis-dev");
const [options, replay, depths] = JSON.parse(process.argv[1]);
tardis.init(options);
const us = (date) => date === undefined ? null : date.valueOf() * 1000 + (date.μs ?? 0);
(async () => {
  const normal = tardis.replayNormalized(replay, tardis.normalizeTrades, tardis.normalizeBookChanges, tardis.normalizeBookTickers);
  const snapshots = depths.map((depth) => tardis.computeBookSnapshots({ depth, interval: 0, name: "book_snapshot_" + depth }));
  const found = [];
  for await (const { timestamp, localTimestamp, ...rest } of tardis.compute(normal, ...snapshots)) {
    found.push({ ...rest, timestampUs: us(timestamp), localUs: us(localTimestamp) });
  }
  process.stdout.write(JSON.stringify(found));
})().catch((error) => { process.stderr.write(String(error)); process.exit(1); });
`;

interface VendorMessage {
  readonly type: string;
  readonly symbol: string;
  readonly name?: string;
  readonly timestampUs: number;
  readonly localUs: number;
  readonly id?: string;
  readonly side?: string;
  readonly price?: number;
  readonly amount?: number;
  readonly isSnapshot?: boolean;
  readonly bids: readonly { readonly price?: number; readonly amount?: number }[];
  readonly asks: readonly { readonly price?: number; readonly amount?: number }[];
  readonly bidPrice?: number;
  readonly bidAmount?: number;
  readonly askPrice?: number;
  readonly askAmount?: number;
}

/** What the vendor's client itself replays, in a process of its own. */
async function vendorMessages(
  options: object,
  { minutes, certificate }: { readonly minutes: number; readonly certificate: string },
): Promise<readonly VendorMessage[]> {
  const to = new Date((minuteStartUs(0) + minutes * 60e6) / 1000).toISOString();
  // Without these messages its order books outlive a lost connection.
  const withDisconnectMessages = true;
  const replay = { exchange: EXCHANGE, symbols: SYMBOLS, from: DATE, to, withDisconnectMessages };
  const args = ["-e", VENDOR_CHILD, JSON.stringify([options, replay, [5, 25]])];
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
  const cwd = path.resolve(__dirname, "../../..");
  const child = await promisify(execFile)(process.execPath, args, { cwd, env, timeout: 30_000 });
  return JSON.parse(child.stdout) as readonly VendorMessage[];
}

/** Rows of the vendor's messages: the fields of each type in the order of its file, nothing for what is missing. */
function vendorRows(messages: readonly VendorMessage[]): Record<string, unknown[][]> {
  const rows: Record<string, unknown[][]> = {};
  for (const m of messages) {
    const times = [m.timestampUs, m.localUs];
    const add = (type: string, ...fields: unknown[]): void => {
      rows[`${m.symbol} ${type}`] ??= [];
      rows[`${m.symbol} ${type}`]!.push([...times, ...fields]);
    };
    if (m.type === "trade") {
      add("trades", m.id, m.side === "buy" ? 1 : m.side === "sell" ? -1 : 0, m.price, m.amount);
    } else if (m.type === "book_change") {
      for (const [side, levels] of [[1, m.bids] as const, [-1, m.asks] as const]) {
        for (const { price, amount } of levels) {
          add("incremental_book_L2", m.isSnapshot === true ? 1 : 0, side, price, amount);
        }
      }
    } else if (m.type === "book_ticker") {
      add("quotes", m.askAmount, m.askPrice, m.bidPrice, m.bidAmount);
    } else if (m.type === "book_snapshot") {
      const levels = m.bids.flatMap((bid, i) => [
        m.asks[i]!.price ?? Number.NaN,
        m.asks[i]!.amount ?? Number.NaN,
        bid.price ?? Number.NaN,
        bid.amount ?? Number.NaN,
      ]);
      add(m.name!, ...levels);
    }
  }
  return rows;
}

async function replayed(source: SliceSource, minutes: number): Promise<readonly ReplayedMinute[]> {
  const to = new Date((minuteStartUs(0) + minutes * 60e6) / 1000).toISOString().slice(0, 16);
  const found: ReplayedMinute[] = [];
  const request = { exchange: EXCHANGE, symbols: SYMBOLS, types: TYPES, from: DATE, to };
  for await (const minute of replayNormalized(source, request)) found.push(minute);
  source.close();
  return found;
}

/** Three minutes as the vendor's client and as this one replay them from the same server. */
async function bothReplays(root: string): Promise<{
  readonly theirs: readonly VendorMessage[];
  readonly minutes: readonly ReplayedMinute[];
}> {
  const server = await startDatasetServer(root);
  try {
    const { url, certificate } = server;
    const options = { endpoint: `${url}/v1`, cacheDir: await freshFolder() };
    const theirs = await vendorMessages(options, { minutes: 3, certificate });
    const source = await openReplaySource(url, { certificate });
    return { theirs, minutes: await replayed(source, 3) };
  } finally {
    await server.close();
  }
}

function ownRows(minutes: readonly ReplayedMinute[]): Record<string, unknown[][]> {
  const rows: Record<string, unknown[][]> = {};
  for (const { symbol, type, rows: count, columns } of minutes.flatMap(({ tables }) => tables)) {
    const list = Object.values(columns);
    rows[`${symbol} ${type}`] ??= [];
    for (let i = 0; i < count; i++)
      rows[`${symbol} ${type}`]!.push(list.map((column) => column[i]));
  }
  return rows;
}

test("the replay of a server's feed is what the vendor's own client replays from it", async () => {
  const root = await rawMirror(busyMinutes());
  const { theirs, minutes } = await bothReplays(root);
  expect(minutes.map(({ isMissing, disconnects }) => [isMissing, disconnects])).toEqual([
    [false, 0],
    [false, 2],
    [false, 0],
  ]);
  const rows = ownRows(minutes);
  expect(rows).toEqual(vendorRows(theirs));
  expect(Object.keys(rows).sort()).toEqual([
    "BTCUSDT book_snapshot_25",
    "BTCUSDT book_snapshot_5",
    "BTCUSDT incremental_book_L2",
    "BTCUSDT quotes",
    "BTCUSDT trades",
    "ETHUSDT quotes",
    "ETHUSDT trades",
  ]);
  // By hand: the first trade, and the changes after the connection came back.
  expect(rows["BTCUSDT trades"]![0]).toEqual([
    minuteStartUs(0) + 3_000_000,
    minuteStartUs(0) + 3_000_007,
    "1",
    1,
    60000.5,
    0.25,
  ]);
  expect(rows["BTCUSDT incremental_book_L2"]!.map((row) => row.slice(2))).toEqual([
    [1, 1, 60000, 1],
    [1, -1, 60001, 2],
    [0, 1, 60000, 0],
    [0, -1, 60001.5, 1e-8],
    [1, 1, 60000, 1],
    [1, -1, 60001, 2],
    [0, 1, 59990, 5],
  ]);
}, 120_000);

test("any messages give the rows that the vendor's client gives from the same minutes", async () => {
  const amount = fc.constantFrom("0.00000000", "0.5", "12.34567890", "1e-8");
  const level = fc.tuple(
    fc.integer({ min: 100, max: 140 }).map((ticks) => (ticks / 100).toFixed(2)),
    amount,
  );
  const levels = fc.array(level, { maxLength: 8 });
  const event = fc.record({
    kind: fc.constantFrom("trade", "depth", "snapshot", "ticker", "cut"),
    symbol: fc.constantFrom(...SYMBOLS, "SOLUSDT"),
    gapUs: fc.integer({ min: 0, max: 900_000 }),
    bids: levels,
    asks: levels,
    isSell: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 60, maxLength: 150 }), async (events) => {
      const lines: string[][] = [[], [], []];
      const updates = new Map<string, number>();
      let atUs = 0;
      for (const { kind, symbol, gapUs, bids, asks, isSell } of events) {
        atUs = Math.min(atUs + gapUs, 180e6 - 1);
        const id = (updates.get(symbol) ?? 1) + 1;
        updates.set(symbol, id);
        const here = lines[Math.floor(atUs / 60e6)]!;
        if (kind === "cut") here.push("");
        else if (kind === "trade") here.push(rawTrade(atUs, { symbol, id, isSell }));
        else if (kind === "ticker") here.push(rawTicker(atUs, { symbol }));
        else if (kind === "snapshot")
          here.push(rawSnapshot(atUs, { symbol, last: id, bids, asks }));
        else here.push(rawDepth(atUs, { symbol, first: id, last: id, bids, asks }));
      }
      const root = await rawMirror(Object.fromEntries(lines.map((l, i) => [i, gzipLines(l)])));
      const { theirs, minutes } = await bothReplays(root);
      expect(minutes.every(({ rejected }) => Object.keys(rejected).length === 0)).toBe(true);
      expect(ownRows(minutes)).toEqual(vendorRows(theirs));
    }),
    { numRuns: 4, seed: 20240301, endOnFailure: true },
  );
}, 120_000);
