import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US } from "../core/time.js";
import { SCHEMAS } from "../store/schema.js";
import type { DataType } from "../store/tables.js";
import { RowParser } from "./row-parser.js";
import { byParser, byPlainModel, START_US } from "./test-parsed-rows.js";

const number = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-0",
    "0.0",
    "1",
    "007",
    "1.",
    ".5",
    "-1.5",
    "1e3",
    "1E-7",
    "NaN",
    "Infinity",
    "1e999",
    "1 ",
    "0x1",
  ),
  fc.nat(999_999).map((n) => String(n / 10)),
  fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `${a}.${b}`),
  fc.bigInt(0n, 10n ** 22n).map(String),
  fc.double({ noNaN: true }).map(String),
);
const FIELDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  bookSide: fc.constantFrom("bid", "ask", "bid", "ask", "bids", "as", ""),
  tradeSide: fc.constantFrom("buy", "sell", "unknown", "buys", "sel", "unknow", ""),
  flag: fc.constantFrom("true", "false", "true", "false", "tru", "falsey", "True", ""),
  text: fc.oneof(
    fc.nat().map(String),
    fc.constantFrom("", "a'b", 'a"b', "é", "a b", "x".repeat(256), "x".repeat(257)),
  ),
  time: fc.constantFrom("", "1723161600000000", "1723161600000", "12", "99999999999999999"),
};
const time = (center: fc.Arbitrary<number>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 40, arbitrary: center.map(String) },
    { weight: 1, arbitrary: fc.constantFrom("", "17231616000000.5", "172316160000000", "x") },
  );

/** Rows as they come, most of them good, in messages that share their times; some with an altered byte. */
function rowsOf(type: DataType): fc.Arbitrary<readonly string[]> {
  const fields = SCHEMAS[type].slice(2).map(({ rule }) => {
    const good: fc.Arbitrary<string> = FIELDS[rule] ?? number;
    const usual = FIELDS[rule] ?? fc.nat(9_999_999).map((n) => String((n + 1) / 1000));
    return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: good });
  });
  const message = fc.record({
    names: fc.oneof(
      { weight: 30, arbitrary: fc.constant("binance,BTCUSDT") },
      fc.constantFrom("binance,btcusdt", "binance,BTC/USDT", "kraken,BTCUSDT", "binance"),
    ),
    step: fc.integer({ min: -20, max: 2_000_000 }),
    rows: fc.array(
      fc.tuple(...fields).map((values) => values.join(",")),
      { minLength: 1, maxLength: 12 },
    ),
    timestamp: time(
      fc
        .oneof(
          { weight: 30, arbitrary: fc.integer({ min: -2e6, max: 2e6 }) },
          { weight: 1, arbitrary: fc.constantFrom(-DAY_US, -DAY_US - 3e7, DAY_US, DAY_US + 3e7) },
        )
        .map((delay) => START_US + 5e6 + delay),
    ),
  });
  const flip = fc.oneof(
    { weight: 30, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })) },
  );
  return fc
    .tuple(fc.array(message, { maxLength: 25 }), fc.array(flip, { minLength: 40, maxLength: 40 }))
    .map(([messages, flips]) => {
      let localUs = START_US;
      const lines = messages.flatMap(({ names, step, rows, timestamp }) => {
        localUs += step;
        return rows.map((row) => `${names},${timestamp},${localUs},${row}`);
      });
      return lines.map((line, i) => altered(line, flips[i % flips.length]!));
    });
}

function altered(line: string, flip: readonly [number, number] | null): string {
  if (flip === null) return line;
  const at = flip[0] % line.length;
  const code = flip[1];
  return code === 10 ? line : line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1);
}

test.each([
  "incremental_book_L2",
  "trades",
  "quotes",
  "derivative_ticker",
  "book_snapshot_5",
] as const)(
  "%s: rows are taken and rejected as a plain model does, whatever the pieces they come in",
  (type) => {
    let taken = 0;
    let left = 0;
    fc.assert(
      fc.property(rowsOf(type), fc.integer({ min: 1, max: 5000 }), (lines, pieceBytes) => {
        const expected = byPlainModel(type, lines);
        expect(byParser(type, lines, pieceBytes)).toEqual(expected);
        taken += expected.rows.length;
        left += expected.rejected.length;
      }),
      { seed: 3, numRuns: 150 },
    );
    expect(taken).toBeGreaterThan(1000);
    expect(left).toBeGreaterThan(100);
  },
);

