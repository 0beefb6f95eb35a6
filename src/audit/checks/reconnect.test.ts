import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_US, dayStartUs, HOUR_US } from "../../core/time.js";
import type { BookChanges } from "../../store/tables.js";
import type { CheckResult } from "../finding.js";
import { MessageCutter } from "../measuring/messages.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { Reconnects } from "./reconnect.js";

const DAY = dayStartUs("2024-03-01");

/** A row's arrival and exchange time, and whether it is of a snapshot. */
type Row = readonly [localUs: number, exchangeUs: number, isSnapshot: 0 | 1];

const HOURS = new Map(Array.from({ length: 24 }, (_, i) => [DAY + i * HOUR_US, HOUR_US]));

function checked(rows: readonly Row[], cuts: readonly number[]): CheckResult {
  const check = new Reconnects({ ...AUDIT_SETTINGS.reconnect, snapshotFeedShare: 1 });
  const cutter = new MessageCutter<BookChanges>();
  const edges = [0, ...[...cuts].sort((a, b) => a - b), rows.length];
  for (let i = 1; i < edges.length; i++) {
    const some = rows.slice(edges[i - 1], edges[i]);
    const ones = new Float64Array(some.length).fill(1);
    const batch: BookChanges = {
      localTimestampUs: Float64Array.from(some, ([localUs]) => localUs),
      timestampUs: Float64Array.from(some, ([, exchangeUs]) => exchangeUs),
      isSnapshot: Uint8Array.from(some, ([, , isSnapshot]) => isSnapshot),
      side: Int8Array.from(ones),
      price: ones,
      amount: ones,
    };
    check.update(cutter.cut(batch));
  }
  return check.finish(HOURS);
}

/** The stretches in which the book was unknown, row by row. */
function unknownStretches(rows: readonly Row[]): readonly (readonly [number, number])[] {
  const isNew = (i: number): boolean =>
    i === 0 || rows[i]![0] !== rows[i - 1]![0] || rows[i]![1] !== rows[i - 1]![1];
  const stretches: [number, number][] = [];
  let beforeUs = Number.NaN;
  let isKnown = false;
  let hasBegun = false;
  for (const [i, [localUs, , isSnapshot]] of rows.entries()) {
    if (isNew(i)) {
      beforeUs = i === 0 ? localUs : rows[i - 1]![0];
      hasBegun = false;
    }
    if (isSnapshot === 0 || hasBegun) continue;
    const isFirstOfRun = i === 0 || rows[i - 1]![2] === 0;
    const isLate = isNew(i) && localUs - beforeUs > 1e6;
    if (!isFirstOfRun && !isLate) continue;
    hasBegun = true;
    const fromUs = isKnown ? beforeUs : rows[0]![0];
    if (isKnown || localUs - fromUs > 1e6) stretches.push([fromUs, localUs]);
    isKnown = true;
  }
  return stretches;
}

const messages = (leastStepUs: number): fc.Arbitrary<readonly Row[]> =>
  fc
    .array(
      fc.record({
        stepUs: fc.oneof(
          fc.constant(0),
          fc.integer({ min: leastStepUs, max: 3e6 }),
          fc.integer({ min: leastStepUs, max: 900e6 }),
        ),
        delayUs: fc.integer({ min: 0, max: 3 }),
        flags: fc.array(fc.constantFrom(0 as const, 1 as const), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 30 },
    )
    .map((all) => {
      let localUs = DAY + HOUR_US;
      return all.flatMap(({ stepUs, delayUs, flags }) => {
        localUs += stepUs;
        return flags.map((flag): Row => [localUs, localUs - delayUs, flag]);
      });
    });

const withCuts = (rows: fc.Arbitrary<readonly Row[]>): fc.Arbitrary<[readonly Row[], number[]]> =>
  rows.chain((all) =>
    fc.tuple(fc.constant(all), fc.array(fc.integer({ min: 0, max: all.length }), { maxLength: 3 })),
  );

test("whatever follows what, the book is unknown where a plain walk over the rows says so", () => {
  fc.assert(
    fc.property(withCuts(messages(0)), ([rows, cuts]) => {
      const isMixed =
        rows.some(([, , flag]) => flag === 0) && rows.some(([, , flag]) => flag === 1);
      fc.pre(isMixed);
      const expected = unknownStretches(rows);
      const { findings } = checked(rows, cuts);
      expect(findings.map(({ count, spans }) => [count, spans])).toEqual(
        expected.length === 0 ? [] : [[expected.length, expect.anything()]],
      );
      if (expected.length === 0) return;
      const byTime = (all: readonly (readonly [number, number])[]): unknown =>
        [...all].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      expect(byTime(findings[0]!.spans)).toEqual(byTime(expected));
      const us = expected.reduce((sum, [fromUs, toUs]) => sum + toUs - fromUs, 0);
      expect(findings[0]!.value).toBeCloseTo(us / 1e6, 6);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("times are finite and spans run forward, even where arrival times step back", () => {
  fc.assert(
    fc.property(withCuts(messages(-900e6)), ([rows, cuts]) => {
      for (const { firstUs, value, spans } of checked(rows, cuts).findings) {
        expect(firstUs).toBeGreaterThan(DAY - DAY_US);
        expect(value).toBeGreaterThanOrEqual(0);
        for (const [fromUs, toUs] of spans) expect(toUs - fromUs).toBeGreaterThanOrEqual(0);
      }
    }),
    { seed: 2, numRuns: 2000 },
  );
});

test("a message that mixes rows of a snapshot and changes begins the book once", () => {
  const mixed: readonly Row[] = [0, 1, 0, 1].map((flag) => [DAY, DAY, flag as 0 | 1]);
  const { findings } = checked([...mixed, [DAY + 1, DAY + 1, 0]], []);
  expect(findings).toEqual([]);
});
