import fc from "fast-check";
import { expect, test } from "vitest";
import { timeBlocks } from "./time-blocks.js";

const BAR_US = 60e6;

/** Two symbols one after the other, a row a minute each, labels some bars long; all rows in order. */
function columns(bars: number, horizonBars: number, latencyUs = 5e5) {
  const barEndUs = Float64Array.from({ length: 2 * bars }, (_, row) => ((row % bars) + 1) * BAR_US);
  const labelEndUs = barEndUs.map((end) => end + latencyUs + horizonBars * BAR_US);
  const rows = Uint32Array.from(barEndUs.keys());
  return { dataset: { barEndUs, labelEndUs, barUs: BAR_US, horizonBars }, rows };
}

test("a worked block: 4,000 bars in 5 blocks, labels of 15 bars", () => {
  const { dataset, rows } = columns(4000, 15);
  const block = timeBlocks(dataset, rows, 5)[2]!;
  const own = (places: readonly number[]) => places.filter((i) => i < 4000);
  const heldOut = own([...block.heldOut]);
  // Rows 1,600 to 2,399 end at minutes 1,601 to 2,400.
  expect([heldOut.length, heldOut[0], heldOut.at(-1)]).toEqual([800, 1600, 2399]);
  const fitted = own([...block.isFitted.keys()].filter((i) => block.isFitted[i] === 1));
  // The label of the row that ends at minute 1,585 ends half a second before the last that may; the next one's after.
  expect(fitted.filter((i) => i < 1600).at(-1)).toBe(1584);
  // The last label ends half a second after minute 2,415; 15 + 240 bars later is just after minute 2,670.
  expect(fitted.find((i) => i >= 1600)).toBe(2670);
});

test("whatever the setting: every row is held out once, and no label of a fitted row reaches into the block", () => {
  const setting = fc.record({
    bars: fc.integer({ min: 1, max: 600 }),
    horizonBars: fc.integer({ min: 1, max: 90 }),
    count: fc.integer({ min: 2, max: 7 }),
    latencyUs: fc.constantFrom(0, 5e5, 61e6),
    every: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(setting, ({ bars, horizonBars, count, latencyUs, every }) => {
      const { dataset, rows: all } = columns(bars, horizonBars, latencyUs);
      const rows = all.filter((row) => row % every === 0);
      const blocks = timeBlocks(dataset, rows, count);
      const heldOut = blocks.flatMap((block) => [...block.heldOut]).sort((a, b) => a - b);
      expect(heldOut).toEqual([...rows.keys()]);
      for (const { isFitted, heldOut } of blocks) {
        const ends = [...heldOut].map((i) => dataset.barEndUs[rows[i]!]!);
        const first = Math.min(...ends);
        const lastLabel = Math.max(...[...heldOut].map((i) => dataset.labelEndUs[rows[i]!]!));
        for (const [i, row] of rows.entries()) {
          if (isFitted[i] === 0) continue;
          const end = dataset.barEndUs[row]!;
          const embargoEnd = lastLabel + (horizonBars + 240) * BAR_US;
          expect(end < first ? dataset.labelEndUs[row]! < first : end > embargoEnd).toBe(true);
        }
      }
    }),
    { seed: 5, numRuns: 60 },
  );
});
