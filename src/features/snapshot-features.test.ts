import { beforeAll, describe, expect, test } from "vitest";
import { concatenate } from "../core/columns.js";
import { seededRandom } from "../core/random.js";
import { Replay } from "../market/replay.js";
import { type BookRow, bookRows, sliceSnapshots } from "../market/test-snapshots.js";
import type { BookSnapshots } from "../store/tables.js";
import { FEATURES } from "./catalogue.js";
import { createFeatureEngine, type EngineState } from "./engine.js";
import type { FeatureRow } from "./feature-rows.js";
import {
  BAR_US,
  concat,
  featureRows,
  type Market,
  rowsBefore,
  START_US,
  slice,
  syntheticMarket,
} from "./test-market.js";
import { average, flows, sum } from "./test-plain-book.js";
import { type ShownMarket, shownMarket, shownRows } from "./test-snapshots.js";

const SECONDS = 1000;
const STALE_US = 3 * BAR_US;
const SETTINGS = { barUs: BAR_US, staleAfterUs: STALE_US };
const DEEP = { ...SETTINGS, bookSource: "book_snapshot_25" } as const;
const SHALLOW = { ...SETTINGS, bookSource: "book_snapshot_5" } as const;

/** Bits of some values: doubles as whole numbers, so that NaN and −0 count. */
const bitsOf = (...numbers: readonly number[]): string =>
  `${new BigUint64Array(Float64Array.from(numbers).buffer)}`;

const bits = ({ barEndUs, mid, values, valid }: FeatureRow): string =>
  `${bitsOf(barEndUs, mid, ...values)},${valid}`;

const indexOf = (name: string): number => FEATURES.findIndex((feature) => feature.name === name);
const value = (row: FeatureRow | undefined, name: string): number => row!.values[indexOf(name)]!;

