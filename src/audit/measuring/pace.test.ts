import fc from "fast-check";
import { expect, test } from "vitest";
import { type Random, seededRandom } from "../../core/random.js";
import { DAY_US, dayStartUs, SECOND_US } from "../../core/time.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { Pace } from "./pace.js";

const DAY = dayStartUs("2024-03-01");

/** Intervals of about one unit in the mean. */
const LAWS: Readonly<Record<string, (random: Random) => number>> = {
  "at random": (random) => random.exponential(),
  "in bursts": (random) => (random.uniform() < 0.8 ? 0.1 : 3) * random.exponential(),
  polled: (random) => 1 + 0.05 * random.normal(),
};

type Paced = "trades" | "incremental_book_L2";

function paceOf(times: readonly number[], type: Paced): Pace {
  const pace = new Pace(AUDIT_SETTINGS.gap[type]);
  for (const time of times) pace.add(time);
  return pace;
}

function streamOf(law: string, unitUs: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  const times: number[] = [];
  for (let time = DAY; time < DAY + DAY_US; ) {
    times.push(time);
    time += 1 + Math.floor(unitUs * LAWS[law]!(random));
  }
  return times;
}

/** The stream without what came in so many holes, spread over the day; each begins and ends with a message. */
function withHoles(
  times: readonly number[],
  count: number,
  holeUs: () => number,
): { readonly left: readonly number[]; readonly starts: readonly number[] } {
  const starts: number[] = [];
  const left: number[] = [];
  const slotUs = DAY_US / count;
  let untilUs = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < untilUs) continue;
    left.push(time);
    if (starts.length === count || time < DAY + (starts.length + 0.3) * slotUs) continue;
    starts.push(time);
    untilUs = time + holeUs();
  }
  return { left, starts };
}

test("holes beyond the stream's limit are found, however many there are", () => {
  const some = fc.record({
    law: fc.constantFrom(...Object.keys(LAWS)),
    type: fc.constantFrom<Paced>("trades", "incremental_book_L2"),
    logUnit: fc.double({ min: Math.log(0.3), max: Math.log(5), noNaN: true }),
    seed: fc.nat(1000),
    holes: fc.constantFrom(1, 5, 50, 300),
  });
  fc.assert(
    fc.property(some, ({ law, type, logUnit, seed, holes }) => {
      const times = streamOf(law, SECOND_US * Math.exp(logUnit), seed);
      const clean = paceOf(times, type);
      expect(clean.gaps()).toEqual([]);
      const holeUs = 1.25 * clean.gapUs();
      fc.pre(holes * holeUs < 0.4 * DAY_US);
      const { left, starts } = withHoles(times, holes, () => holeUs);
      expect(
        paceOf(left, type)
          .gaps()
          .map(([startUs]) => startUs),
      ).toEqual(starts);
    }),
    { seed: 5, numRuns: 60 },
  );
}, 60_000);

test("a feed that is dead for half of every minute has that many gaps", () => {
  for (const meanUs of [0.1 * SECOND_US, 0.5 * SECOND_US]) {
    const times = streamOf("at random", meanUs, 3);
    const { left, starts } = withHoles(times, 1440, () => 30 * SECOND_US);
    const pace = paceOf(left, "incremental_book_L2");
    expect(pace.gaps().map(([startUs]) => startUs)).toEqual(starts);
  }
});

test("holes of all lengths do not raise the limit above three times what it is without them", () => {
  for (const [meanUs, holes, meanHoleUs] of [
    [SECOND_US, 300, 60 * SECOND_US],
    [SECOND_US, 1000, 20 * SECOND_US],
    [2 * SECOND_US, 60, 120 * SECOND_US],
    [6 * SECOND_US, 300, 60 * SECOND_US],
  ] as const) {
    const times = streamOf("at random", meanUs, 4);
    const random = seededRandom(5);
    const { left } = withHoles(times, holes, () => meanHoleUs * random.exponential());
    for (const type of ["trades", "incremental_book_L2"] as const) {
      expect(paceOf(left, type).gapUs()).toBeLessThan(3 * paceOf(times, type).gapUs());
    }
  }
});

test("pauses that take most of the time are the pace, as where each poll brings many messages", () => {
  const random = seededRandom(6);
  const times: number[] = [];
  for (let time = DAY; time < DAY + DAY_US; time += SECOND_US * (8 + 4 * random.uniform())) {
    for (let i = 0; i < 20; i++) times.push(Math.floor(time) + 100 * i);
  }
  expect(paceOf(times, "incremental_book_L2").gaps()).toEqual([]);
});

test.each([
  ["four of every five minutes", 5, 1],
  ["fifty minutes of every hour", 60, 10],
])("%s that are missing are gaps, though most of the time", (_, every, there) => {
  const times = streamOf("at random", 0.3 * SECOND_US, 9).filter(
    (time) => ((time - DAY) / 60e6) % every < there,
  );
  for (const type of ["trades", "incremental_book_L2"] as const) {
    expect(paceOf(times, type).gaps()).toHaveLength(1440 / every - 1);
  }
});

test("a few messages have no gap where they come evenly, however thin they are", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 19 }), fc.nat(1000), (messages, seed) => {
      const random = seededRandom(seed);
      const times = Array.from({ length: messages }, () => DAY + random.uniform() * DAY_US);
      expect(
        paceOf(
          times.sort((a, b) => a - b),
          "trades",
        ).gaps(),
      ).toEqual([]);
    }),
    { seed: 6, numRuns: 200 },
  );
});

test("times that never go forward have no pace, and a limit all the same", () => {
  const times = Array.from({ length: 50 }, (_, i) => DAY + (50 - i) * SECOND_US);
  expect(paceOf(times, "trades").gaps()).toEqual([]);
  expect(paceOf(times, "trades").gapUs()).toBeGreaterThan(0);
});
