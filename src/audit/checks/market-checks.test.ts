import { describe, expect, test } from "vitest";
import { dayStartUs, HOUR_US, SECOND_US } from "../../core/time.js";
import type { Touch } from "../../market/touch.js";
import type { CheckResult } from "../finding.js";
import type { BookState, StateCheck } from "../measuring/book-state.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { frozenLevel, type TradedStateCheck } from "./frozen-level.js";
import { staleBook } from "./stale-book.js";
import { TradesOutsideBook } from "./trade-outside-book.js";
import { ZeroVolume } from "./zero-volume.js";

const DAY = dayStartUs("2024-03-01");
const TYPE = "incremental_book_L2";
const COVERED = new Map(Array.from({ length: 24 }, (_, hour) => [DAY + hour * HOUR_US, HOUR_US]));

const state = (bidPrice: number, askPrice: number, amount = 1, depth = 20): BookState => ({
  touch: { bidPrice, bidAmount: amount, askPrice, askAmount: amount } satisfies Touch,
  depth: () => depth,
});

const finish = (check: StateCheck): CheckResult => check.finish(COVERED, 0.5 * SECOND_US);

describe("frozen level", () => {
  /** A state every half second whose best amounts change, and a sell every five seconds, for two minutes. */
  const play = (
    check: TradedStateCheck,
    frozen: readonly [number, number],
    { withTrades = true, price = 100, moveBehind = false, ask = 101 } = {},
  ) => {
    for (let i = 0; i < 240; i++) {
      const localUs = DAY + i * 0.5e6;
      const isFrozen = i >= frozen[0] && i < frozen[1];
      if (withTrades && i % 10 === 9) check.trade(localUs - 1, -1, isFrozen ? price : 100);
      const isLater = isFrozen && i > frozen[0];
      const { touch } = state(100, isLater ? ask : 101, isFrozen ? frozen[0] + 1 : i + 1);
      const depth = isFrozen && !moveBehind ? 50 : 50 + i;
      check.update(localUs, {
        touch: { ...touch, askAmount: i + 1 },
        depth: () => depth,
      });
    }
    return finish(check);
  };
  const check = (): TradedStateCheck => frozenLevel(TYPE, AUDIT_SETTINGS.frozenLevel);

  test("a best bid that stands still while sells hit it is found from its last change on", () => {
    expect(play(check(), [0, 0]).findings).toEqual([]);
    expect(play(check(), [60, 130]).findings).toMatchObject([
      { check: "frozen-level", count: 1, spans: [[DAY + 30e6, DAY + 65e6]], value: 35 },
    ]);
  });

  test("one that nobody hits is a calm market, and half of the time is not enough", () => {
    expect(play(check(), [60, 130], { withTrades: false }).findings).toEqual([]);
    expect(play(check(), [60, 110]).findings).toEqual([]);
  });

  test("one that hidden orders fill up is none, but nothing fills one that is traded through", () => {
    expect(play(check(), [60, 130], { moveBehind: true }).findings).toEqual([]);
    expect(play(check(), [60, 130], { moveBehind: true, price: 99.9 }).findings).toMatchObject([
      { count: 1, spans: [[DAY + 30e6, DAY + 65e6]] },
    ]);
  });

  test("one that a market leaves behind is found by sells where the asks were; those between explain hidden orders", () => {
    const left = (price: number, moveBehind = false): CheckResult =>
      play(check(), [60, 130], { price, ask: 103, moveBehind });
    expect(left(101).findings).toMatchObject([{ spans: [[DAY + 30e6, DAY + 65e6]] }]);
    expect(left(102).findings).toHaveLength(1);
    expect(left(100.5).findings).toEqual([]);
    expect(left(101, true).findings).toEqual([]);
  });

  /** The best bid stands while the levels behind change all the time, and sells come a second apart at a price, or none. */
  const wear = (sells: number, price: number, hits = 2): CheckResult => {
    const worn = frozenLevel(TYPE, { ...AUDIT_SETTINGS.frozenLevel, hits });
    worn.update(DAY, { ...state(99, 101), depth: () => 1 });
    for (let i = 1; i <= 600; i++) {
      if (i <= sells) worn.trade(DAY + i * 1e6, -1, price);
      const { touch } = state(100, 101, 7);
      worn.update(DAY + i * 1e6 + 1, { touch: { ...touch, askAmount: i }, depth: () => 50 + i });
    }
    return finish(worn);
  };

  test("one that so many trades hit at its price that no hidden orders explain it is found, whatever stands behind", () => {
    expect(wear(8, 100).findings).toEqual([]);
    expect(wear(500, 100).findings).toMatchObject([
      { count: 1, spans: [[DAY + 1e6 + 1, DAY + 600e6 + 1]] },
    ]);
    // Inside the spread hidden orders may fill for as long as they like.
    expect(wear(500, 100.5).findings).toEqual([]);
  });

  test("one order that sweeps a level hits it and goes through it, in whichever order its fills are told", () => {
    for (const fills of [
      [100, 99.5],
      [99.5, 100],
    ]) {
      const swept = check();
      swept.update(DAY, { ...state(99, 101), depth: () => 1 });
      for (let i = 1; i <= 100; i++) {
        if (i <= 12) for (const price of fills) swept.trade(DAY + i * 1e6, -1, price);
        const { touch } = state(100, 101, 7);
        swept.update(DAY + i * 1e6 + 1, { touch: { ...touch, askAmount: i }, depth: () => 50 + i });
      }
      expect(finish(swept).findings).toHaveLength(1);
    }
  });

  test("as many hits as are asked for are needed, however many that are", () => {
    for (const price of [100, 99.9]) {
      expect(wear(120, price, 100).findings).toHaveLength(1);
      expect(wear(90, price, 100).findings).toEqual([]);
    }
  });
});

