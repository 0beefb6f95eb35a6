import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { weightedBlockBootstrap } from "./block-bootstrap.js";
import { FEWEST_BLOCKS, fewBlocksWidening } from "./few-blocks.js";
import { seededRandom } from "./random.js";
import { MINUTE_US } from "./time.js";
import { totalWeight, weightedSum } from "./weighted-sum.js";

const HORIZON = 3;
const BLOCK = 8 * HORIZON;
const BLOCKS = [3, 4, 6, 8, 12, 25, 50];
const RUNS = 100;

type Random = ReturnType<typeof seededRandom>;

/** Hits, less ½, of always calling "up" in a walk whose drift lasts so many bars. */
function overlapping(bars: number, random: Random, { drift = 0, lasts = 1 } = {}): Float64Array {
  const kept = Math.exp(-1 / lasts);
  let slow = random.normal();
  const steps = Float64Array.from({ length: bars + HORIZON }, () => {
    slow = kept * slow + Math.sqrt(1 - kept * kept) * random.normal();
    return random.normal() + drift * slow;
  });
  return Float64Array.from({ length: bars }, (_, i) =>
    steps[i]! + steps[i + 1]! + steps[i + 2]! > 0 ? 0.5 : -0.5,
  );
}

/** The same of calls without skill that last nine bars. */
function lastingCalls(bars: number, random: Random): Float64Array {
  const kept = Math.exp(-1 / (3 * HORIZON));
  let call = random.normal();
  return overlapping(bars, random).map((hit) => {
    call = kept * call + Math.sqrt(1 - kept * kept) * random.normal();
    return call > 0 ? hit : -hit;
  });
}

/** In how many of the runs the interval holds 0, which is the truth. */
function held(blocks: number, market: (bars: number, random: Random) => Float64Array): number {
  const bars = blocks * BLOCK;
  const times = Float64Array.from({ length: bars }, (_, i) => i * MINUTE_US);
  let found = 0;
  for (let run = 0; run < RUNS; run++) {
    const values = market(bars, seededRandom(run, "few blocks"));
    const { mean } = weightedBlockBootstrap(
      times,
      (weight) => ({ mean: weightedSum(weight, values) / totalWeight(weight) }),
      { blockUs: BLOCK * MINUTE_US, barUs: MINUTE_US, seed: run },
    );
    found += Number(mean.lower <= 0 && 0 <= mean.upper);
  }
  return found;
}

describe.each([
  ["overlapping labels", overlapping],
  ["calls that last", lastingCalls],
  [
    "an edge that lasts a horizon",
    (bars: number, random: Random) => overlapping(bars, random, { drift: 0.33, lasts: HORIZON }),
  ],
] as const)("%s", (_, market) => {
  test("95 % intervals hold the truth at any number of blocks from three on", () => {
    const counts = BLOCKS.map((blocks) => held(blocks, market));
    // Less three standard errors of a share of 94 % of 100, 2.4 points; of all blocks together one is 0.9.
    expect(Math.min(...counts) / RUNS).toBeGreaterThan(0.86);
    const all = counts.reduce((sum, count) => sum + count, 0);
    expect(all / (RUNS * BLOCKS.length)).toBeGreaterThan(0.94);
  });
});

test("the widening of four blocks by hand: √(4/3) by the mean, t of three degrees over z", () => {
  const { standardError, interval } = fewBlocksWidening(4);
  expect(standardError).toBeCloseTo(Math.sqrt(4 / 3), 12);
  expect(interval).toBeCloseTo((Math.sqrt(4 / 3) * 3.182446) / 1.959964, 5);
});

test("fewer blocks widen more, without a step, towards nothing at many and no interval below three", () => {
  fc.assert(
    fc.property(fc.double({ min: FEWEST_BLOCKS, max: 2000, noNaN: true }), (blocks) => {
      const [here, more] = [fewBlocksWidening(blocks), fewBlocksWidening(1.001 * blocks)];
      expect(here.interval).toBeGreaterThanOrEqual(here.standardError);
      expect(more.interval).toBeLessThanOrEqual(here.interval);
      expect(here.interval / more.interval).toBeLessThan(1.002);
    }),
    { seed: 1, numRuns: 200 },
  );
  expect(fewBlocksWidening(1e6).interval).toBeCloseTo(1, 2);
  for (const blocks of [0, 0.6, 1, 2.99, Number.NaN]) {
    expect(fewBlocksWidening(blocks)).toEqual({ standardError: Number.NaN, interval: Number.NaN });
  }
});
