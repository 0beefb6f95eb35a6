import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US } from "../../core/time.js";
import { FEATURES, NO_BOOK_BIT, NO_TRADE_BIT } from "../catalogue.js";
import type { FeatureEntry } from "../feature.js";
import type { DaySource } from "../lacks-source.js";
import { MISSING_CAUSES } from "../missing-rule.js";
import { StreamClock } from "../stream-clock.js";
import { missingComplaints, missingCounts } from "./missing-causes.js";
import { newAges, takeDay } from "./stream-ages.js";
import type { SymbolColumns } from "./symbol-columns.js";

const BAR_US = DAY_US / 96;
const BOTH: DaySource = { hasTrades: true, tag: "incremental_book_L2" };

interface Scene {
  /** One letter a bar: `v` has a value, `.` has none. */
  readonly values: string;
  /** `-` nothing traded in the bar. */
  readonly trades?: string;
  /** `-` no valid book at its end. */
  readonly book?: string;
  readonly source?: DaySource;
  /** Bars after 00:00 that the stream begins. */
  readonly at?: number;
}

/** Columns of one feature named `open`, in one stream. */
function scene({ values, trades = "", book = "", source = BOTH, at = 0 }: Scene): SymbolColumns {
  const rows = values.length;
  const barEndUs = Float64Array.from(values, (_, i) => 20_000 * DAY_US + (at + i + 1) * BAR_US);
  const bit = (text: string, row: number, place: number): bigint =>
    text[row] === "-" ? 1n << BigInt(place) : 0n;
  const valid = BigUint64Array.from(
    values,
    (_, row) => bit(trades, row, NO_TRADE_BIT) | bit(book, row, NO_BOOK_BIT),
  );
  let hasTraded = false;
  const close = Float64Array.from(values, (_, row) => {
    hasTraded ||= trades[row] !== "-";
    return hasTraded ? 100 : Number.NaN;
  });
  const ages = newAges(rows);
  const clock = new StreamClock(BAR_US);
  takeDay(clock, { barEndUs, close, valid }, ages, 0);
  const column = Float64Array.from(values, (letter) => (letter === "v" ? 1 : Number.NaN));
  return {
    ...{ exchange: "x", symbol: "X", barUs: BAR_US, barEndUs, mid: column, valid, ages },
    values: { open: column },
    days: [{ from: 0, to: rows, source, beginsStream: true }],
  };
}

const feature = (what: Partial<FeatureEntry>): FeatureEntry => ({
  ...FEATURES[0]!,
  ...{ name: "open", inputs: ["trades"], lookbackBars: 1, warmUpBars: 0 },
  ...what,
});

