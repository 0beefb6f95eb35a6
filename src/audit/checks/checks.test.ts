import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { DAY_US, dayStartUs, HOUR_US, SECOND_US } from "../../core/time.js";
import type { Trades } from "../../store/tables.js";
import type { CheckResult } from "../finding.js";
import { hourVerdicts, worst } from "../hour-verdict.js";
import { type MessageCheck, MessageCutter, type TimedRows } from "../measuring/messages.js";
import { Pace } from "../measuring/pace.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { clockOffset } from "./clock-offset.js";
import { coverage, coveredTime } from "./coverage.js";
import { duplicateBlock } from "./duplicate-block.js";
import { gap } from "./gap.js";
import { order } from "./order.js";
import { rejectedRow } from "./rejected-row.js";

const DAY = dayStartUs("2024-03-01");
const { coverage: coverageSettings, duplicate, order: orderSettings } = AUDIT_SETTINGS;

/** Arrival times of a Poisson stream over the day, in whole µs. */
function poissonTimes(meanUs: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  const times: number[] = [];
  for (let time = DAY; time < DAY + DAY_US; time += 1 + Math.floor(meanUs * random.exponential())) {
    times.push(time);
  }
  return Float64Array.from(times);
}

function without(times: Float64Array, fromUs: number, toUs: number): Float64Array {
  return times.filter((time) => time <= fromUs || time >= toUs);
}

function paceOf(times: Float64Array, type: "trades" | "incremental_book_L2"): Pace {
  const pace = new Pace(AUDIT_SETTINGS.gap[type]);
  for (const time of times) pace.add(time);
  return pace;
}

function gapsOf(times: Float64Array, type: "trades" | "incremental_book_L2"): CheckResult {
  const pace = paceOf(times, type);
  return gap(type, pace, coveredTime(pace, DAY, coverageSettings), AUDIT_SETTINGS.gap);
}

function run<Rows extends TimedRows>(check: MessageCheck<Rows>, ...batches: Rows[]): CheckResult {
  const cutter = new MessageCutter<Rows>();
  for (const batch of batches) check.update(cutter.cut(batch));
  return check.finish();
}

const timed = (local: readonly number[], exchange = local): TimedRows => ({
  localTimestampUs: Float64Array.from(local),
  timestampUs: Float64Array.from(exchange),
});

describe("gap", () => {
  test("no random stream of any pace has one; a planted hole is found to the message", () => {
    for (const [meanUs, type, hole] of [
      [0.1 * SECOND_US, "incremental_book_L2", 10 * SECOND_US],
      [2 * SECOND_US, "incremental_book_L2", 90 * SECOND_US],
      [5 * SECOND_US, "trades", 600 * SECOND_US],
    ] as const) {
      for (let seed = 0; seed < 3; seed++) {
        const clean = poissonTimes(meanUs, seed);
        expect(gapsOf(clean, type).findings).toEqual([]);
        const fromUs = clean[Math.floor(clean.length / 3)]!;
        const cut = without(clean, fromUs, fromUs + hole);
        const [finding] = gapsOf(cut, type).findings;
        expect(finding).toMatchObject({ check: "gap", count: 1, firstUs: fromUs, isFatal: false });
        expect(finding!.value).toBeGreaterThanOrEqual(hole / 1e6);
      }
    }
  });

  test("holes of hours are found in thin streams too, and none where there is none", () => {
    for (const meanUs of [60 * SECOND_US, 120 * SECOND_US, 600 * SECOND_US]) {
      for (let seed = 0; seed < 4; seed++) {
        const clean = poissonTimes(meanUs, seed);
        expect(gapsOf(clean, "trades").findings).toEqual([]);
        const cut = without(clean, DAY + 5 * HOUR_US, DAY + 10 * HOUR_US);
        const holed = without(cut, DAY + 14 * HOUR_US, DAY + 20 * HOUR_US);
        expect(gapsOf(holed, "trades").findings).toMatchObject([{ count: 2 }]);
      }
    }
  });

  test("one busy hour does not make gaps of the quiet ones", () => {
    const quiet = poissonTimes(120 * SECOND_US, 1);
    const random = seededRandom(2);
    const busy: number[] = [];
    for (let time = DAY + 8 * HOUR_US; time < DAY + 9 * HOUR_US; ) {
      busy.push(time);
      time += 1 + Math.floor(0.01 * SECOND_US * random.exponential());
    }
    const times = Float64Array.from([...quiet, ...busy]).sort();
    expect(gapsOf(times, "trades").findings).toEqual([]);
    const cut = without(times, DAY + 15 * HOUR_US, DAY + 19 * HOUR_US);
    expect(gapsOf(cut, "trades").findings).toMatchObject([{ count: 1 }]);
  });

  test("an hour is usable with a short gap and bad when a quarter of it is missing", () => {
    const clean = poissonTimes(0.1 * SECOND_US, 7);
    const hour = DAY + 5 * HOUR_US;
    const mark = (seconds: number): unknown =>
      gapsOf(without(clean, hour + 1e6, hour + seconds * 1e6), "incremental_book_L2").marks[0];
    expect(mark(60)).toMatchObject({ hourUs: hour, verdict: "usable" });
    expect(mark(1200)).toMatchObject({ hourUs: hour, verdict: "bad" });
  });

  test("the pace is the stream's own: its median and tail to 2 %", () => {
    const pace = paceOf(poissonTimes(SECOND_US, 8), "trades");
    expect(pace.intervalUs(0.5) / (Math.LN2 * SECOND_US)).toBeCloseTo(1, 1);
    expect(pace.intervalUs(0.999) / (Math.log(1000) * SECOND_US)).toBeCloseTo(1, 0);
  });
});

