import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { EquityTrace } from "./equity-trace.js";

test("a trace of a million points stays below 2,000 and keeps lowest, highest, closest and last", () => {
  const random = seededRandom(3);
  const trace = new EquityTrace();
  const seen = { low: Number.POSITIVE_INFINITY, high: 0, headroom: Number.POSITIVE_INFINITY };
  let equityUsd = 100_000;
  let dailyFloorUsd = 95_000;
  for (let i = 0; i < 1_000_000; i++) {
    equityUsd += 20 * (random.uniform() - 0.5);
    if (i % 1440 === 0) dailyFloorUsd = equityUsd - 5000 * random.uniform();
    trace.add({ atUs: i, equityUsd, dailyFloorUsd, maximumFloorUsd: 90_000, phaseNumber: 0 });
    seen.low = Math.min(seen.low, equityUsd);
    seen.high = Math.max(seen.high, equityUsd);
    seen.headroom = Math.min(seen.headroom, equityUsd - Math.max(dailyFloorUsd, 90_000));
    if (i % 100_000 === 77) expect(trace.columns().atUs.length).toBeLessThan(2000);
  }
  const { atUs, equityUsd: kept, dailyFloorUsd: daily, maximumFloorUsd } = trace.columns();
  expect(atUs.length).toBeGreaterThan(600);
  expect(atUs.every((us, i) => i === 0 || us > atUs[i - 1]!)).toBe(true);
  expect(Math.min(...kept)).toBe(seen.low);
  expect(Math.max(...kept)).toBe(seen.high);
  const headroom = kept.map((usd, i) => usd - Math.max(daily[i]!, maximumFloorUsd[i]!));
  expect(Math.min(...headroom)).toBe(seen.headroom);
  expect([atUs.at(-1), kept.at(-1)]).toEqual([999_999, equityUsd]);
});

test("a short run is kept whole, and a point without an equity is left out", () => {
  const trace = new EquityTrace();
  const floors = { dailyFloorUsd: Number.NaN, maximumFloorUsd: Number.NaN, phaseNumber: 0 };
  for (let i = 0; i < 650; i++) trace.add({ atUs: i, equityUsd: (i * 7) % 11, ...floors });
  trace.add({ atUs: 651, equityUsd: Number.NaN, ...floors });
  expect(trace.columns().atUs).toEqual(Array.from({ length: 650 }, (_, i) => i));
});
