import { expect, test } from "vitest";
import { seededRandom } from "./random.js";
import { blockCount, blockResampler, rowResampler } from "./resample.js";
import { MINUTE_US } from "./time.js";

/** Three symbols whose rows share their times, with a hole of ten bars. */
const timeUs = Float64Array.from({ length: 150 }, (_, i) => {
  const bar = i % 50;
  return 7e6 + (bar < 20 ? bar : bar + 10) * MINUTE_US;
});

test("weights count the rows of blocks of time that are drawn one after the other, round the end", () => {
  const resample = blockResampler(timeUs, { blockUs: 8 * MINUTE_US, barUs: MINUTE_US, seed: 3 });
  const random = seededRandom(3, "block bootstrap");
  const weight = new Uint32Array(150).fill(9);
  for (let replicate = 0; replicate < 5; replicate++) {
    resample(weight);
    const bars = Array.from({ length: 8 }, (_, block) => {
      const start = random.below(60);
      // Seven blocks of eight bars, and four bars that fill the 60 up.
      return Array.from({ length: block < 7 ? 8 : 4 }, (__, k) => (start + k) % 60);
    }).flat();
    timeUs.forEach((time, i) => {
      const own = (time - 7e6) / MINUTE_US;
      expect(weight[i]).toBe(bars.filter((bar) => bar === own).length);
    });
  }
});

test("rows that lie evenly fill as many blocks as their time is longer than a block, whole or not", () => {
  const barUs = MINUTE_US;
  const bars = (count: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => 7e6 + i * barUs);
  for (const [rows, block] of [
    [300, 480],
    [300, 100],
    [310, 80],
    [1000, 7],
  ] as const) {
    const blocks = blockCount(bars(rows), { blockUs: block * barUs, barUs });
    expect(blocks).toBeCloseTo(rows / block, 9);
  }
  // Symbols of the same bars lie in the same blocks.
  const twice = Float64Array.from([...bars(310), ...bars(310)]);
  expect(blockCount(twice, { blockUs: 80 * barUs, barUs })).toBeCloseTo(310 / 80, 9);
  expect(blockCount([], { blockUs: barUs, barUs })).toBe(0);
});

test("rows of one hour of each day fill about a block a day, however much time lies between", () => {
  const times = Float64Array.from({ length: 600 }, (_, i) => {
    return (1440 * Math.floor(i / 60) + (i % 60)) * MINUTE_US;
  });
  const blocks = blockCount(times, { blockUs: 240 * MINUTE_US, barUs: MINUTE_US });
  expect(blocks).toBeGreaterThan(9);
  expect(blocks).toBeLessThan(12);
});

test("single rows are drawn as often as there are rows, each as likely as any other", () => {
  const resample = rowResampler(50, { seed: 4 });
  const weight = new Uint32Array(50);
  const drawn = new Float64Array(50);
  for (let replicate = 0; replicate < 2000; replicate++) {
    resample(weight);
    expect(weight.reduce((sum, count) => sum + count, 0)).toBe(50);
    weight.forEach((count, i) => {
      drawn[i]! += count / 2000;
    });
  }
  // Each mean count is 1 ± 0.022.
  expect(drawn.every((count) => Math.abs(count - 1) < 0.1)).toBe(true);
});