describe("coverage", () => {
  test("a whole day is no finding; time absent at its ends is, and never fatal", () => {
    const whole = poissonTimes(SECOND_US, 1);
    expect(coverage("trades", paceOf(whole, "trades"), DAY, coverageSettings)).toEqual({
      findings: [],
      marks: [],
    });
    const fromUs = DAY + 3.5 * HOUR_US;
    const toUs = DAY + 8 * HOUR_US;
    const pace = paceOf(
      whole.filter((time) => time >= fromUs && time <= toUs),
      "trades",
    );
    const { findings, marks } = coverage("trades", pace, DAY, coverageSettings);
    expect(findings[0]).toMatchObject({ check: "coverage", count: 2, isFatal: false });
    expect(findings[0]!.value / 3600).toBeCloseTo(19.5, 2);
    expect(marks[0]).toMatchObject({ hourUs: DAY + 3 * HOUR_US, verdict: "usable" });
    const covered = coveredTime(pace, DAY, coverageSettings);
    expect([...covered.keys()].map((hour) => (hour - DAY) / HOUR_US)).toEqual([3, 4, 5, 6, 7]);
  });

  test("an empty day is absent as a whole", () => {
    const pace = new Pace(AUDIT_SETTINGS.gap.trades);
    const { findings } = coverage("trades", pace, DAY, coverageSettings);
    expect(findings[0]).toMatchObject({ check: "coverage", value: 86_400, isFatal: false });
    expect(coveredTime(pace, DAY, coverageSettings).size).toBe(0);
  });
});

describe("order", () => {
  test("an arrival time that steps back is fatal, over the batch's edge too", () => {
    const { findings, marks } = run(
      order("trades", orderSettings),
      timed([DAY, DAY + 5]),
      timed([DAY + 4, DAY + 6]),
    );
    expect(findings).toMatchObject([{ check: "order", count: 1, firstUs: DAY + 4, isFatal: true }]);
    expect(marks[0]!.verdict).toBe("bad");
  });

  test("exchange times may jitter; a step back of two seconds is a finding", () => {
    const local = [0, 1e6, 2e6, 3e6].map((time) => DAY + time);
    const jitter = [0, 1e6, 0.9e6, 3e6].map((time) => DAY + time);
    const jump = [0, 4e6, 2e6, 5e6].map((time) => DAY + time);
    expect(run(order("trades", orderSettings), timed(local, jitter)).findings).toEqual([]);
    const { findings } = run(order("trades", orderSettings), timed(local, jump));
    expect(findings).toMatchObject([{ count: 1, isFatal: false, value: 2, firstUs: DAY + 2e6 }]);
  });
});

