import fc from "fast-check";
import { expect, test } from "vitest";
import { textToNumbers } from "../../core/exact-numbers.js";
import { seededRandom } from "../../core/random.js";
import { DAY_US } from "../../core/time.js";
import { OutcomeWatch, type OutcomeWatchState } from "./outcome-watch.js";

const BAR_US = DAY_US / 96;
const BEGIN_US = 19_700 * DAY_US;

interface Bar {
  readonly barEndUs: number;
  readonly probability: number;
  readonly mid: number;
}

/** A statement with what came of it. */
interface Judged {
  readonly confidence: number;
  /** 1 where it was right, 0 where not, ½ for a tie. */
  readonly hit: number;
}

/** Bars with holes between them, with books missing, with nothing said, and with mids that stay where they are. */
function barsOf(seed: number, count: number): readonly Bar[] {
  const random = seededRandom(seed, "bars");
  let barEndUs = BEGIN_US;
  let mid = 100;
  return Array.from({ length: count }, () => {
    barEndUs += BAR_US * (random.uniform() < 0.05 ? 2 + random.below(12) : 1);
    mid += random.below(3) - 1;
    return {
      barEndUs,
      probability: random.uniform() < 0.1 ? Number.NaN : random.below(101) / 100,
      mid: random.uniform() < 0.1 ? Number.NaN : mid,
    };
  });
}

/** What a bar decides: the statement of the bar that ended a horizon before, if there was one and both have a mid. */
function judgedBy(bars: readonly Bar[], i: number, horizonBars: number): readonly Judged[] {
  const now = bars[i]!;
  return bars
    .slice(0, i)
    .filter(({ barEndUs }) => barEndUs === now.barEndUs - horizonBars * BAR_US)
    .filter(({ probability, mid }) => ![probability, mid, now.mid].some(Number.isNaN))
    .map(({ probability, mid }) => {
      const isUp = now.mid > mid ? 1 : now.mid < mid ? 0 : 0.5;
      return probability >= 0.5
        ? { confidence: probability, hit: isUp }
        : { confidence: 1 - probability, hit: 1 - isUp };
    });
}

/** Σ (confidence − hit) / √(overlap · Σ confidence·(1 − confidence)). */
function plainExcess(judged: readonly Judged[], horizonBars: number): number {
  if (judged.length < 20 * horizonBars) return Number.NaN;
  const gap = judged.reduce((sum, { confidence, hit }) => sum + confidence - hit, 0);
  const variance = judged.reduce((sum, { confidence: c }) => sum + c * (1 - c), 0);
  return gap / Math.sqrt(horizonBars * variance);
}

/** Statements that a watch holds as judged, from its state: the newest of them, and how many. */
function heldBy(watch: OutcomeWatch): { readonly count: number; readonly last: Judged } {
  const [count, next, ...ring] = textToNumbers(watch.save().calibration);
  const at = 2 * ((next! + ring.length / 2 - 1) % (ring.length / 2));
  return { count: count!, last: { confidence: ring[at]!, hit: ring[at + 1]! } };
}

const draws = [fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 4 })] as const;
const BARS = 300;

test("each statement is judged by the bar a horizon later, and by no other; where that is missing, never", () => {
  const seen = { judged: 0, unjudged: 0, told: 0 };
  fc.assert(
    fc.property(...draws, (seed, horizonBars) => {
      const watch = new OutcomeWatch({ horizonBars, barUs: BAR_US });
      const window = Math.max(96, 40 * horizonBars);
      const bars = barsOf(seed, BARS);
      const judged: Judged[] = [];
      bars.forEach(({ barEndUs, probability, mid }, i) => {
        watch.add(barEndUs, probability, mid);
        const now = judgedBy(bars, i, horizonBars);
        judged.push(...now);
        seen[now.length > 0 ? "judged" : "unjudged"]++;
        const held = heldBy(watch);
        expect(held.count).toBe(Math.min(judged.length, window));
        if (judged.length > 0) expect(held.last).toEqual(judged.at(-1));
        const excess = plainExcess(judged.slice(-window), horizonBars);
        if (Number.isNaN(excess)) expect(watch.excess).toBeNaN();
        else {
          seen.told++;
          expect(watch.excess).toBeCloseTo(excess, 10);
        }
      });
    }),
    { seed: 1, numRuns: 40 },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(1000);
});

test("a bar that is missing a horizon later leaves its statement unjudged though later bars come", () => {
  const watch = new OutcomeWatch({ horizonBars: 2, barUs: BAR_US });
  const add = (bar: number): void => watch.add(BEGIN_US + bar * BAR_US, 0.75, 100 + bar);
  const counts = [0, 1, 3, 4, 5, 6].map((bar) => {
    add(bar);
    return heldBy(watch).count;
  });
  // Bar 3 judges bar 1, bar 5 judges 3, and 6 judges 4; the statement of bar 0 was due at bar 2.
  expect(counts).toEqual([0, 0, 1, 1, 2, 3]);
});

test("a mid that is none judges nothing, neither when it is said nor when it is due", () => {
  for (const none of [Number.NaN, 0]) {
    for (const mids of [
      [none, 100],
      [100, none],
    ]) {
      const watch = new OutcomeWatch({ horizonBars: 1, barUs: BAR_US });
      mids.forEach((mid, bar) => {
        watch.add(BEGIN_US + bar * BAR_US, 0.75, mid);
      });
      expect(heldBy(watch).count).toBe(0);
    }
  }
});

test("a watch that takes over a saved state goes on with the same bits, wherever it was cut", () => {
  fc.assert(
    fc.property(...draws, fc.integer({ min: 0, max: BARS }), (seed, horizonBars, cut) => {
      const whole = new OutcomeWatch({ horizonBars, barUs: BAR_US });
      const after = new OutcomeWatch({ horizonBars, barUs: BAR_US });
      const bars = barsOf(seed, BARS);
      const add = (watch: OutcomeWatch, { barEndUs, probability, mid }: Bar): void =>
        watch.add(barEndUs, probability, mid);
      for (const bar of bars.slice(0, cut)) add(whole, bar);
      after.restore(JSON.parse(JSON.stringify(whole.save())) as OutcomeWatchState);
      for (const bar of bars.slice(cut)) {
        add(whole, bar);
        add(after, bar);
        expect(after.save()).toEqual(whole.save());
        expect(after.excess).toBe(whole.excess);
      }
    }),
    { seed: 2, numRuns: 40 },
  );
});
