import { expect, test } from "vitest";
import { DAY_US, dayStartUs, HOUR_US, SECOND_US } from "../../core/time.js";
import type { Trades } from "../../store/tables.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { TypeChecks } from "../type-checks.js";

const DAY = dayStartUs("2024-03-01");
const ROWS = 5000;
const STEP_US = (5 * HOUR_US) / ROWS;

/** Trades of five hours whose exchange times are as said, in batches of a thousand. */
function checked(
  exchangeUs: (i: number, localUs: number) => number,
): ReturnType<TypeChecks["finish"]> {
  const checks = new TypeChecks("trades", AUDIT_SETTINGS, DAY);
  const all = Array.from({ length: ROWS }, (_, i) => i);
  const local = (i: number): number => DAY + i * STEP_US;
  for (let from = 0; from < ROWS; from += 1000) {
    const rows = all.slice(from, from + 1000);
    const batch: Trades = {
      localTimestampUs: Float64Array.from(rows, local),
      timestampUs: Float64Array.from(rows, (i) => exchangeUs(i, local(i))),
      side: Int8Array.from(rows, () => 1),
      price: Float64Array.from(rows, () => 100),
      amount: Float64Array.from(rows, () => 1),
    };
    checks.update(batch);
  }
  return [...checks.finish(), checks.duplicateBlocks()].filter(
    ({ findings, marks }) => findings.length + marks.length > 0,
  );
}

const usual = (localUs: number): number => localUs - 0.1 * SECOND_US;

test.each([0, Number.NaN, -1])(
  "messages whose exchange time is %s are one finding, and of no other check",
  (none) => {
    for (const [isNone, count] of [
      [() => true, ROWS],
      [(i: number) => i >= 1500, ROWS - 1500],
      [(i: number) => i % 2 === 0, ROWS / 2],
      [(i: number) => i === 7, 1],
    ] as const) {
      const results = checked((i, localUs) => (isNone(i) ? none : usual(localUs)));
      expect(results.map(({ findings }) => findings.map(({ check }) => check))).toEqual([
        ["clock-offset"],
      ]);
      const [{ findings, marks }] = results as [(typeof results)[number]];
      expect(findings[0]).toMatchObject({ count, value: count, unit: "messages", isFatal: false });
      for (const { verdict } of marks) expect(verdict).toBe("usable");
      for (const [fromUs, toUs] of findings[0]!.spans) {
        expect(fromUs).toBeGreaterThanOrEqual(DAY);
        expect(toUs).toBeLessThan(DAY + DAY_US);
      }
    }
  },
);

test("exchange times that are there are no finding", () => {
  expect(checked((_, localUs) => usual(localUs))).toEqual([]);
});

test("what is wrong with the others is told all the same", () => {
  const results = checked((i, localUs) => (i % 5 === 0 ? 0 : localUs - 5 * SECOND_US));
  const sizes = results.flatMap(({ findings }) => findings.map(({ unit, value }) => [unit, value]));
  expect(sizes).toEqual([
    ["s", 5],
    ["messages", ROWS / 5],
  ]);
});

test("a step back is told though the message before it has no exchange time", () => {
  const results = checked((i, localUs) => {
    if (i === 10) return Number.NaN;
    return i === 11 ? usual(localUs) - 600 * SECOND_US : usual(localUs);
  });
  const found = results.flatMap(({ findings }) => findings.map(({ check }) => check));
  expect(found.sort()).toEqual(["clock-offset", "order"]);
});