describe("clock offset", () => {
  test("arrival before the exchange's time is a finding with its size, not an error", () => {
    const exchange = poissonTimes(0.5 * SECOND_US, 2);
    const offset = (us: number): CheckResult =>
      run(clockOffset("trades", AUDIT_SETTINGS.clockOffset), {
        localTimestampUs: exchange.map((time) => time + us),
        timestampUs: exchange,
      });
    expect(offset(0.03 * SECOND_US).findings).toEqual([]);
    const { findings } = offset(-1.27 * SECOND_US);
    expect(findings).toMatchObject([{ check: "clock-offset", isFatal: false }]);
    expect(findings[0]!.value).toBeCloseTo(-1.27, 9);
    expect(offset(5 * SECOND_US).findings[0]!.value).toBeCloseTo(5, 9);
  });
});

const trades = (rows: readonly (readonly [number, number, number])[]): Trades => ({
  localTimestampUs: Float64Array.from(rows, ([time]) => time),
  timestampUs: Float64Array.from(rows, ([time]) => time),
  side: new Int8Array(rows.length).fill(1),
  price: Float64Array.from(rows, ([, price]) => price),
  amount: Float64Array.from(rows, ([, , amount]) => amount),
});

describe("duplicate block", () => {
  const check = (rows: Trades): CheckResult =>
    run(
      duplicateBlock<Trades>(
        "trades",
        (t, from, to, sums) => {
          for (let i = from; i < to; i++) {
            sums[0]! += t.price[i]!;
            sums[1]! += t.amount[i]!;
          }
        },
        duplicate,
      ),
      rows,
    );
  const base = Array.from({ length: 1000 }, (_, i) => [DAY + 1e6 * i, 100 + (i % 7), 1] as const);

  test("equal fills of one millisecond, in any number, are real", () => {
    const fills = base.flatMap((row) => [row, row, row, row]);
    expect(check(trades(fills)).findings).toEqual([]);
  });

  test("three messages that come again are found at the first of them; two are not", () => {
    const repeated = (count: number): Trades => {
      const again = trades([
        ...base.slice(0, 500),
        ...base.slice(490, 490 + count),
        ...base.slice(500),
      ]);
      const local = again.localTimestampUs.map((time, i) =>
        i >= 500 && i < 500 + count ? DAY + 499e6 + 1000 * (i - 499) : time,
      );
      return { ...again, localTimestampUs: local };
    };
    expect(check(repeated(2)).findings).toEqual([]);
    expect(check(repeated(3)).findings).toMatchObject([
      { check: "duplicate", count: 3, firstUs: DAY + 499e6 + 1000 },
    ]);
    expect(check(repeated(10)).findings[0]!.count).toBe(10);
  });

  test("messages that repeat times with other content are no duplicates", () => {
    const other = base.slice(490, 500).map(([time, price]) => [time, price, 2] as const);
    expect(check(trades([...base.slice(0, 500), ...other, ...base.slice(500)])).findings).toEqual(
      [],
    );
  });
});

test("rejected rows are counted by cause; none is no finding", () => {
  const pace = paceOf(poissonTimes(SECOND_US, 3), "trades");
  const rejected = (counts: Readonly<Record<string, number>>, ...localUs: readonly number[]) => {
    const rows = localUs.map((time, i) => ({ line: i + 2, reason: "price", localUs: time }));
    return rejectedRow("trades", { counts, rows, dayUs: DAY }, pace, AUDIT_SETTINGS.rejectedRow);
  };
  expect(rejected({ price: 0 }).findings).toEqual([]);
  const at = DAY + 7 * HOUR_US + 5;
  expect(rejected({ price: 2, time: 1 }, at, at + 9, at + HOUR_US)).toMatchObject({
    findings: [
      {
        check: "rejected-row",
        count: 3,
        firstUs: at,
        detail: expect.stringContaining("2 price, 1 time"),
      },
    ],
    marks: [
      { hourUs: DAY + 7 * HOUR_US, verdict: "usable" },
      { hourUs: DAY + 8 * HOUR_US, verdict: "usable" },
    ],
  });
});

test("an hour's verdict is the worst of its marks, with all reasons", () => {
  const marks = [
    { hourUs: DAY, verdict: "usable", reason: "a" },
    { hourUs: DAY, verdict: "bad", reason: "b" },
  ] as const;
  const facts = { marks, messagesByHour: [7, 9], agreement: () => undefined };
  expect(hourVerdicts("trades", [DAY, DAY + HOUR_US], facts)).toMatchObject([
    { verdict: "bad", reasons: ["a", "b"], messages: 7 },
    { verdict: "good", reasons: [], messages: 9 },
  ]);
  expect(worst([])).toBe("good");
});
