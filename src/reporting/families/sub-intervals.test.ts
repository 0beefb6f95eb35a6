import { expect, test } from "vitest";
import type { Contract } from "../../market/contract.js";
import { frameOf } from "../features/test-frames.js";
import { subIntervals } from "./sub-intervals.js";
import { NO_TICKS, rowsOf, sampleLook } from "./test-look.js";

const FRAME = frameOf({ close: [100] });
const MINUTES = rowsOf(FRAME, 0, 1);
const at = (seconds: number): number => MINUTES.fromUs + seconds * 1e6;

/** A look at one minute whose mid has a value from each of some seconds on. */
function look(mids: readonly (readonly [second: number, mid: number])[]) {
  const column = (of: (mid: number) => number): Float64Array =>
    Float64Array.from(mids, ([, mid]) => of(mid));
  const states = {
    ...NO_TICKS.states,
    timesUs: Float64Array.from(mids, ([second]) => at(second)),
    bidPrice: column((mid) => mid - 1),
    askPrice: column((mid) => mid + 1),
  };
  const trades = {
    timesUs: Float64Array.of(at(0), at(9.9), at(10), at(59)),
    side: Float64Array.of(1, -1, 1, 0),
    price: Float64Array.of(100, 100, 50, 100),
    amount: Float64Array.of(3, 1, 2, 9),
    midBefore: Float64Array.of(100, 100, 100, 100),
  };
  return { ...sampleLook(FRAME), minutes: MINUTES, ticks: { trades, states } };
}

test("what comes exactly at the end of a sixth belongs to the next one", () => {
  const { moveBps, notional } = subIntervals(
    look([
      [0, 100],
      [10, 101],
      [60, 200],
    ]),
  );
  expect([...moveBps]).toEqual([0, 100, 0, 0, 0, 0]);
  expect([...notional]).toEqual([200, 100, 0, 0, 0, 0]);
});

test("an inverse contract's amounts are money already", () => {
  const { notional } = subIntervals({
    ...look([[0, 100]]),
    contract: { kind: "inverse", size: 1 },
  });
  expect([...notional].slice(0, 2)).toEqual([2, 2]);
});

test("contracts count with what one of them is worth", () => {
  const of = (contract: Contract): readonly number[] => {
    const mids = [
      [0, 100],
      [60, 100],
    ] as const;
    return [...subIntervals({ ...look(mids), contract }).notional].slice(0, 2);
  };
  expect(of({ kind: "inverse", size: 100 })).toEqual([200, 200]);
  expect(of({ kind: "linear", size: 0.5 })).toEqual([100, 50]);
});

test("a sixth without a mid at one of its ends is left out", () => {
  const { moveBps } = subIntervals(
    look([
      [5, 100],
      [25, Number.NaN],
      [45, 101],
    ]),
  );
  // Known at 10, 20, 50 and 60 s.
  expect([...moveBps]).toEqual([0, 0]);
});
