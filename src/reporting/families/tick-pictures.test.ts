// Do pictures of ticks say what their data says?
import { expect, test } from "vitest";
import { MINUTE_US } from "../../core/time.js";
import { frameOf } from "../features/test-frames.js";
import type { FamilyPicture } from "./family-picture.js";
import type { FeatureLook } from "./feature-look.js";
import { imbalancePicture } from "./imbalance-picture.js";
import { type ImpactPicture, impactPicture } from "./impact-picture.js";
import { spreadPicture } from "./spread-picture.js";
import { NO_TICKS, rowsOf, sampleLook } from "./test-look.js";
import { tradeFlowPicture } from "./trade-flow-picture.js";

/** Numbers 0 to n − 1 through a function. */
const series = (n: number, of: (i: number) => number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => of(i));

test("imbalance: of the mid's moves, those towards the thinner side", () => {
  const n = 40;
  // Each state a second; the mid rises when bids weigh more, except in every fifth move.
  const imbalance1 = series(n, (i) => (i % 2 === 0 ? 0.5 : -0.5));
  let tick = 0;
  const bid = series(n, (i) => {
    if (i > 0) tick += Math.sign(imbalance1[i - 1]!) * (i % 5 === 0 ? -1 : 1);
    return 100 + tick;
  });
  const look = withStates(n, { bid, imbalance1 });
  const found = imbalancePicture(look) as FamilyPicture;
  expect(found.title).toBe(
    "Of 39 moves of the mid of BTCUSDT, 82 % went towards the side with less at its best price; by chance it would be half",
  );
  const still = withStates(n, { bid: series(n, () => 100), imbalance1 });
  expect((imbalancePicture(still) as FamilyPicture).title).toContain("moved 0 times here, too few");
});

test("trade flow: in how many minutes the close moved with the flow, and what buyers took", () => {
  const frame = frameOf({
    close: [100, 101, 102, 101, 101],
    tfi: [0.2, 0.5, -0.5, -0.5, 0.5],
  });
  const minutes = rowsOf(frame, 0, 5);
  const trades = {
    timesUs: series(4, (i) => minutes.fromUs + i * MINUTE_US),
    side: Float64Array.of(1, -1, 1, 0),
    price: series(4, () => 100),
    amount: Float64Array.of(2, 1, 1, 9),
    midBefore: series(4, () => 100),
  };
  const look = { ...sampleLook(frame), minutes, ticks: { ...NO_TICKS, trades } };
  const found = tradeFlowPicture(look) as FamilyPicture;
  expect(found.title).toBe(
    "In 2 of 3 minutes in which BTCUSDT moved, it moved to the side that took more; buyers took 75 % of the amount",
  );
  expect([...found.panels[1]!.series[0]!.values]).toEqual([0, 2, 1, 2, 2, 2]);
});

test("spread: what was paid by amount, what was quoted by time, and who went beyond the quotes", () => {
  const frame = frameOf({ quoted_spread_bps: [2, 2], effective_spread_bps: [2, 2] });
  const minutes = rowsOf(frame, 0, 2);
  const at = (seconds: number): number => minutes.fromUs + seconds * 1e6;
  const states = {
    ...NO_TICKS.states,
    // 1 bps wide for 30 seconds, 3 bps for 90.
    timesUs: Float64Array.of(at(0), at(30), at(120)),
    bidPrice: Float64Array.of(10_000 - 0.5, 10_000 - 1.5, 10_000 - 1.5),
    askPrice: Float64Array.of(10_000 + 0.5, 10_000 + 1.5, 10_000 + 1.5),
  };
  const trades = {
    timesUs: Float64Array.of(at(10), at(60), at(70)),
    side: Float64Array.of(1, -1, 1),
    price: Float64Array.of(10_000.5, 9998, 10_001.5),
    amount: Float64Array.of(1, 1, 2),
    midBefore: Float64Array.of(10_000, 10_000, 10_000),
  };
  const found = spreadPicture({
    ...sampleLook(frame),
    minutes,
    ticks: { states, trades },
  }) as FamilyPicture;
  // Paid 1, 4 and 3 bps, the last twice; the second went through a spread of 3.
  expect(found.title).toBe(
    "Trades of BTCUSDT paid a spread of 2.75 bps on average where 2.5 bps were quoted; 33 % of them paid more than was quoted just before",
  );
});

