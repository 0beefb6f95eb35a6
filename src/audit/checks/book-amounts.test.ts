import { describe, expect, test } from "vitest";
import { type Random, seededRandom } from "../../core/random.js";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import { captureBookChanges, hasCaptures } from "../../market/test-captures.js";
import type { BookChanges } from "../../store/tables.js";
import type { CheckResult } from "../finding.js";
import { MessageCutter } from "../measuring/messages.js";
import { Pace } from "../measuring/pace.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { BookAmounts } from "./book-amounts.js";

const DAY = dayStartUs("2024-03-01");
const ROWS = 100_000;
const STEP_US = 1e5;

function run(changes: BookChanges, batchRows = 2048): CheckResult {
  const check = new BookAmounts(AUDIT_SETTINGS.outlier);
  const cutter = new MessageCutter<BookChanges>();
  const pace = new Pace(AUDIT_SETTINGS.gap.incremental_book_L2);
  for (let from = 0; from < changes.amount.length; from += batchRows) {
    const part = <Column extends Float64Array | Int8Array | Uint8Array>(column: Column): Column =>
      column.subarray(from, from + batchRows) as Column;
    const batch = cutter.cut({
      localTimestampUs: part(changes.localTimestampUs),
      timestampUs: part(changes.timestampUs),
      isSnapshot: part(changes.isSnapshot),
      side: part(changes.side),
      price: part(changes.price),
      amount: part(changes.amount),
    });
    check.update(batch);
    pace.update(batch);
  }
  return check.finish(pace);
}

/** Changes of a tenth of a second each; every fourth deletes a level. */
function book(amount: (i: number, random: Random) => number): CheckResult {
  const random = seededRandom(3);
  const times = Float64Array.from({ length: ROWS }, (_, i) => DAY + i * STEP_US);
  return run({
    localTimestampUs: times,
    timestampUs: times,
    isSnapshot: new Uint8Array(ROWS),
    side: new Int8Array(ROWS).fill(1),
    price: new Float64Array(ROWS).fill(100),
    amount: Float64Array.from(times, (_, i) => (i % 4 === 0 ? 0 : amount(i, random))),
  });
}

const LAWS: Readonly<Record<string, (random: Random) => number>> = {
  "log-normal 1.15": (random) => Math.exp(1.15 * random.normal()),
  "log-normal 2": (random) => Math.exp(2 * random.normal()),
  "Pareto 1.2": (random) => (1 - random.uniform()) ** (-1 / 1.2),
  "one lot": () => 1,
};

test.each(Object.keys(LAWS))("a healthy book of %s amounts has none", (law) => {
  expect(book((_, random) => LAWS[law]!(random)).findings).toEqual([]);
});

describe("amounts that cannot be", () => {
  test.each([
    ["one", (i: number) => i === 70_001],
    ["one in five hundred", (i: number) => i % 500 === 7],
    ["one in fifty", (i: number) => i % 50 === 7],
  ] as const)("are counted at their places: %s", (_, isWrong) => {
    const law = LAWS["log-normal 1.15"]!;
    const wrong = Array.from({ length: ROWS }, (_row, i) => i).filter(
      (i) => i % 4 > 0 && isWrong(i),
    );
    const { findings, marks } = book((i, random) => law(random) * (isWrong(i) ? 1e6 : 1));
    expect(findings).toMatchObject([
      { check: "outlier", type: "incremental_book_L2", count: wrong.length },
    ]);
    expect(findings[0]!.spans.map(([from]) => from)).toEqual(
      wrong.slice(0, 100).map((i) => DAY + i * STEP_US),
    );
    const hours = new Set(wrong.map((i) => DAY + Math.floor((i * STEP_US) / HOUR_US) * HOUR_US));
    expect(new Set(marks.map(({ hourUs }) => hourUs))).toEqual(hours);
    const verdict = wrong.length > 0.01 * ROWS ? "bad" : "usable";
    expect(marks.every((mark) => mark.verdict === verdict)).toBe(true);
  });
});

test.skipIf(!hasCaptures)("real books have none", () => {
  for (const name of [
    "bitstamp/incremental_book_L2/2015/05/01/BTCUSD",
    "coinbase/incremental_book_L2/2018/04/17/BTC-USD",
    "binance/incremental_book_L2/2024/08/09/ETHUSDT",
  ]) {
    expect(run(captureBookChanges(name)).findings).toEqual([]);
  }
});
