import fc from "fast-check";
import { expect, test } from "vitest";
import type { LocatedFinding } from "../audit/audit.js";
import { CHECK_NAMES } from "../audit/finding.js";
import { HOUR_US, MINUTE_US } from "../core/time.js";
import { sampleFinding, sampleHour } from "./test-audit-samples.js";
import { START_US } from "./test-market-samples.js";
import { rankedFindings, worstFindings } from "./worst-findings.js";

/** A finding somewhere in the day, of some length. */
const findings = fc.array(
  fc
    .record({
      check: fc.constantFrom(...CHECK_NAMES),
      symbol: fc.constantFrom("BTCUSDT", "ETHUSDT"),
      isFatal: fc.boolean(),
      minute: fc.integer({ min: 0, max: 1000 }),
      minutes: fc.integer({ min: 0, max: 300 }),
      count: fc.integer({ min: 1, max: 900 }),
    })
    .map(({ minute, minutes, check, ...rest }) => {
      const firstUs = START_US + minute * MINUTE_US;
      const spans = [[firstUs, firstUs + minutes * MINUTE_US]] as const;
      return sampleFinding(check, { ...rest, firstUs, spans });
    }),
  { maxLength: 40 },
);

const hours = Array.from({ length: 24 }, (_, hour) =>
  sampleHour(hour, { verdict: hour % 5 === 0 ? "bad" : "good" }),
);

const keyOf = ({ check, symbol }: LocatedFinding): string => `${check} ${symbol}`;

test("the ranking holds every finding once, fatal ones first, and does not depend on the order they come in", () => {
  fc.assert(
    fc.property(findings, (all) => {
      const ranked = rankedFindings({ findings: all, hours });
      expect(new Set(ranked)).toEqual(new Set(all));
      const fatal = ranked.map(({ isFatal }) => isFatal);
      expect(fatal).toEqual([...fatal].sort((a, b) => Number(b) - Number(a)));
      const turned = rankedFindings({ findings: [...all].reverse(), hours });
      expect(turned.map(({ firstUs, count }) => [firstUs, count])).toHaveLength(all.length);
      expect(turned.map(keyOf)).toEqual(ranked.map(keyOf));
    }),
    { seed: 1 },
  );
});

test("of the worst there are ten at most, each once, in the ranking's order, and its first is among them", () => {
  fc.assert(
    fc.property(findings, (all) => {
      const result = { findings: all, hours };
      const ranked = rankedFindings(result);
      const worst = worstFindings(result);
      expect(worst.length).toBeLessThanOrEqual(10);
      expect(new Set(worst).size).toBe(worst.length);
      const places = worst.map((finding) => ranked.indexOf(finding));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(worst[0]).toBe(ranked[0]);
    }),
    { seed: 2 },
  );
});

test("no fatal finding is left out for one that is not, unless another tells of the same", () => {
  fc.assert(
    fc.property(findings, (all) => {
      const worst = worstFindings({ findings: all, hours });
      const left = all.filter((finding) => finding.isFatal && !worst.includes(finding));
      const untold = left.filter((one) => !worst.some((other) => keyOf(other) === keyOf(one)));
      if (worst.some(({ isFatal }) => !isFatal)) expect(untold).toEqual([]);
    }),
    { seed: 3 },
  );
});

test("ten different checks are seen before one is seen twice", () => {
  const at = (check: LocatedFinding["check"], hour: number): LocatedFinding => {
    const firstUs = START_US + hour * HOUR_US;
    return sampleFinding(check, { firstUs, spans: [[firstUs, firstUs + MINUTE_US]] });
  };
  const many = CHECK_NAMES.slice(0, 12).flatMap((check, i) => [at(check, i), at(check, i + 0.5)]);
  const worst = worstFindings({ findings: many, hours: [] });
  expect(new Set(worst.map(({ check }) => check)).size).toBe(10);
});

test("what several types tell of one place counts once, and one check alone still gives ten places", () => {
  const types = ["trades", "quotes", "incremental_book_L2"] as const;
  const told = types.map((type) => sampleFinding("clock-offset", { type }));
  expect(worstFindings({ findings: told, hours: [] })).toHaveLength(1);
  const places = Array.from({ length: 20 }, (_, i) => {
    const firstUs = START_US + i * HOUR_US;
    return sampleFinding("gap", { firstUs, spans: [[firstUs, firstUs + MINUTE_US]] });
  });
  expect(worstFindings({ findings: places, hours: [] })).toHaveLength(10);
});

test("what made an hour bad ranks before what only takes longer", () => {
  const inBad = [[START_US, START_US + 20 * MINUTE_US]] as const;
  const long = [[START_US + HOUR_US, START_US + 4 * HOUR_US]] as const;
  const gap = sampleFinding("gap", { spans: inBad });
  const frozen = sampleFinding("frozen-level", { spans: long });
  const drift = sampleFinding("clock-drift", { spans: [[START_US, START_US + 23 * HOUR_US]] });
  const ranked = rankedFindings({ findings: [drift, frozen, gap], hours });
  expect(ranked.map(({ check }) => check)).toEqual(["gap", "clock-drift", "frozen-level"]);
});

test("outliers rank by the bad hours that they strike, as what else is wrong in single rows", () => {
  const inBad = sampleFinding("outlier", { count: 40, spans: [[START_US, START_US]] });
  const inGood = sampleFinding("duplicate", {
    count: 400,
    spans: [[START_US + HOUR_US, START_US + HOUR_US]],
  });
  const ranked = rankedFindings({ findings: [inGood, inBad], hours });
  expect(ranked.map(({ check }) => check)).toEqual(["outlier", "duplicate"]);
});
