import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { dayStartUs, HOUR_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import type { CheckResult } from "../finding.js";
import type { BookState, StateCheck } from "../measuring/book-state.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { regimeBreak } from "./regime-break.js";

const DAY = dayStartUs("2024-03-01");
const TYPE = "incremental_book_L2";
const COVERED = new Map(Array.from({ length: 24 }, (_, hour) => [DAY + hour * HOUR_US, HOUR_US]));

const state = (bidPrice: number, askPrice: number, amount = 1, depth = 20): BookState => ({
  touch: { bidPrice, bidAmount: amount, askPrice, askAmount: amount },
  depth: () => depth,
});

const finish = (check: StateCheck): CheckResult => check.finish(COVERED, 0.5 * SECOND_US);

describe("regime break", () => {
  /** Hours with a state a second; from some time on another level. */
  const play = (level: (localUs: number) => readonly [number, number], hours = 3): CheckResult => {
    const random = seededRandom(5);
    const check = regimeBreak(TYPE, AUDIT_SETTINGS.regimeBreak);
    for (let localUs = DAY; localUs < DAY + hours * HOUR_US; localUs += SECOND_US) {
      const [spread, depth] = level(localUs);
      const half = 0.01 * spread * Math.exp(0.3 * random.normal());
      check.update(
        localUs,
        state(100 - half, 100 + half, 1, 50 * depth * Math.exp(0.2 * random.normal())),
      );
    }
    return finish(check);
  };
  const fromUs = DAY + 97.3 * MINUTE_US;
  const toUs = fromUs + 15 * MINUTE_US;

  test("a market as it is has none, nor one whose spread doubles", () => {
    expect(play(() => [1, 1]).findings).toEqual([]);
    expect(play((localUs) => [localUs > fromUs ? 2 : 1, 1]).findings).toEqual([]);
  });

  test.each([
    ["spread", 8, 1],
    ["depth", 1, 0.05],
  ] as const)(
    "a %s that is another's for a quarter of an hour is found at its second",
    (_, spread, depth) => {
      const { findings } = play((localUs) =>
        localUs >= fromUs && localUs < toUs ? [spread, depth] : [1, 1],
      );
      expect(findings).toMatchObject([{ check: "regime-break", count: 1 }]);
      expect(Math.abs(findings[0]!.firstUs - fromUs)).toBeLessThanOrEqual(SECOND_US);
      expect(Math.abs(findings[0]!.spans[0]![1] - toUs)).toBeLessThanOrEqual(SECOND_US);
    },
  );

  test("a break of a quiet market is found at its message, however soon that follows another", () => {
    const check = regimeBreak(TYPE, AUDIT_SETTINGS.regimeBreak);
    const random = seededRandom(8);
    const breaksUs = DAY + 97 * MINUTE_US;
    for (let localUs = DAY; localUs < DAY + 3 * HOUR_US; localUs += 4e6) {
      // Two messages, and four seconds of silence after the second.
      for (const atUs of [localUs, localUs + 20e3]) {
        const depth = atUs > breaksUs ? 2 : 50;
        check.update(atUs, state(99.99, 100.01, 1, depth * Math.exp(0.2 * random.normal())));
      }
    }
    expect(finish(check).findings).toMatchObject([{ count: 1, firstUs: breaksUs + 20e3 }]);
  });

  test("sides that break together are found where the clearer one does", () => {
    const check = regimeBreak(TYPE, AUDIT_SETTINGS.regimeBreak);
    const random = seededRandom(6);
    for (let localUs = DAY; localUs < DAY + 3 * HOUR_US; localUs += SECOND_US) {
      const isBroken = localUs >= fromUs && localUs < toUs;
      // The asks go most of the way by themselves before.
      const asks = isBroken ? 0.05 : localUs >= fromUs - 10e6 && localUs < fromUs ? 0.13 : 1;
      const noise = (): number => 50 * Math.exp(0.05 * random.normal());
      check.update(localUs, {
        ...state(99.99, 100.01),
        depth: (side) => (side === "bid" ? (isBroken ? 0.05 : 1) : asks) * noise(),
      });
    }
    const { findings } = finish(check);
    expect(findings).toMatchObject([{ count: 1 }]);
    expect(Math.abs(findings[0]!.firstUs - fromUs)).toBeLessThanOrEqual(SECOND_US);
  });

  test("what dips just before it breaks is found where it breaks", () => {
    const dips = (localUs: number): boolean => localUs >= fromUs - 20e6 && localUs < fromUs - 4e6;
    const { findings } = play((localUs) => {
      if (localUs >= fromUs && localUs < toUs) return [1, 0.05];
      return [1, dips(localUs) ? 0.2 : 1];
    });
    expect(findings).toMatchObject([{ count: 1 }]);
    expect(Math.abs(findings[0]!.firstUs - fromUs)).toBeLessThanOrEqual(SECOND_US);
  });

  test("a market that went some of the way by itself just before is found where the rest comes at once", () => {
    // In the minute and a half before it the depth goes half of the way: its minutes are as near to the one as to the other.
    const isThinner = (localUs: number): boolean =>
      localUs >= fromUs - 80e6 && localUs < fromUs - 8e6;
    const { findings } = play((localUs) => {
      if (localUs >= fromUs && localUs < toUs) return [1, 0.03];
      return [1, isThinner(localUs) ? 0.14 : 1];
    });
    expect(findings).toMatchObject([{ count: 1 }]);
    expect(Math.abs(findings[0]!.firstUs - fromUs)).toBeLessThanOrEqual(SECOND_US);
  });

  /** Another level from each of some minutes on. */
  const steps =
    (levels: readonly (readonly [number, number])[]) =>
    (localUs: number): number =>
      levels.filter(([minute]) => localUs >= DAY + minute * MINUTE_US).at(-1)?.[1] ?? 1;
  const startsOf = ({ findings }: CheckResult): readonly number[] =>
    findings.flatMap(({ spans }) => spans.map(([startUs]) => (startUs - DAY) / MINUTE_US));

  test.each([
    [
      "up",
      [
        [70.3, 5],
        [105.8, 25],
        [160.1, 125],
        [201.7, 625],
      ],
      4,
    ],
    [
      "up and down",
      [
        [70.3, 20],
        [110.4, 4.5],
        [150.2, 90],
        [190.9, 1],
      ],
      3,
    ],
    [
      "back and out again",
      [
        [70.3, 6],
        [85.4, 1],
        [106.6, 6],
        [140.2, 1],
        [175.5, 0.15],
      ],
      3,
    ],
    [
      "up, and back to the first level at once",
      [
        [70.3, 5],
        [105.8, 25],
        [160.1, 1],
      ],
      2,
    ],
  ] as const)(
    "every step of a staircase is told once at its second, and the way back is none: %s",
    (_, levels, count) => {
      const told = play((localUs) => [steps(levels)(localUs), 1], 5);
      const expected = levels.filter(([, level]) => level !== 1).map(([minute]) => minute);
      expect(expected).toHaveLength(count);
      expect(told.findings).toMatchObject([{ count }]);
      startsOf(told).forEach((minute, i) => {
        expect(Math.abs(minute - expected[i]!)).toBeLessThanOrEqual(1 / 60);
      });
      // Each lasts to the next step, or to the way back.
      told.findings[0]!.spans.forEach(([startUs, endUs]) => {
        const next =
          levels.find(([minute]) => DAY + minute * MINUTE_US > startUs + 1e6)?.[0] ?? 300;
        expect(Math.abs((endUs - DAY) / MINUTE_US - next)).toBeLessThanOrEqual(1.1 / 60);
      });
    },
  );

  test("both sides that break together are one place, though not at the same second", () => {
    const check = regimeBreak(TYPE, AUDIT_SETTINGS.regimeBreak);
    const random = seededRandom(7);
    for (let localUs = DAY; localUs < DAY + 4 * HOUR_US; localUs += SECOND_US) {
      const depth = (side: "bid" | "ask"): number => {
        const lateUs = side === "bid" ? 0 : 40e6;
        const level = steps([
          [70, 0.1],
          [120, 0.01],
        ])(localUs - lateUs);
        return 50 * level * Math.exp(0.2 * random.normal());
      };
      check.update(localUs, { ...state(99.99, 100.01), depth });
    }
    expect(startsOf(finish(check)).map(Math.round)).toEqual([70, 120]);
  });

  test("an hour's reasons name what broke in it, each with its own direction", () => {
    const { marks, findings } = play(
      (localUs) => [
        steps([
          [70.3, 6],
          [95, 1],
        ])(localUs),
        steps([
          [130, 0.1],
          [200, 1],
        ])(localUs),
      ],
      5,
    );
    expect(marks.map(({ hourUs, reason }) => [(hourUs - DAY) / HOUR_US, reason])).toEqual([
      [1, expect.stringMatching(/^the spread rises [56]\.\d-fold within minutes and stays$/)],
      [2, expect.stringMatching(/^the bid depth falls (9|1\d)\.\d-fold within minutes and stays$/)],
      [3, expect.stringMatching(/^the bid depth has fallen (9|1\d)\.\d-fold$/)],
      [2, expect.stringMatching(/^the ask depth falls (9|1\d)\.\d-fold within minutes and stays$/)],
      [3, expect.stringMatching(/^the ask depth has fallen (9|1\d)\.\d-fold$/)],
    ]);
    expect(findings[0]!.detail).not.toContain(";");
  });

  test("one that comes back by half at once is left there, however restless it is afterwards", () => {
    // It comes back half of the way at its end, and then swings about the old level by as much.
    const swing = (localUs: number): number => ((localUs - toUs) % 40e6 < 20e6 ? 3 : 0.33);
    const { findings } = play((localUs) => {
      if (localUs < fromUs || localUs >= toUs + 3 * MINUTE_US) return [1, 1];
      if (localUs < toUs) return [10, 1];
      return [localUs < toUs + 8e6 ? 3 : swing(localUs), 1];
    });
    expect(findings).toMatchObject([{ count: 1 }]);
    expect(Math.abs(findings[0]!.spans[0]![1] - toUs)).toBeLessThanOrEqual(SECOND_US);
  });

  test("a restless spread breaks where it goes beyond all that it was", () => {
    // Half of the minutes are three times as wide as the others: their scatter alone would explain eight times.
    const restless = (localUs: number): number =>
      Math.floor(localUs / MINUTE_US) % 4 < 2 ? 1 : Math.sqrt(10);
    const { findings } = play((localUs) => [
      localUs >= fromUs && localUs < toUs ? 10 : restless(localUs),
      1,
    ]);
    expect(findings).toMatchObject([{ count: 1 }]);
    expect(Math.abs(findings[0]!.firstUs - fromUs)).toBeLessThanOrEqual(MINUTE_US);
    expect(play((localUs) => [restless(localUs), 1]).findings).toEqual([]);
  });
});

test("one side that loses its depth in the first hour is found", () => {
  const check = regimeBreak(TYPE, AUDIT_SETTINGS.regimeBreak);
  const random = seededRandom(6);
  const fromUs = DAY + 21 * MINUTE_US;
  for (let localUs = DAY; localUs < DAY + HOUR_US; localUs += SECOND_US) {
    const share = localUs >= fromUs ? 0.02 : 1;
    const amounts = { bid: 50, ask: 50 * share };
    const depth = (side: "bid" | "ask") => amounts[side] * Math.exp(0.2 * random.normal());
    check.update(localUs, { ...state(99.99, 100.01), depth });
  }
  const { findings } = finish(check);
  expect(findings).toMatchObject([
    { count: 1, detail: expect.stringMatching(/^the ask depth falls/) },
  ]);
  expect(Math.abs(findings[0]!.firstUs - fromUs)).toBeLessThanOrEqual(SECOND_US);
});