test("an amount without its price is no side of a quote; a price may stand alone", () => {
  const times = `binance,BTCUSDT,${START_US},${START_US}`;
  const sides = ["1,100,99,1", ",,99,1", "1,100,,", ",,,", ",100,99,", "1,,99,1", "1,100,,1"];
  const { rows, rejected } = byParser(
    "quotes",
    sides.map((side) => `${times},${side}`),
    1 << 18,
  );
  expect(rows).toHaveLength(5);
  expect(rejected).toEqual([7, 8]);
});

/** What a field may hold beside its usual form, right or wrong. */
const UNUSUAL: Readonly<Record<string, readonly string[]>> = {
  bookSide: ["bi", "bids", "bid ", "Bid", "asks", "", "bidx,1"],
  tradeSide: ["bu", "buys", "Buy", "sells", "selx", "sell ", "unknowns", ""],
  flag: ["fals", "falsy", "falsx", "falsee", "truex", "truee", "True", "1", ""],
};
const NUMBERS = "0 0.0 -0 -1 -0.5 1e999 -1e999 NaN 1. .5 1e2 1x".split(" ");

const TIMES = `binance,BTCUSDT,${START_US + 7},${START_US + 9}`;
const USUAL: Readonly<Record<string, string>> = {
  bookSide: "bid",
  tradeSide: "sell",
  flag: "false",
};

test.each(["incremental_book_L2", "trades", "quotes", "derivative_ticker"] as const)(
  "%s: a field of any form amid rows that share their times is taken or rejected as a plain model does",
  (type) => {
    const rules = SCHEMAS[type].slice(2).map(({ rule }) => rule);
    const row = (change: Readonly<Record<number, string>>): string =>
      [TIMES, ...rules.map((rule, i) => change[i] ?? USUAL[rule] ?? "1")].join(",");
    const lines = rules.flatMap((rule, i) =>
      (UNUSUAL[rule] ?? NUMBERS).flatMap((form) => [row({}), row({ [i]: form })]),
    );
    const whole = row({});
    for (let at = TIMES.length; at > 0; at = whole.indexOf(",", at + 1)) {
      lines.push(whole, `${whole.slice(0, at)};${whole.slice(at + 1)}`);
    }
    // What follows lets the last of them be read as quickly as any.
    lines.push(...Array.from({ length: 9 }, () => row({})));
    const expected = byPlainModel(type, lines);
    expect(byParser(type, lines, 1 << 20)).toEqual(expected);
    expect(expected.rejected.length).toBeGreaterThan(8);
  },
);

test("the day holds its first and its last µs, and a timestamp may be a day away to the µs", () => {
  const row = (timestampUs: number, localUs: number): string =>
    `binance,BTCUSDT,${timestampUs},${localUs},1,buy,1,1`;
  const last = START_US + DAY_US - 1;
  const lines = [
    row(START_US, START_US - 1),
    row(START_US - DAY_US - 1, START_US),
    row(START_US - DAY_US, START_US),
    row(START_US + DAY_US + 5, START_US + 5),
    row(START_US + DAY_US + 6, START_US + 5),
    row(last - DAY_US - 1, last),
    row(last, last),
    row(last + DAY_US, last),
    row(last, last + 1),
  ];
  // Whole, and each line alone in its piece, which the careful reader takes.
  for (const pieceBytes of [1 << 20, 1, 64]) {
    const { rejected } = byParser("trades", lines, pieceBytes);
    expect(rejected).toEqual([2, 3, 6, 7, 10]);
  }
});

test("a line without an end is stopped at the first byte too many, whatever the pieces", () => {
  const key = {
    type: "trades",
    exchange: "binance",
    symbol: "BTCUSDT",
    date: "2024-08-08",
  } as const;
  for (const pieceBytes of [1, 1000, 1 << 16]) {
    const parser = new RowParser(key, { append: (batch) => batch, reject: () => undefined });
    let bytes = 0;
    const push = (): void => {
      for (;;) {
        parser.push(Buffer.alloc(pieceBytes, "x"));
        bytes += pieceBytes;
      }
    };
    expect(push).toThrow(/was longer than 65536 bytes/);
    expect(bytes).toBe(Math.floor((1 << 16) / pieceBytes) * pieceBytes);
  }
});

test("a number is read to its last character, however long it is", () => {
  const zeros = "0".repeat(400);
  const rows = [
    "100.5",
    `1.5${zeros}`,
    `1.5${zeros}e5`,
    `1.5${zeros}x`,
    `1.${zeros}.1`,
    `${zeros}2`,
  ];
  const times = `${START_US},${START_US}`;
  const lines = rows.map((price) => `binance,BTCUSDT,${times},1,buy,${price},1`);
  const { rows: taken, rejected } = byParser("trades", lines, 1 << 18);
  expect(taken.map((row) => row[4])).toEqual([100.5, 1.5, 150000, 2]);
  expect(rejected).toEqual([5, 6]);
});
