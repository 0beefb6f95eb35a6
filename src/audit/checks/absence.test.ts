import { describe, expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { DAY_US, dayStartUs, HOUR_US, SECOND_US } from "../../core/time.js";
import { Pace } from "../measuring/pace.js";
import { AUDIT_SETTINGS } from "../settings.js";
import type { TickType } from "../type-checks.js";
import { absence } from "./absence.js";

const DAY = dayStartUs("2024-03-01");
const MAIN: readonly TickType[] = [
  "trades",
  "incremental_book_L2",
  "quotes",
  "book_snapshot_25",
  "book_snapshot_5",
];

/** A Poisson stream over the day, without some hours. */
function paceOf(
  type: TickType,
  meanSeconds: number,
  seed: number,
  [from, to]: readonly [number, number] = [0, 0],
): Pace {
  const pace = new Pace(AUDIT_SETTINGS.gap[type as "trades"]);
  const random = seededRandom(seed);
  const step = (): number => Math.ceil(meanSeconds * SECOND_US * random.exponential());
  for (let time = DAY + step(); time < DAY + DAY_US; time += step()) {
    const hour = (time - DAY) / HOUR_US;
    if (hour < from || hour >= to) pace.add(time);
  }
  return pace;
}

/** Hours of the day that are bad for want of a type, with the reasons. */
const absentHours = (type: TickType, paces: ReadonlyMap<TickType, Pace>): readonly unknown[] =>
  absence(type, paces, DAY).map(({ hourUs, verdict, reason }) => [
    (hourUs - DAY) / HOUR_US,
    verdict,
    reason,
  ]);

const hoursFrom = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

describe("hours in which a type is absent while another goes on", () => {
  test.each(MAIN.flatMap((type) => MAIN.map((other) => [type, other] as const)))(
    "are bad for %s beside %s, at the day's start, in its middle and at its end",
    (type, other) => {
      if (type === other) return;
      for (const [from, to] of [
        [0, 6],
        [9.5, 12.5],
        [11, 12],
        [18, 24],
      ] as const) {
        const paces = new Map([
          [type, paceOf(type, 8, 1, [from, to])],
          [other, paceOf(other, 8, 2)],
        ]);
        const found = absentHours(type, paces);
        expect(found.map((of) => (of as unknown[])[0])).toEqual(
          hoursFrom(Math.ceil(from), Math.floor(to)),
        );
        expect(found.every((of) => (of as unknown[])[1] === "bad")).toBe(true);
        expect(absentHours(other, paces)).toEqual([]);
      }
    },
  );

  test("say what is absent and what goes on", () => {
    const paces = new Map<TickType, Pace>([
      ["trades", paceOf("trades", 2, 1, [0, 1])],
      ["incremental_book_L2", paceOf("incremental_book_L2", 1, 2, [23, 24])],
    ]);
    expect(absentHours("trades", paces)).toEqual([
      [0, "bad", "no trades although the book goes on"],
    ]);
    expect(absentHours("incremental_book_L2", paces)).toEqual([
      [23, "bad", "no book changes although trades go on"],
    ]);
  });

  test("are none where the others are absent too, or are no main type", () => {
    const holed = new Map<TickType, Pace>(
      MAIN.map((type, i) => [type, paceOf(type, 8, i, [20, 24])]),
    );
    holed.set("derivative_ticker", paceOf("derivative_ticker", 8, 9));
    for (const type of holed.keys()) expect(absentHours(type, holed)).toEqual([]);
  });

  test("are none of a thin stream that is whole, however long it is still", () => {
    for (const meanSeconds of [60, 600, 1800, 3600, 7200, 14_400]) {
      for (let seed = 0; seed < 20; seed++) {
        const paces = new Map<TickType, Pace>([
          ["trades", paceOf("trades", meanSeconds, seed)],
          ["incremental_book_L2", paceOf("incremental_book_L2", 20, 100 + seed)],
        ]);
        if (paces.get("trades")!.messages < 2) continue;
        expect([meanSeconds, seed, absentHours("trades", paces)]).toEqual([meanSeconds, seed, []]);
      }
    }
  });

  test("are all that the others have where a type has no row at all", () => {
    const paces = new Map<TickType, Pace>([
      ["trades", paceOf("trades", 2, 1, [0, 24])],
      ["quotes", paceOf("quotes", 1, 2, [12, 24])],
    ]);
    expect(absentHours("trades", paces).map((of) => (of as unknown[])[0])).toEqual(
      hoursFrom(0, 12),
    );
  });
});
