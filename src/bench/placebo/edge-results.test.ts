import { expect, test } from "vitest";
import { informativeResults, strongResults } from "./edge-results.js";
import type { RungFindings, SeedFindings } from "./seed-job.js";

function rung(name: string, share: number, isPromoted = false): RungFindings {
  return {
    rung: name,
    accuracy: 0.55,
    gates: { accuracy: isPromoted ? "pass" : "undecided", canaries: "pass" },
    isPromoted,
    freeDeflatedSharpe: 1,
    share: { estimate: share, standardError: 0.03 },
  };
}

function market(...rungs: readonly RungFindings[]): SeedFindings {
  const attainableAccuracy = 0.5856;
  const rest = {
    seed: 1,
    symbolDays: 60,
    rows: 10,
    testDays: 92,
    hasCanaries: true,
    isVoid: false,
  };
  return { ...rest, attainableAccuracy, rungs };
}

test("four fifths of what is attainable are asked of 53 features, and that 33 lie clearly below", () => {
  const good = market(rung("majority", 0.01), rung("logistic-base", 0.4), rung("logistic", 0.82));
  const [full, lead, majority, size] = informativeResults(good);
  expect(full).toMatchObject({ ours: 0.82, bar: 0.8, isLeast: true, ok: true });
  expect(full!.note).toMatch(/8\.56 points.*18\.0 % is missed/);
  // 0.42 over √2 · 0.03.
  expect(lead!.ours).toBeCloseTo(9.8995, 4);
  expect(lead).toMatchObject({ bar: 4, ok: true });
  expect(majority).toMatchObject({ ours: 0.01, bar: null, ok: true });
  expect(size).toMatchObject({ ours: 60, bar: 60, ok: true });
  expect(informativeResults({ ...good, symbolDays: 59 }).at(-1)!.ok).toBe(false);
  const poor = market(rung("logistic-base", 0.7), rung("logistic", 0.79));
  expect(informativeResults(poor).map(({ ok }) => ok)).toEqual([false, false, true]);
});

test("nine of ten strong markets must be promoted, and what held others back is named", () => {
  const markets = (promoted: number) =>
    Array.from({ length: 20 }, (_, i) => market(rung("logistic", 0.9 + i / 1000, i < promoted)));
  const [enough] = strongResults(markets(18));
  expect(enough).toMatchObject({ ours: 18, bar: 18, ok: true });
  expect(enough!.note).toBe("what held it back: accuracy undecided, accuracy undecided");
  expect(strongResults(markets(17))[0]).toMatchObject({ ours: 17, bar: 18, ok: false });
  expect(strongResults(markets(20))[0]!.note).toBe("no gate held it back");
  expect(strongResults(markets(20))[1]!.ours).toBeCloseTo(0.9095, 9);
  expect(strongResults(markets(20))[2]).toMatchObject({ ours: 92, bar: 90, ok: true });
  const short = [...markets(19), { ...markets(1)[0]!, testDays: 89 }];
  expect(strongResults(short)[2]).toMatchObject({ ours: 89, ok: false });
});

test("a market without an edge has no shares to judge", () => {
  const { share: _share, ...bare } = rung("logistic", 0);
  expect(() => informativeResults(market(bare))).toThrow(/no share of what is attainable/);
});