describe("stale book", () => {
  const play = (silent: readonly [number, number]): CheckResult => {
    const check = staleBook(TYPE, AUDIT_SETTINGS.staleBook);
    for (let i = 0; i < 600; i++) {
      const localUs = DAY + i * 0.5e6;
      if (i % 4 === 0) check.trade(localUs, 1, 101);
      if (i < silent[0] || i >= silent[1]) check.update(localUs, state(100, 101));
    }
    return finish(check);
  };

  test("a book that is silent while trades go on is found from its last message to its next", () => {
    expect(play([0, 0]).findings).toEqual([]);
    expect(play([200, 260]).findings).toMatchObject([
      { check: "stale-book", count: 1, spans: [[DAY + 99.5e6, DAY + 130e6]] },
    ]);
    expect(play([200, 216]).findings).toEqual([]);
  });

  test("as many trades as are asked for are needed, however many that are", () => {
    const silence = (trades: number): CheckResult => {
      const check = staleBook(TYPE, { ...AUDIT_SETTINGS.staleBook, trades: 100 });
      check.update(DAY, state(100, 101));
      for (let i = 1; i <= trades; i++) check.trade(DAY + i * 1e6, 1, 101);
      check.update(DAY + 200e6, state(100, 101));
      return finish(check);
    };
    expect(silence(100).findings).toMatchObject([{ count: 1, value: 200 }]);
    expect(silence(99).findings).toEqual([]);
  });

  test("one that ends before the trades do is stale to their end", () => {
    expect(play([500, 600]).findings).toMatchObject([
      { count: 1, firstUs: DAY + 249.5e6, value: expect.closeTo(49, 0) },
    ]);
  });
});

describe("trades outside the book", () => {
  /** A book that rises by a basis point every 100 ms, told late, and trades at its best ask as it is. */
  const play = (wrong: readonly number[], by = 1.002): CheckResult => {
    const check = new TradesOutsideBook(AUDIT_SETTINGS.tradeOutsideBook);
    for (let i = 0; i < 3000; i++) {
      const mid = 100 * (1 + 1e-4 * (i % 50));
      const localUs = DAY + i * 1e5;
      check.addTrade(localUs - 90_000, mid * 1.00005 * (wrong.includes(i) ? by : 1));
      check.addState(localUs, state(mid * 0.99995, mid * 1.00005));
    }
    return check.finish();
  };

  test("trades that come before the book tells of their price are inside", () => {
    expect(play([]).findings).toEqual([]);
  });

  test("trades 20 bps off are found, each at its time; 5 bps off are not", () => {
    const wrong = [720, 721, 722, 723, 724];
    const { findings, marks } = play(wrong);
    expect(findings).toMatchObject([{ check: "trade-outside-book", type: "trades", count: 5 }]);
    expect(findings[0]!.spans.map(([from]) => from)).toEqual(wrong.map((i) => DAY + i * 1e5 - 9e4));
    expect(marks).toMatchObject([{ hourUs: DAY, verdict: "usable" }]);
    expect(play(wrong, 1.0005).findings).toEqual([]);
  });
});

test("trades while the book is silent are not held against it", () => {
  const check = new TradesOutsideBook(AUDIT_SETTINGS.tradeOutsideBook);
  for (let i = 0; i < 3600; i++) {
    const isSilent = i >= 1000 && i < 2000;
    // The market moves away while nothing is told of it.
    check.addTrade(DAY + i * 1e6, isSilent ? 100.5 : 100);
    if (!isSilent && i < 3000) check.addState(DAY + i * 1e6 + 1, state(99.99, 100.01));
  }
  expect(check.finish().findings).toEqual([]);
});

describe("zero volume", () => {
  const play = (quiet: readonly [number, number], moves: boolean, gapUs = 60e6): CheckResult => {
    const check = new ZeroVolume(AUDIT_SETTINGS.zeroVolume);
    for (let i = 0; i < 3600; i++) {
      check.addTouch(DAY + i * 1e6, moves ? 100 + (i % 3) : 100, 104);
      if (i % 7 === 0 && (i < quiet[0] || i >= quiet[1])) check.addTrade(DAY + i * 1e6);
    }
    return check.finish({ covered: COVERED, gapUs });
  };

  test("minutes without a trade while prices move are found; a market at rest is none", () => {
    expect(play([0, 0], true).findings).toEqual([]);
    expect(play([1001, 2002], true).findings).toMatchObject([
      {
        check: "zero-volume",
        type: "trades",
        count: 16,
        spans: [[DAY + 1001e6 - 1e6 - 1e6 * (1000 % 7), DAY + 2002e6]],
      },
    ]);
    expect(play([1001, 2002], false).findings).toEqual([]);
    // Where trades are that rare, it is the market's pace.
    expect(play([1001, 2002], true, 1800e6).findings).toEqual([]);
  });
});