test("impact: the slope of a market that moves with what is traded, and none of one that does not", () => {
  const seconds = 600;
  const frame = frameOf({ close: series(10, () => 100) });
  const minutes = rowsOf(frame, 0, 10);
  const timesUs = series(seconds + 1, (i) => minutes.fromUs + i * 1e6);
  const side = series(60, (k) => (k % 3 === 0 ? 1 : -1));
  const amount = series(60, (k) => 10 * (1 + (k % 7)));
  // A trade in the middle of each ten seconds moves the mid by 1 bps for each 1,000 from the next second on.
  const mid = timesUs.map(() => 100);
  for (let k = 0; k < 60; k++) {
    const factor = 1 + 1e-4 * ((side[k]! * amount[k]! * 100) / 1000);
    for (let i = 10 * k + 6; i <= seconds; i++) mid[i]! *= factor;
  }
  const states = (mids: Float64Array) => ({
    ...NO_TICKS.states,
    timesUs,
    bidPrice: mids.map((price) => price - 0.01),
    askPrice: mids.map((price) => price + 0.01),
  });
  const trades = {
    timesUs: series(60, (k) => timesUs[10 * k + 5]!),
    side,
    price: series(60, () => 100),
    amount,
    midBefore: series(60, () => 100),
  };
  const look = { ...sampleLook(frame), minutes };
  const moved = impactPicture({ ...look, ticks: { trades, states: states(mid) } }) as ImpactPicture;
  expect(moved.slope).toBeCloseTo(1e-3, 9);
  expect(moved.title).toBe("1 k bought moved the mid of BTCUSDT by 1 bps here (R² 1.00)");
  const still = impactPicture({
    ...look,
    ticks: { trades, states: states(mid.map((_, i) => 100 + (i % 2) / 100)) },
  }) as ImpactPicture;
  expect(still.title).toContain("whatever was bought or sold");
});

test.each([
  { kind: "linear", size: 1 },
  { kind: "linear", size: 0.01 },
  { kind: "inverse", size: 1 },
  { kind: "inverse", size: 100 },
] as const)(
  "without a book, impact of a $kind contract of $size is the mean of |return| over notional",
  (contract) => {
    const close = series(80, (i) => 100 + (i % 4));
    const volume = series(80, (i) => 1 + (i % 3));
    const frame = frameOf(
      { close, volume, vwap_dev_bar: series(80, () => 100) },
      { mid: series(80, () => Number.NaN) },
    );
    const minutes = rowsOf(frame, 70, 80);
    const look = { ...sampleLook(frame), contract, minutes, ticks: NO_TICKS };
    const found = impactPicture(look) as ImpactPicture;
    // The VWAP is 1 % below the close; the last 60 bars count.
    const ratios = Array.from({ length: 60 }, (_, k) => {
      const i = 20 + k;
      const contracts = contract.size * volume[i]!;
      const notional = contract.kind === "inverse" ? contracts : (contracts * close[i]!) / 1.01;
      return (1e4 * Math.abs(Math.log(close[i]! / close[i - 1]!))) / notional;
    });
    expect(found.notional).toHaveLength(60);
    expect(found.slope).toBeCloseTo(ratios.reduce((sum, one) => sum + one, 0) / 60, 9);
  },
);

/** A look at one bar with a state a second. */
function withStates(
  n: number,
  { bid, imbalance1 }: { readonly bid: Float64Array; readonly imbalance1: Float64Array },
): FeatureLook {
  const frame = frameOf({ close: [100], obi_twa_l5: [0], ofi_norm: [0] });
  const minutes = rowsOf(frame, 0, 1);
  const states = {
    timesUs: series(n, (i) => minutes.fromUs + i * 1e6),
    bidPrice: bid,
    askPrice: bid.map((price) => price + 1),
    imbalance1,
    imbalance5: imbalance1,
    flow: series(n, () => 0),
  };
  return { ...sampleLook(frame), minutes, ticks: { ...NO_TICKS, states } };
}
