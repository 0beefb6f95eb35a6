import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { type Random, seededRandom } from "../core/random.js";
import { dayStartUs } from "../core/time.js";
import { vendorPath } from "../ingest/vendor-path.js";
import { SCHEMAS } from "../store/schema.js";
import type { DataType, PartitionKey } from "../store/tables.js";

/** The partition that most faults are planted in. */
export const SAMPLE_KEY: PartitionKey = {
  type: "trades",
  exchange: "binance",
  symbol: "BTCUSDT",
  date: "2024-08-08",
};

/** Types that samples are made of. */
export type SampleType = Extract<
  DataType,
  | "trades"
  | "incremental_book_L2"
  | "quotes"
  | "derivative_ticker"
  | "book_snapshot_5"
  | "book_snapshot_25"
>;

/**
 * A vendor file of random rows that all keep the rules, its lines without their ends; the first is the header.
 *
 * @param options.rows - data rows
 * @param options.seed - the same seed and key give the same rows
 */
export function sampleLines(
  key: PartitionKey & { readonly type: SampleType },
  { rows, seed }: { readonly rows: number; readonly seed: number },
): readonly string[] {
  const random = seededRandom(seed, `sample ${vendorPath(key)}`);
  const names = ["exchange", "symbol", ...SCHEMAS[key.type].map(({ name }) => name)];
  const lines = [names.join(",")];
  // Rows end well within the day however many there are.
  const stepUs = Math.min(50_000, 8e10 / rows);
  let localUs = dayStartUs(key.date);
  for (let row = 0; row < rows; row++) {
    if (random.uniform() < 0.7) localUs += 1 + Math.floor(stepUs * random.uniform());
    const timeUs = localUs - random.below(20_000);
    const fields = ROW_MAKERS[key.type](random, row);
    lines.push([key.exchange, key.symbol, timeUs, localUs, ...fields].join(","));
  }
  return lines;
}

/** A vendor file's text: lines with their ends. */
export function textOf(lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""));
}

/** Puts a file into a mirror folder; returns its path. */
export async function putFile(root: string, key: PartitionKey, bytes: Buffer): Promise<string> {
  const file = path.join(root, ...vendorPath(key).split("/"));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}

const ROW_MAKERS: Readonly<
  Record<SampleType, (random: Random, row: number) => readonly (string | number | boolean)[]>
> = {
  trades: (random, row) => [
    1e9 + row,
    random.uniform() < 0.5 ? "buy" : "sell",
    price(random),
    amount(random),
  ],
  incremental_book_L2: (random, row) => [
    row < 20,
    random.uniform() < 0.5 ? "bid" : "ask",
    price(random),
    random.uniform() < 0.2 ? 0 : amount(random),
  ],
  quotes: (random) => {
    const bid = Number(price(random));
    return [amount(random), (bid + 0.1).toFixed(1), bid.toFixed(1), amount(random)];
  },
  derivative_ticker: (random) => [
    // The vendor leaves out what an exchange does not tell.
    random.uniform() < 0.5 ? "" : 1_723_132_800_000_000,
    ((random.below(200) - 100) / 1e6).toFixed(6),
    "",
    amount(random),
    price(random),
    price(random),
    price(random),
  ],
  book_snapshot_5: (random) => snapshot(random, 5),
  book_snapshot_25: (random) => snapshot(random, 25),
};

/** Ask price and amount, bid price and amount of each level, the best first. */
function snapshot(random: Random, levels: number): readonly string[] {
  const best = Number(price(random));
  return Array.from({ length: levels }, (_, level) => [
    (best + (level + 1) / 10).toFixed(1),
    amount(random),
    (best - level / 10).toFixed(1),
    amount(random),
  ]).flat();
}

function price(random: Random): string {
  return (60_000 + random.below(5000) / 10).toFixed(1);
}

function amount(random: Random): string {
  return (0.001 + random.exponential()).toFixed(3);
}
