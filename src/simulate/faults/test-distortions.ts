// What faults do to books, quotes, snapshots and trades, held against the files.
import { expect, test } from "vitest";
import { mean } from "../../core/statistics.js";
import { MINUTE_US, SECOND_US } from "../../core/time.js";
import {
  type MarketPair,
  type PlainRow,
  type PlainState,
  rowsWithin,
  statesWithin,
} from "./test-faulty-day.js";

const L2 = "incremental_book_L2";
const arrival = ({ localUs }: PlainRow): number => localUs;
const spread = ({ bids, asks }: PlainState): number => asks[0]![0] - bids[0]![0];
const depth = ({ bids, asks }: PlainState): number =>
  [...bids, ...asks].reduce((sum, [, amount]) => sum + amount, 0);
const top25 = ({ bids, asks }: PlainState): readonly number[] =>
  asks.slice(0, 25).flatMap((ask, i) => [...ask, ...bids[i]!]);

/**
 * Declares the tests of kinds of faults that distort.
 *
 * @param market - gives the market, once it is there
 */
export function distortionTests(market: () => MarketPair): void {
  const lasts = (kind: string): number => {
    const { fromUs, toUs } = market().one(kind).fault;
    return toUs - fromUs;
  };

  test("the book is crossed, locked or one-sided in all states of the fault's time, and in no other", () => {
    const isIn: Readonly<Record<string, (state: PlainState) => boolean>> = {
      "crossed-book": (state) => spread(state) < 0,
      "locked-book": (state) => spread(state) === 0,
      "one-sided": ({ bids, asks }) => (bids.length === 0) !== (asks.length === 0),
    };
    for (const [kind, isWrong] of Object.entries(isIn)) {
      const { states, after } = market().one(kind);
      expect(states().length).toBeGreaterThan(1);
      expect(states().filter((state) => !isWrong(state))).toEqual([]);
      expect(spread(after())).toBeGreaterThan(0);
      expect(lasts(kind)).toBeGreaterThanOrEqual((kind === "one-sided" ? 5 : 2) * SECOND_US);
    }
  });

  test("a side's best levels stand still while trades take from them and the other side moves", () => {
    const { states, faulty, fault } = market().one("frozen-level");
    const of = (side: "bids" | "asks", levels: number): Set<string> =>
      new Set(states().map((state) => state[side].slice(0, levels).join()));
    const still = of("bids", 5).size === 1 ? "bids" : "asks";
    expect(of(still, 5).size).toBe(1);
    expect(of(still === "bids" ? "asks" : "bids", 1).size).toBeGreaterThan(3);
    const aggressor = still === "bids" ? "sell" : "buy";
    const [first] = states();
    const best = (side: "bids" | "asks"): number => first![side][0]![0];
    const [sign, own, other] =
      still === "bids" ? [-1, best("bids"), best("asks")] : [1, best("asks"), best("bids")];
    const isHit = (price: number): boolean =>
      sign * (price - own) >= 0 || sign * (price - other) <= 0;
    const hits = rowsWithin(faulty.trades, fault).filter(
      ({ cells }) => cells[5] === aggressor && isHit(Number(cells[6])),
    );
    expect(new Set(hits.map(arrival)).size).toBeGreaterThanOrEqual(3);
    expect(lasts("frozen-level")).toBeGreaterThanOrEqual(MINUTE_US);
  });

  test("a stale book has no rows while trades go on, and no snapshot at its end", () => {
    const { fault, faulty, rows } = market().one("stale-book");
    expect(new Set(rows.map(arrival))).toEqual(new Set([fault.fromUs, fault.toUs]));
    expect(rows.filter((row) => row.cells[4] === "true")).toEqual([]);
    expect(rowsWithin(faulty.trades, fault).length).toBeGreaterThanOrEqual(3);
    for (const type of ["quotes", "book_snapshot_25"] as const) {
      const inside = rowsWithin(faulty[type], fault).map(arrival);
      expect(inside.filter((time) => time !== fault.fromUs && time !== fault.toUs)).toEqual([]);
    }
    expect(lasts("stale-book")).toBeGreaterThanOrEqual(MINUTE_US);
  });

  test("depth falls to a twentieth, the spread grows eightfold, in all files alike", () => {
    for (const [kind, measure, ratio] of [
      ["regime-break:depth", depth, 0.05],
      ["regime-break:spread", spread, 8],
    ] as const) {
      const { fault, faulty, clean, states } = market().one(kind);
      const { fromUs, toUs } = fault;
      const before = statesWithin(clean[L2], fromUs - 30 * MINUTE_US, fromUs);
      const change = mean(states().map(measure)) / mean(before.map(measure));
      expect(change / ratio).toBeGreaterThan(0.6);
      expect(change / ratio).toBeLessThan(1.7);
      expect(toUs - fromUs).toBeGreaterThanOrEqual(15 * MINUTE_US);
      const stateAt = new Map(states().map((state) => [state.timeUs, state]));
      for (const row of rowsWithin(faulty.quotes, fault)) {
        const state = stateAt.get(arrival(row));
        if (arrival(row) === toUs) continue;
        const [ask, bid] = [state!.asks[0]!, state!.bids[0]!];
        expect(row.cells.slice(4).map(Number)).toEqual([ask[1], ask[0], bid[0], bid[1]]);
      }
      for (const row of rowsWithin(faulty.book_snapshot_25, fault)) {
        if (arrival(row) === toUs) continue;
        expect(row.cells.slice(4).map(Number)).toEqual(top25(stateAt.get(arrival(row))!));
      }
    }
  });

  test("quotes are two ticks off while the book's file is right", () => {
    const { fault, rows, faulty } = market().one("quote-mismatch");
    const wrong = rows.filter((row) => arrival(row) < fault.toUs);
    expect(wrong.length).toBeGreaterThan(1);
    for (const row of wrong) {
      const { asks, bids } = statesWithin(faulty[L2], arrival(row), arrival(row)).at(-1)!;
      const tick = asks[1]![0] - asks[0]![0];
      const off = [Number(row.cells[5]) - asks[0]![0], bids[0]![0] - Number(row.cells[6])];
      expect(Math.max(...off) / tick).toBeCloseTo(2, 6);
      expect(Math.min(...off)).toBe(0);
    }
    expect(lasts("quote-mismatch")).toBeGreaterThanOrEqual(10 * SECOND_US);
  });

  test("snapshots have one amount a tenth too large, or lack a level, while the book's file is right", () => {
    for (const kind of ["snapshot-mismatch:amount", "snapshot-mismatch:price"]) {
      const { rows, fault, faulty, clean } = market().one(kind);
      expect(rowsWithin(faulty[L2], fault)).toEqual(rowsWithin(clean[L2], fault));
      const shown = rows.filter((row) => arrival(row) < fault.toUs);
      expect(shown.length).toBeGreaterThan(1);
      for (const row of shown) {
        const right = top25(statesWithin(faulty[L2], arrival(row), arrival(row)).at(-1)!);
        const ratios = row.cells.slice(4).map((cell, i) => Number(cell) / right[i]!);
        const wrong = ratios.filter((ratio) => ratio !== 1);
        expect(wrong.length).toBeGreaterThan(0);
        if (kind === "snapshot-mismatch:price") continue;
        expect(wrong).toHaveLength(1);
        expect(wrong[0]).toBeCloseTo(1.1, 2);
      }
      expect(lasts(kind)).toBeGreaterThanOrEqual(10 * SECOND_US);
    }
  });

  test("trades lie outside the book, far from the price, or are a thousand times too large", () => {
    const outside = market().one("trade-outside-book");
    expect(outside.fault.rows).toBe(5);
    for (const row of outside.rows.slice(0, 5)) {
      const before = statesWithin(outside.faulty[L2], arrival(row), arrival(row) - 1).at(-1)!;
      expect(Number(row.cells[6]) / before.asks[0]![0]).toBeGreaterThanOrEqual(1.002);
    }
    const far = market().one("outlier:price");
    expect(
      Math.abs(Number(far.rows[0]!.cells[6]) / Number(far.before.cells[6]) - 1),
    ).toBeGreaterThan(0.028);
    const huge = market().one("outlier:amount");
    const amounts = huge.clean.trades.map((row) => Number(row.cells[7])).sort((a, b) => a - b);
    expect(Number(huge.rows[0]!.cells[7])).toBeGreaterThan(900 * amounts[amounts.length >> 1]!);
  });
}
