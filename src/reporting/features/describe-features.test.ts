// danfo's numbers beside those of our own statistics.
import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { mean, quantile, standardDeviation } from "../../core/statistics.js";
import { describeFeatures } from "./describe-features.js";
import { frameOf } from "./test-frames.js";

test("each feature of each symbol is described by what is there of it", async () => {
  const random = seededRandom(3, "describe");
  const values = Float64Array.from({ length: 401 }, () => random.normal());
  const holed = values.map((value, i) => (i % 3 === 0 ? Number.NaN : value));
  const there = holed.filter((value) => !Number.isNaN(value));
  const one = values.map((value, i) => (i === 7 ? value : Number.NaN));
  const found = await describeFeatures([
    frameOf({ tfi: values, obi_l1: holed }),
    frameOf({ tfi: one, obi_l1: values }, { symbol: "ETHUSDT" }),
  ]);
  expect(found.symbol).toEqual(["BTCUSDT", "BTCUSDT", "ETHUSDT", "ETHUSDT"]);
  expect(found.feature).toEqual(["tfi", "obi_l1", "tfi", "obi_l1"]);
  expect(found.values).toEqual([401, there.length, 1, 401]);
  expect(found.mean[1]).toBeCloseTo(mean(there), 12);
  expect(found.deviation[1]).toBeCloseTo(standardDeviation(there), 12);
  expect(found.median[1]).toBeCloseTo(quantile(there, 0.5), 12);
  expect([found.least[1], found.largest[1]]).toEqual([Math.min(...there), Math.max(...there)]);
  // One value has no deviation.
  for (const column of [found.mean, found.deviation, found.median]) expect(column[2]).toBeNull();
});

test("without features there are columns without rows", async () => {
  const none = { kind: "shortfall", step: "x", what: "y", has: 0, needs: 1 } as const;
  expect(Object.values(await describeFeatures(none)).map(({ length }) => length)).toEqual([
    0, 0, 0, 0, 0, 0, 0, 0,
  ]);
});