describe("snapshots written from the states of a book of changes", () => {
  let market: Market;
  let rows: readonly FeatureRow[];
  let deep: readonly FeatureRow[];
  let shallow: readonly FeatureRow[];

  beforeAll(async () => {
    market = syntheticMarket(1, SECONDS);
    rows = await featureRows(market, SETTINGS);
    deep = await shownRows(shownMarket(market, "book_snapshot_25"), DEEP);
    shallow = await shownRows(shownMarket(market, "book_snapshot_5"), SHALLOW);
  });

  test("25 levels give the bits that the changes give, in every feature but order flow", () => {
    expect(deep.map(({ barEndUs, mid }) => bitsOf(barEndUs, mid))).toEqual(
      rows.map(({ barEndUs, mid }) => bitsOf(barEndUs, mid)),
    );
    expect(deep.map(({ valid }) => valid)).toEqual(rows.map(({ valid }) => valid));
    for (const { name } of FEATURES) {
      if (name === "ofi_norm") continue;
      const columns = [deep, rows].map((of) => bitsOf(...of.map((row) => value(row, name))));
      expect([name, columns[0]]).toEqual([name, columns[1]]);
    }
  });

  test("order flow has the same bits in all bars but those of a snapshot among the changes: there it is flow, too", () => {
    const states = bookRows(market.bookChanges, 1);
    const ordinary = states.map((state) => ({ ...state, isSnapshot: false }));
    const [among, between] = [flows(states, STALE_US), flows(ordinary, STALE_US)];
    const counted = new Set(among.map(({ timeUs }) => timeUs));
    const queue = ({ bids, asks }: BookRow): number => (bids[0]![1] + asks[0]![1]) / 2;
    let others = 0;
    rows.forEach((row, i) => {
      const bar = [row.barEndUs - BAR_US, row.barEndUs] as const;
      const isIn = ({ timeUs }: { readonly timeUs: number }): boolean =>
        timeUs >= bar[0] && timeUs < bar[1];
      const more = between.filter((flow) => isIn(flow) && !counted.has(flow.timeUs));
      const [changes, snapshots] = [value(row, "ofi_norm"), value(deep[i], "ofi_norm")];
      if (more.length === 0) {
        expect([i, bitsOf(snapshots)]).toEqual([i, bitsOf(changes)]);
        return;
      }
      others++;
      const size = average(states, bar, { staleUs: STALE_US, value: queue });
      const expected = sum(more.map(({ amount }) => amount)) / size;
      expect(Math.abs(snapshots - changes - expected)).toBeLessThan(1e-9 * (1 + Math.abs(changes)));
    });
    // The first snapshot has no state before it, and the first difference of the day counts in neither stream.
    const snapshots = states.filter(({ isSnapshot }) => isSnapshot).length - 1;
    expect(snapshots).toBeGreaterThan(5);
    expect(others).toBeGreaterThan(5);
    expect(others).toBeLessThanOrEqual(2 * snapshots);
  });

  test("5 levels give what 25 give, and no value where the catalogue wants more than 5", () => {
    const tooDeep = FEATURES.filter(({ bookLevels = 1 }) => bookLevels > 5);
    expect(tooDeep.map(({ name }) => name)).toEqual(["obi_l20_decay"]);
    const without = (row: FeatureRow): FeatureRow => {
      const values = row.values.slice();
      let { valid } = row;
      for (const { name, number } of tooDeep) {
        values[indexOf(name)] = Number.NaN;
        valid &= ~(1n << BigInt(number - 1));
      }
      return { ...row, values, valid };
    };
    expect(shallow.map(bits)).toEqual(deep.map(without).map(bits));
    expect(deep.filter((row) => !Number.isNaN(value(row, "obi_l20_decay"))).length).toBeGreaterThan(
      SECONDS / 2,
    );
  });

  test("no feature reads more levels than the catalogue says, and each reads those", async () => {
    const { trades, bookSnapshots } = shownMarket(market, "book_snapshot_25");
    for (const kept of [1, 5, 20]) {
      const other = (columns: readonly Float64Array[]): Float64Array[] =>
        columns.map((column, level) => (level < kept ? column : column.map((x) => 3 * x)));
      const { bidAmount, askAmount } = bookSnapshots;
      const changed = await shownRows(
        { trades, bookSnapshots: { ...bookSnapshots, bidAmount: other(bidAmount), askAmount } },
        DEEP,
      );
      for (const { name, bookLevels = 1 } of FEATURES) {
        const [a, b] = [changed, deep].map((of) => bitsOf(...of.map((row) => value(row, name))));
        expect([kept, name, a === b]).toEqual([kept, name, bookLevels <= kept]);
      }
    }
  });

  test("causal: another future changes no bit of any row that ended before it, at 20 random cuts", async () => {
    const shown = shownMarket(market, "book_snapshot_25");
    const other = shownMarket(syntheticMarket(2, SECONDS), "book_snapshot_25");
    const random = seededRandom(5, "cuts");
    for (let i = 0; i < 20; i++) {
      const cutUs = START_US + random.below(SECONDS * BAR_US);
      const changed = await shownRows(spliced(shown, other, cutUs), DEEP);
      const past = deep.filter(({ barEndUs }) => barEndUs <= cutUs);
      expect(changed.slice(0, past.length).map(bits)).toEqual(past.map(bits));
    }
  });

  test("one path: a stream cut into random pieces, each begun from saved JSON, gives the same bits", async () => {
    const random = seededRandom(6, "pieces");
    const { trades, bookSnapshots } = shownMarket(market, "book_snapshot_5");
    const cuts = Array.from({ length: 12 }, () => START_US + random.below(SECONDS * BAR_US));
    const ends = [...cuts.sort((a, b) => a - b), Number.POSITIVE_INFINITY];
    const pieces: FeatureRow[] = [];
    let saved: string | undefined;
    let from = { trades: 0, snapshots: 0 };
    for (const endUs of ends) {
      const engine = createFeatureEngine((row) => pieces.push(row), SHALLOW);
      if (saved !== undefined) engine.restore(JSON.parse(saved) as EngineState);
      const to = {
        trades: rowsBefore(trades, endUs),
        snapshots: snapshotsBefore(bookSnapshots, endUs),
      };
      const replay = new Replay(engine, { book: engine.book });
      await replay.run({
        trades: [slice(trades, from.trades, to.trades)],
        bookSnapshots: [sliceSnapshots(bookSnapshots, from.snapshots, to.snapshots)],
      });
      replay.finish();
      if (endUs === Number.POSITIVE_INFINITY) engine.finish();
      saved = JSON.stringify(engine.save());
      const copy = createFeatureEngine(() => {}, SHALLOW);
      copy.restore(JSON.parse(saved) as EngineState);
      expect(JSON.stringify(copy.save())).toBe(saved);
      from = to;
    }
    expect(pieces.map(bits)).toEqual(shallow.map(bits));
  });

  test("a state is taken over only by an engine whose book has the same source", () => {
    const sources = ["incremental_book_L2", "book_snapshot_25", "book_snapshot_5"] as const;
    for (const saved of sources) {
      const state = createFeatureEngine(() => {}, { ...SETTINGS, bookSource: saved }).save();
      for (const bookSource of sources) {
        const engine = createFeatureEngine(() => {}, { ...SETTINGS, bookSource });
        expect(engine.book.source).toBe(bookSource);
        if (bookSource === saved) engine.restore(state);
        else expect(() => engine.restore(state)).toThrow(/other settings/);
      }
    }
  });
});

function snapshotsBefore({ localTimestampUs }: BookSnapshots, timeUs: number): number {
  const at = localTimestampUs.findIndex((time) => time >= timeUs);
  return at === -1 ? localTimestampUs.length : at;
}

/** One market up to a time, and another from then on. */
function spliced(before: ShownMarket, after: ShownMarket, cutUs: number): ShownMarket {
  const [a, b] = [before.bookSnapshots, after.bookSnapshots];
  const first = sliceSnapshots(a, 0, snapshotsBefore(a, cutUs));
  const then = sliceSnapshots(b, snapshotsBefore(b, cutUs));
  const join = (...parts: readonly Float64Array[]): Float64Array => concatenate(parts);
  const joined = (name: "bidPrice" | "bidAmount" | "askPrice" | "askAmount"): Float64Array[] =>
    first[name].map((column, level) => join(column, then[name][level]!));
  const cut = (trades: Market["trades"]): number => rowsBefore(trades, cutUs);
  return {
    trades: concat(
      slice(before.trades, 0, cut(before.trades)),
      slice(after.trades, cut(after.trades)),
    ),
    bookSnapshots: {
      localTimestampUs: join(first.localTimestampUs, then.localTimestampUs),
      timestampUs: join(first.timestampUs, then.timestampUs),
      bidPrice: joined("bidPrice"),
      bidAmount: joined("bidAmount"),
      askPrice: joined("askPrice"),
      askAmount: joined("askAmount"),
    },
  };
}
