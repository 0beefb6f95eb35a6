import { type Random, seededRandom } from "../core/random.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { vendorPath } from "../ingest/vendor-path.js";
import { SCHEMAS } from "../store/schema.js";
import type { DataType, PartitionKey } from "../store/tables.js";

/** Types that known days are made of. */
export type KnownType = Extract<
  DataType,
  "trades" | "incremental_book_L2" | "quotes" | "book_snapshot_5" | "derivative_ticker"
>;

/** All of them. */
export const KNOWN_TYPES: readonly KnownType[] = [
  "trades",
  "incremental_book_L2",
  "quotes",
  "book_snapshot_5",
  "derivative_ticker",
];

/** Key of a known day. */
export type KnownKey = PartitionKey & { readonly type: KnownType };

/** A field's value; NaN is an empty field. */
export type KnownValue = number | string | boolean;

/** A vendor file of which every row is known. */
export interface KnownDay {
  /** Text of the whole file, header first. */
  readonly text: string;
  /** Rows that keep the rules, in order; values in the order of the type's schema. */
  readonly good: readonly (readonly KnownValue[])[];
  /** Rows that break a rule. */
  readonly rejected: number;
}

/** Share of rows that break a rule; an ingest allows 0.001. */
const BAD_SHARE = 0.0004;

/**
 * Makes one vendor file of random rows, some of which break a rule.
 *
 * @param options.rows - data rows, bad ones included; from 2,500 on one or more is bad
 * @param options.seed - the same seed and key give the same text
 */
export function knownDay(
  key: KnownKey,
  { rows, seed }: { readonly rows: number; readonly seed: number },
): KnownDay {
  const random = seededRandom(seed, `known ${vendorPath(key)}`);
  const bad = new Set<number>();
  while (bad.size < Math.floor(BAD_SHARE * rows)) bad.add(random.below(rows));
  const fields = SCHEMAS[key.type];
  const lines = [["exchange", "symbol", ...fields.map(({ name }) => name)].join(",")];
  const good: (readonly KnownValue[])[] = [];
  const stepUs = (0.9 * DAY_US) / rows;
  let localUs = dayStartUs(key.date);
  for (let row = 0; row < rows; row++) {
    if (random.uniform() < 0.7) localUs += 1 + Math.floor(stepUs * random.uniform());
    const values = [localUs - random.below(20_000), localUs, ...VALUES[key.type](random, row)];
    const texts = values.map((value) => (Number.isNaN(value) ? "" : String(value)));
    // The last field of every type is an amount or a price.
    if (bad.has(row)) texts[texts.length - 1] = "-1";
    else good.push(values);
    lines.push([key.exchange, key.symbol, ...texts].join(","));
  }
  return { text: `${lines.join("\n")}\n`, good, rejected: bad.size };
}

const VALUES: Readonly<Record<KnownType, (random: Random, row: number) => readonly KnownValue[]>> =
  {
    trades: (random, row) => [
      String(4_000_000_000 + row),
      ["buy", "sell", "unknown"][random.below(3)]!,
      price(random),
      amount(random),
    ],
    incremental_book_L2: (random, row) => [
      row < 50,
      random.uniform() < 0.5 ? "bid" : "ask",
      price(random),
      random.uniform() < 0.2 ? 0 : amount(random),
    ],
    quotes: (random) => {
      const hasAsk = random.uniform() < 0.98;
      const ask = hasAsk ? [amount(random), price(random)] : [Number.NaN, Number.NaN];
      return [...ask, price(random), amount(random)];
    },
    book_snapshot_5: (random) => {
      const best = price(random);
      return Array.from({ length: 5 }, (_, level) => [
        tenths(best + (level + 1) / 10),
        amount(random),
        tenths(best - level / 10),
        amount(random),
      ]).flat();
    },
    derivative_ticker: (random) => [
      random.uniform() < 0.5 ? Number.NaN : 1_723_132_800_000_000,
      (random.below(200) - 100) / 1e6,
      Number.NaN,
      amount(random),
      price(random),
      price(random),
      price(random),
    ],
  };

function price(random: Random): number {
  return tenths(60_000 + random.below(5000) / 10);
}

function tenths(value: number): number {
  return Math.round(10 * value) / 10;
}

function amount(random: Random): number {
  return Math.round(1000 * (0.001 + random.exponential())) / 1000;
}
