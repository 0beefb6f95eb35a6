import fc from "fast-check";
import { expect, test } from "vitest";
import { best, compare, within } from "./compare.js";

const seconds = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const runs = fc.array(seconds, { minLength: 1, maxLength: 9 });
const place = { what: "work", unit: "s" };

test("the ratio is of the least runs, and passes exactly up to the bar", () => {
  fc.assert(
    fc.property(runs, runs, fc.double({ min: 0.1, max: 3, noNaN: true }), (a, b, bar) => {
      const result = compare({ name: "us", runs: a }, { name: "them", runs: b }, { ...place, bar });
      const least = [...a].sort((x, y) => x - y)[0]! / [...b].sort((x, y) => x - y)[0]!;
      expect(result.ratio).toBe(least);
      expect(result.ok).toBe(!(least > bar));
      expect(result.runs).toEqual({ us: a, them: b });
    }),
    { seed: 4 },
  );
});

test("order of the runs does not matter, and a slower further run changes nothing", () => {
  fc.assert(
    fc.property(runs, runs, seconds, (a, b, more) => {
      const ratio = (ours: readonly number[]): number | null =>
        compare({ name: "us", runs: ours }, { name: "them", runs: b }, { ...place, bar: 1 }).ratio;
      expect(ratio([...a].reverse())).toBe(ratio(a));
      expect(ratio([...a, Math.min(...a) + more])).toBe(ratio(a));
    }),
    { seed: 4 },
  );
});

test("a missing rival fails what has a bar, says why, and passes what is for information", () => {
  const missing = { name: "them", missing: "pip could not be reached" };
  const us = { name: "us", runs: [2, 1] };
  const judged = compare(us, missing, { ...place, bar: 1.2 });
  expect(judged).toMatchObject({
    ours: 1,
    rival: null,
    ratio: null,
    ok: false,
    note: missing.missing,
  });
  expect(compare(us, missing, { ...place, bar: null }).ok).toBe(true);
});

test("no runs are no success", () => {
  const none = { name: "us", runs: [] };
  expect(compare(none, { name: "them", runs: [1] }, { ...place, bar: 1 }).ok).toBe(false);
  expect(within(none, { ...place, bar: 256 }).ok).toBe(false);
});

test("a bound of its own holds for the worst of all runs", () => {
  const memory = { name: "us", runs: [200, 257, 190] };
  expect(within(memory, { ...place, bar: 256 })).toMatchObject({
    ours: 257,
    ratio: null,
    ok: false,
  });
  expect(within(memory, { ...place, bar: 257 }).ok).toBe(true);
});

test("the best of all runs is the least time or the highest rate, and passes exactly up to its bar", () => {
  const us = { name: "us", runs: [31, 28, 90] };
  expect(best(us, { ...place, bar: 28 })).toMatchObject({ ours: 28, ratio: null, ok: true });
  expect(best(us, { ...place, bar: 27.9 }).ok).toBe(false);
  const rate = { what: "work", unit: "events/s", isRate: true };
  expect(best(us, { ...rate, bar: 90 })).toMatchObject({ ours: 90, isLeast: true, ok: true });
  expect(best(us, { ...rate, bar: 90.1 }).ok).toBe(false);
  expect(best({ name: "us", runs: [] }, { ...rate, bar: 1 })).toMatchObject({
    ours: null,
    ok: false,
  });
});
