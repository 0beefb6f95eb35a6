import { expect, test } from "vitest";
import { numbersToText } from "../../core/exact-numbers.js";
import type { DecisionRecord } from "../../runtime/records.js";
import type { BatchBar } from "./batch-signals.js";
import { decisionDifferences } from "./decision-differences.js";
import { differenceResult } from "./difference-result.js";

const values = Float64Array.of(0.1, Number.NaN, -0);

const bar = (barEndUs: number, signal: Partial<BatchBar["signal"]> = {}): BatchBar => ({
  row: { barEndUs, mid: 100, values, valid: 5n },
  signal: { probability: 0.7, side: 1, reason: "", ...signal },
});

const decision = (barEndUs: number, changes: Partial<DecisionRecord> = {}): DecisionRecord => ({
  ...{ kind: "decision", run: "r", symbol: "BTCUSDT", barEndUs, model: "m", probability: 0.7 },
  ...{ side: 1, reason: "", mid: 100, features: numbersToText(values), valid: "5", tookUs: 9 },
  ...changes,
});

const batchOf = (...bars: readonly BatchBar[]): Parameters<typeof decisionDifferences>[1] =>
  new Map([["BTCUSDT", new Map(bars.map((one) => [one.row.barEndUs, one]))]]);

const DRY = { mode: "dry-run" } as const;
const PAPER = { mode: "paper" } as const;

const NONE = {
  ...{ features: 0, masks: 0, mids: 0, probabilities: 0, decisions: 0, missing: 0, kept: 0 },
};

test("decisions that are the batch's to the last bit differ in nothing", () => {
  const unknown = { probability: Number.NaN, side: 0, reason: "warm-up" } as const;
  const found = decisionDifferences(
    [decision(1), decision(2, unknown)],
    batchOf(bar(1), bar(2, unknown)),
    DRY,
  );
  expect(found).toEqual({ ...NONE, bars: 2, sides: 1 });
});

test("each thing that differs is counted, be it by one bit", () => {
  const other = Float64Array.of(0.1, Number.NaN, 0);
  const next = 0.7 + 2 ** -53;
  const found = decisionDifferences(
    [
      decision(1, { features: numbersToText(other) }),
      decision(2, { valid: "4" }),
      decision(3, { mid: Number.NaN }),
      decision(4, { probability: next }),
      decision(5, { side: -1 }),
    ],
    batchOf(bar(1), bar(2), bar(3), bar(4), bar(5)),
    DRY,
  );
  expect(next).not.toBe(0.7);
  expect(found).toMatchObject({ features: 1, masks: 1, mids: 1, probabilities: 1, decisions: 1 });
  expect(found).toMatchObject({ missing: 0, kept: 0 });
  expect(found.first).toBe("BTCUSDT 1970-01-01T00:00:00.000Z: features");
});

test("a bar that only one of both has is missing", () => {
  const found = decisionDifferences([decision(1), decision(3)], batchOf(bar(1), bar(2)), DRY);
  expect(found).toMatchObject({ bars: 2, missing: 2 });
});

test("an account may stake less than a signal says, but not on its own, and a dry run has none", () => {
  const limited = [decision(1, { side: 0, reason: "limit: orders" })];
  const loud = batchOf(bar(1));
  expect(decisionDifferences(limited, loud, PAPER)).toMatchObject({ decisions: 0, kept: 1 });
  expect(decisionDifferences(limited, loud, DRY)).toMatchObject({ decisions: 1, kept: 0 });
  const quiet = batchOf(bar(1, { side: 0, reason: "unsure" }));
  const bold = decisionDifferences([decision(1)], quiet, PAPER);
  expect(bold).toMatchObject({ decisions: 1, kept: 0 });
  const other = decisionDifferences([decision(1, { side: 0, reason: "drift" })], quiet, PAPER);
  expect(other).toMatchObject({ decisions: 1, kept: 0 });
});

test("what is neither the account's nor its limits' word keeps no run from a side", () => {
  for (const reason of ["outside: the journal's database is down", "feed", "drift", ""]) {
    const silent = [decision(1, { side: 0, reason })];
    const found = decisionDifferences(silent, batchOf(bar(1)), PAPER);
    expect(found).toMatchObject({ decisions: 1, kept: 0 });
  }
});

test("equal decisions show something only where sides were taken", () => {
  const way = { what: "store, paper", kind: "logistic", mode: "paper" } as const;
  const equal = decisionDifferences([decision(1)], batchOf(bar(1)), PAPER);
  expect(differenceResult(way, equal)).toMatchObject({ ours: 0, bar: 0, ok: true });
  const barred = [decision(1, { side: 0, reason: "risk: failed" })];
  const never = differenceResult(way, decisionDifferences(barred, batchOf(bar(1)), PAPER));
  expect(never).toMatchObject({ ours: 0, ok: false });
  expect(never.note).toMatch(
    /^no side was taken, so that equal decisions show nothing; features 0/,
  );
});
