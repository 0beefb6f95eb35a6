import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { dayStartUs, SECOND_US } from "../../core/time.js";
import { openStore, type Store } from "../../store/store.js";
import { writePartition } from "../../store/write.js";
import type { CandleRow } from "./candle-buffer.js";

/** The day most tests are about, and a clock that shows a later one. */
export const DATE = "2024-08-08";
export const START_S: number = dayStartUs(DATE) / SECOND_US;
export const NOW_US: number = dayStartUs("2024-09-01");

const endings: (() => Promise<void>)[] = [];

/** Closes and removes all that a test has made, the last first. */
export async function cleanUp(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}

/** Has something done when the test ends. */
export function onCleanUp(end: () => Promise<void>): void {
  endings.push(end);
}

/** An empty folder. */
export async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "tickbook-candles-"));
  onCleanUp(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A store, in a fresh folder unless one is named. */
export async function freshStore(root?: string): Promise<Store> {
  const store = await openStore(root ?? (await freshFolder()));
  onCleanUp(() => store.close());
  return store;
}

/** A good candle whose every value follows from its minute. */
export function candle(timeS: number): CandleRow {
  const wave = (length: number): number => Math.sin(timeS / length);
  const open = 60_000 + 100 * wave(7200);
  const close = 60_000 + 100 * wave(7100);
  const low = Math.min(open, close) - 1 - wave(31);
  const high = Math.max(open, close) + 1 + wave(37);
  return [timeS, low, high, open, close, 2 + wave(41)];
}

/** Good candles of days from the first, but for some minutes (counted from the first day's start). */
export function candlesOf(
  { days = 1, startS = START_S }: { readonly days?: number; readonly startS?: number } = {},
  without: (minute: number) => boolean = () => false,
): Map<number, CandleRow> {
  const minutes = Array.from({ length: 1440 * days }, (_, minute) => minute);
  const left = minutes.filter((minute) => !without(minute)).map((minute) => startS + 60 * minute);
  return new Map(left.map((timeS) => [timeS, candle(timeS)]));
}

/** Stores trades at some seconds of a day (by exchange time), each of which arrived 50 ms later. */
export async function storeTrades(
  store: Store,
  seconds: readonly number[],
  {
    exchange = "coinbase",
    symbol = "BTC-USD",
    date = DATE,
  }: { readonly exchange?: string; readonly symbol?: string; readonly date?: string } = {},
): Promise<void> {
  const startUs = dayStartUs(date);
  const madeUs = Float64Array.from(seconds, (second) => startUs + second * SECOND_US);
  const arrivedUs = madeUs.map((timeUs) => Math.max(startUs, timeUs + 50_000));
  await writePartition(store, { type: "trades", exchange, symbol, date }, async ({ append }) => {
    const ids = seconds.map(String);
    const ones = Float64Array.from(seconds, () => 1);
    append([madeUs, arrivedUs, ids, new Int8Array(seconds.length).fill(1), ones, ones], ids.length);
    const source = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;
    return { source, rejected: {} };
  });
}
