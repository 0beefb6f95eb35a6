import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { type Agreement, bestAgreement } from "./agreement.js";
import { SlidingRows } from "./sliding-rows.js";

const RANK: readonly Agreement[] = ["none", "unequal", "prices", "all"];

test("the best of all rows in the window, and of the one in force where it counts, as a plain search finds it", () => {
  const random = seededRandom(1, "agreement");
  const seen = new Map<string, number>();
  for (let trial = 0; trial < 2000; trial++) {
    const rows = new SlidingRows();
    const times = Array.from({ length: random.below(12) }, () => random.below(40)).sort(
      (a, b) => a - b,
    );
    const agreements = times.map(() => RANK[1 + Math.floor(random.uniform() ** 3 * 3)]!);
    for (const time of times) rows.push(time, 0, 0, 0, 0);
    const timeUs = random.below(40);
    const windowUs = random.below(12);
    const withStanding = random.below(2) === 1;
    const compare = (row: number): Agreement => agreements[row]!;
    const standing = withStanding
      ? times.filter((time) => time < timeUs - windowUs).length - 1
      : -1;
    const within = agreements.filter(
      (_, i) => i === standing || Math.abs(times[i]! - timeUs) <= windowUs,
    );
    const best = RANK[Math.max(0, ...within.map((one) => RANK.indexOf(one)))]!;
    expect(bestAgreement(rows, timeUs, { windowUs, withStanding, compare })).toBe(best);
    seen.set(best, (seen.get(best) ?? 0) + 1);
  }
  expect(Math.min(...RANK.map((one) => seen.get(one) ?? 0))).toBeGreaterThan(100);
});

test("in a burst an equal row nearby is found without the others", () => {
  const rows = new SlidingRows();
  for (let i = 0; i < 10_000; i++) rows.push(1000 + i, 0, 0, 0, 0);
  let looked = 0;
  const compare = (row: number): Agreement => {
    looked++;
    return row === 5003 ? "all" : "unequal";
  };
  expect(bestAgreement(rows, 6000, { windowUs: 1e6, withStanding: true, compare })).toBe("all");
  expect(looked).toBeLessThan(10);
});