/** The causes that occur, with their counts. */
function causes(what: Partial<FeatureEntry>, columns: SymbolColumns): Record<string, number> {
  const counts = missingCounts(feature(what), columns);
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

test("warm-up ends as many bars after the stream's first trade as the catalogue says", () => {
  const window = { lookbackBars: 3, warmUpBars: 2 };
  // Nothing traded in two bars, then two bars of warm-up, and then a price that did not move.
  expect(causes(window, scene({ values: "....v..", trades: "--" }))).toEqual({
    "warm-up": 4,
    undefined: 2,
  });
});

test("for a feature of the book alone it begins with the first valid book", () => {
  const window = { inputs: ["book"], lookbackBars: 3, warmUpBars: 2 } as const;
  expect(causes(window, scene({ values: ".....v", book: "---" }))).toEqual({
    "no book": 3,
    "warm-up": 2,
  });
});

test("where it needs both, the later of the two begins it", () => {
  const window = { inputs: ["trades", "book"], lookbackBars: 3, warmUpBars: 2 } as const;
  const late = { values: ".....v" };
  const early = { "warm-up": 2 };
  expect(causes(window, scene({ ...late, trades: "---" }))).toEqual({ "warm-up": 5 });
  expect(causes(window, scene({ ...late, book: "---" }))).toEqual({ "no book": 3, ...early });
});

test("a bar without trades is the cause where all bars that a value looks at are", () => {
  expect(causes({}, scene({ values: "v.v.v", trades: " -   " }))).toEqual({
    "no trade": 1,
    undefined: 1,
  });
  const window = { lookbackBars: 3, warmUpBars: 2 };
  expect(causes(window, scene({ values: "vvv...", trades: "   ---" }))).toEqual({
    "no trade": 1,
    undefined: 2,
  });
});

test("without a valid book at the end of a bar that is looked back on, or of the one before, the book is the cause", () => {
  const book = { inputs: ["book"] } as const;
  expect(causes(book, scene({ values: "vv..vvv", book: "   -   " }))).toEqual({
    "no book": 1,
    undefined: 1,
  });
  const window = { inputs: ["book"], lookbackBars: 3, warmUpBars: 2 } as const;
  // The last bar that begins where there was no book is that after the bookless one; two bars later it is still looked at.
  expect(causes(window, scene({ values: "vvv......", book: "   -    " }))).toEqual({
    "no book": 4,
    undefined: 2,
  });
  // It comes before trades, which nobody waits for.
  const both = { ...window, inputs: ["trades", "book"] } as const;
  const quiet = scene({ values: "vvv......", trades: "   ------", book: "   -    " });
  expect(causes(both, quiet)).toEqual({ "no book": 4, "no trade": 2 });
});

test("a stream has no book before its first bar", () => {
  const spread = { inputs: ["trades", "book"] } as const;
  expect(causes(spread, scene({ values: "...v" }))).toEqual({ "no book": 1, undefined: 2 });
});

test("bars with a book are counted over the days before, too", () => {
  const later = scene({ values: "....", book: "    " });
  const clock = new StreamClock(BAR_US);
  const close = new Float64Array(10).fill(100);
  const bookless = new BigUint64Array(10).fill(1n << BigInt(NO_BOOK_BIT));
  const barEndUs = close.map((_, i) => later.barEndUs[0]! - (10 - i) * BAR_US);
  takeDay(clock, { barEndUs, close, valid: bookless }, newAges(10), 0);
  const ages = newAges(4);
  const closes = new Float64Array(4).fill(100);
  takeDay(clock, { barEndUs: later.barEndUs, close: closes, valid: later.valid }, ages, 0);
  const window = { inputs: ["book"], lookbackBars: 2 } as const;
  expect(causes(window, { ...later, ages })).toEqual({ "no book": 2, undefined: 2 });
});

test("what the data does not hold is the cause before all others", () => {
  const tape: DaySource = { hasTrades: true, tag: "trades" };
  const columns = scene({ values: "..", book: "--", trades: "- ", source: tape });
  expect(causes({ inputs: ["trades", "book"] }, columns)).toEqual({ source: 2 });
  expect(causes({ inputs: ["trades"] }, columns)).toEqual({ "no trade": 1, undefined: 1 });
  const bookOnly = scene({
    values: "..",
    source: { hasTrades: false, tag: "incremental_book_L2" },
  });
  expect(causes({}, bookOnly)).toEqual({ source: 2 });
  expect(causes({ inputs: ["clock"] }, bookOnly)).toEqual({ undefined: 2 });
  const deep = { inputs: ["book"], bookLevels: 20 } as const;
  for (const [tag, counts] of [
    ["book_snapshot_5", { source: 2 }],
    ["book_snapshot_25", { "no book": 1, undefined: 1 }],
  ] as const) {
    const shown = scene({ values: "..", source: { hasTrades: true, tag } });
    expect(causes(deep, shown)).toEqual(counts);
  }
});

test("a recursion warms up until its first value, however long that takes, and is undefined from then on", () => {
  const endless = { lookbackBars: Number.POSITIVE_INFINITY, warmUpBars: 2 };
  expect(causes(endless, scene({ values: ".....vv.v." }))).toEqual({ "warm-up": 5, undefined: 2 });
  expect(causes({ warmUpBars: 2 }, scene({ values: ".....vv.v." }))).toEqual({
    "warm-up": 2,
    undefined: 5,
  });
});

test("what looks back on a time warms up as long in bars of another length", () => {
  // Quarters of an hour: a day of one-minute bars is 96 of them.
  const day = { lookbackBars: 1441, warmUpBars: 1440, span: "time" } as const;
  expect(causes(day, scene({ values: "".padEnd(100, ".") }))).toEqual({
    "warm-up": 96,
    undefined: 4,
  });
});

test("what begins anew each day warms up each day, and all day where its start was not seen", () => {
  const daily = { lookbackBars: 96, warmUpBars: 3, isDaily: true } as const;
  const values = `${"...".padEnd(96, "v")}...v`;
  expect(causes(daily, scene({ values }))).toEqual({ "warm-up": 6 });
  // A stream that begins at 00:00 sees it: what is missing later that day is no warm-up.
  expect(causes(daily, scene({ values: "...v.v" }))).toEqual({ "warm-up": 3, undefined: 1 });
  const late = `${".".repeat(95)}...v`;
  expect(causes(daily, scene({ values: late, at: 1 }))).toEqual({ "warm-up": 98 });
});

test("values and causes add up to all rows, whatever the market does", () => {
  const letters = (of: readonly string[]): fc.Arbitrary<string> =>
    fc.array(fc.constantFrom(...of), { minLength: 40, maxLength: 40 }).map((all) => all.join(""));
  const inputs = fc.subarray(["trades", "book", "clock"] as const, { minLength: 1 });
  const entry = fc.record({
    inputs,
    lookbackBars: fc.constantFrom(1, 5, Number.POSITIVE_INFINITY),
    warmUpBars: fc.nat(20),
  });
  fc.assert(
    fc.property(
      entry,
      letters(["v", "."]),
      letters([" ", "-"]),
      letters([" ", "-"]),
      (...drawn) => {
        const [what, values, trades, book] = drawn;
        const counts = missingCounts(feature(what), scene({ values, trades, book, at: 70 }));
        const missing = MISSING_CAUSES.reduce((sum, cause) => sum + counts[cause], 0);
        expect(missing + values.replaceAll(".", "").length).toBe(40);
      },
    ),
    { seed: 1 },
  );
});

test("a feature without any value past its warm-up is to be looked at, one that only warms up is not", () => {
  const counts = { source: 0, "no book": 0, "warm-up": 30, "no trade": 2, undefined: 8 };
  expect(missingComplaints(0, counts)).toEqual([
    {
      check: "missing",
      severity: "review",
      message: "has no value at all, and 8 rows are past its warm-up",
    },
  ]);
  expect(missingComplaints(1, counts)).toEqual([]);
  expect(missingComplaints(0, { ...counts, undefined: 0 })).toEqual([]);
});
