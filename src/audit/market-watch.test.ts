import { expect, test } from "vitest";
import { dayStartUs, HOUR_US, SECOND_US } from "../core/time.js";
import { Replay } from "../market/replay.js";
import type { AuditedType } from "../store/audited-types.js";
import type { BookChanges, BookSnapshots, Quotes } from "../store/tables.js";
import type { Finding } from "./finding.js";
import { MarketWatch } from "./market-watch.js";
import { AUDIT_SETTINGS } from "./settings.js";

const DAY = dayStartUs("2024-03-01");
const SECONDS = 1800;
/** Stretch in which a type may be wrong, seconds. */
const WRONG = [600, 620] as const;
const isIn = (i: number): boolean => i >= WRONG[0] && i < WRONG[1];

const column = (value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: SECONDS }, (_, i) => value(i));
const times = column((i) => DAY + i * SECOND_US);

/** The best bid walks; the other levels stand behind it, a whole price apart. */
const bestBid = (i: number): number => 100 + (i % 7);
const amount = (i: number): number => 1 + (i % 5);

/** Every second tells the book anew: 30 levels a side. */
function bookChanges(): BookChanges {
  const levels = 30;
  const rows = SECONDS * 2 * levels;
  const of = (value: (i: number, side: 1 | -1, level: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => {
      const at = row % (2 * levels);
      return value(Math.floor(row / (2 * levels)), at < levels ? 1 : -1, at % levels);
    });
  return {
    localTimestampUs: of((i) => times[i]!),
    timestampUs: of((i) => times[i]!),
    isSnapshot: new Uint8Array(rows).fill(1),
    side: Int8Array.from(of((_, side) => side)),
    price: of((i, side, level) => bestBid(i) + (side === 1 ? -level : 1 + level)),
    amount: of((i) => amount(i)),
  };
}

function snapshots(depth: 5 | 25, isWrong = false): BookSnapshots {
  const levels = Array.from({ length: depth }, (_, level) => level);
  const shift = (i: number): number => (isWrong && isIn(i) ? 0.5 : 0);
  return {
    localTimestampUs: times,
    timestampUs: times,
    bidPrice: levels.map((level) => column((i) => bestBid(i) - level - shift(i))),
    bidAmount: levels.map(() => column(amount)),
    askPrice: levels.map((level) => column((i) => bestBid(i) + 1 + level)),
    askAmount: levels.map(() => column(amount)),
  };
}

function quotes(isWrong = false): Quotes {
  const [shown] = [snapshots(5, isWrong)];
  const { bidPrice, bidAmount, askPrice, askAmount } = shown;
  return {
    localTimestampUs: times,
    timestampUs: times,
    bidPrice: bidPrice[0]!,
    bidAmount: bidAmount[0]!,
    askPrice: askPrice[0]!,
    askAmount: askAmount[0]!,
  };
}

interface Sources {
  readonly bookChanges?: BookChanges;
  readonly snapshots?: BookSnapshots;
  readonly shallowSnapshots?: BookSnapshots;
  readonly quotes?: Quotes;
}

const TYPES = {
  bookChanges: "incremental_book_L2",
  snapshots: "book_snapshot_25",
  shallowSnapshots: "book_snapshot_5",
  quotes: "quotes",
} as const;

/** What the two comparisons find; the hours of every type are whole. */
async function compared(sources: Sources): Promise<readonly Finding[]> {
  const names = Object.keys(sources) as (keyof Sources)[];
  const watch = new MarketWatch(
    new Set<AuditedType>(names.map((name) => TYPES[name])),
    AUDIT_SETTINGS,
  );
  const replay = new Replay(watch);
  await replay.run(Object.fromEntries(names.map((name) => [name, [sources[name]]])));
  replay.finish();
  const covered = new Map([[DAY, HOUR_US]]);
  const results = watch.finish(() => ({ covered, medianIntervalUs: 1e6, gapUs: 60e6 }));
  const findings = results.flatMap((result) => result.findings);
  return findings.filter(({ check }) => check.endsWith("-mismatch"));
}

const place = [[DAY + WRONG[0] * 1e6, DAY + WRONG[1] * 1e6]];

test("snapshots of five levels are held beside the book where those of 25 are there too", async () => {
  const book = bookChanges();
  const right = { bookChanges: book, snapshots: snapshots(25), shallowSnapshots: snapshots(5) };
  expect(await compared(right)).toEqual([]);
  const found = await compared({ ...right, shallowSnapshots: snapshots(5, true) });
  expect(found).toMatchObject([
    { check: "snapshot-mismatch", type: "incremental_book_L2", spans: place },
  ]);
  expect(found[0]!.detail).toContain("five-level snapshots");
});

test("without a book the best snapshots are held beside the quotes", async () => {
  for (const [name, type] of [
    ["snapshots", "book_snapshot_25"],
    ["shallowSnapshots", "book_snapshot_5"],
  ] as const) {
    const shown = snapshots(name === "snapshots" ? 25 : 5);
    expect(await compared({ [name]: shown, quotes: quotes() })).toEqual([]);
    const found = await compared({ [name]: shown, quotes: quotes(true) });
    expect(found).toMatchObject([{ check: "quote-mismatch", type, spans: place }]);
    expect(found[0]!.detail).toMatch(/^of 1,800 snapshots 98\.89 % have the quotes' prices/);
  }
});
