import { beforeAll, describe, expect, test } from "vitest";
import { mean, normalCdf, standardDeviation } from "../core/statistics.js";
import { upProbabilities } from "./ceilings.js";
import { trueAccuracies } from "./day-job.js";
import { type HiddenDay, hiddenDays } from "./hidden-days.js";
import { DAY_MINUTES, EDGES, type Edge, HORIZON_MINUTES, SYMBOL_COUNT } from "./settings.js";

const DAYS = 12;
/** Symbols' returns have a correlation near 0.4, so three of them count for less than three. */
const SYMBOL_FACTOR = 1.8;

/** One bar: what was forecast, what happened, what simple rules saw. */
interface Bar {
  readonly oracle: number;
  readonly attainable: number;
  readonly outcome: number;
  readonly flow: number;
  readonly ewma: number;
  readonly bookFlow: number;
  readonly momentum: number;
}

interface Market {
  /** By horizon, then day: bars of all symbols. */
  readonly bars: readonly (readonly (readonly Bar[])[])[];
}

function play(edge: Edge, days: number): Market {
  const source = hiddenDays({ seed: 11, edge, from: "2024-01-01" });
  const bars: Bar[][][] = HORIZON_MINUTES.map(() => []);
  let day = source.next().value;
  for (let d = 0; d < days; d++) {
    const tomorrow = source.next().value;
    HORIZON_MINUTES.forEach((_, h) => {
      bars[h]!.push([]);
    });
    for (let s = 0; s < SYMBOL_COUNT; s++) addBars(bars, day, tomorrow, s, edge);
    day = tomorrow;
  }
  return { bars };
}

function addBars(
  bars: Bar[][][],
  day: HiddenDay,
  tomorrow: HiddenDay,
  s: number,
  edge: Edge,
): void {
  const up = upProbabilities(day, tomorrow, s, edge);
  const row = day.symbols[s]!;
  const moves = [...row.move, ...tomorrow.symbols[s]!.move];
  const heads = [...row.headMove, ...tomorrow.symbols[s]!.headMove];
  let ewma = 0;
  for (let k = 0; k < DAY_MINUTES; k++) {
    ewma = 0.97 * ewma + row.tradeFlow[k]! + row.bookFlow[k]!;
    HORIZON_MINUTES.forEach((minutes, h) => {
      let net = heads[k + minutes + 1]! - heads[k + 1]!;
      for (let j = 1; j <= minutes; j++) net += moves[k + j]!;
      bars[h]!.at(-1)!.push({
        oracle: up.oracle[h]![k]!,
        attainable: up.attainable[h]![k]!,
        outcome: (Math.sign(net) + 1) / 2,
        flow: row.tradeFlow[k]!,
        bookFlow: row.bookFlow[k]!,
        ewma,
        momentum: row.move[k]!,
      });
    });
  }
}

/** True probability of the side a rule takes, averaged over each day. */
function trueScore(days: readonly (readonly Bar[])[], choose: (bar: Bar) => number): Float64Array {
  return Float64Array.from(days, (bars) =>
    mean(bars.map((bar) => (choose(bar) >= 0 ? bar.oracle : 1 - bar.oracle))),
  );
}

/** Mean over days of a − b, in standard errors. */
function lead(a: Float64Array, b: Float64Array): number {
  const difference = a.map((value, i) => value - b[i]!);
  return mean(difference) / (standardDeviation(difference) / Math.sqrt(difference.length));
}

describe.each(["informative", "strong"] as const)("edge %s", (edge) => {
  let market: Market;
  beforeAll(() => {
    market = play(edge, DAYS);
  });

  test("oracle ≥ attainable ≥ an average of past flows ≥ the current bar's flow, at every horizon", () => {
    for (const days of market.bars) {
      const oracle = trueScore(days, (bar) => bar.oracle - 0.5);
      const attainable = trueScore(days, (bar) => bar.attainable - 0.5);
      const average = trueScore(days, (bar) => bar.ewma);
      const current = trueScore(days, (bar) => bar.flow + bar.bookFlow);
      expect(oracle.every((value, i) => value >= attainable[i]!)).toBe(true);
      expect(lead(attainable, average)).toBeGreaterThan(-3);
      expect(lead(average, current)).toBeGreaterThan(3);
    }
  });

  test("the ceilings at 15 minutes are those the market was designed for", () => {
    const days = market.bars[2]!;
    const attainable = mean(trueScore(days, (bar) => bar.attainable - 0.5));
    const current = mean(trueScore(days, (bar) => bar.flow + bar.bookFlow));
    if (edge === "informative") {
      expect(attainable).toBeGreaterThan(0.56);
      expect(attainable).toBeLessThan(0.6);
      expect(attainable - current).toBeGreaterThan(0.02);
    } else {
      expect(attainable).toBeGreaterThan(0.75);
      expect(attainable - current).toBeGreaterThan(0.05);
    }
  });

  test("oracle and attainable probabilities come true as often as they say", () => {
    for (const name of ["oracle", "attainable"] as const) {
      HORIZON_MINUTES.forEach((minutes, h) => {
        const apart = market.bars[h]!.flat().filter((_, i) => (i % DAY_MINUTES) % minutes === 0);
        for (let bin = 0; bin < 10; bin++) {
          const inside = apart.filter((bar) => Math.floor(10 * bar[name]) === bin);
          if (inside.length < 100) continue;
          const said = mean(inside.map((bar) => bar[name]));
          const error = Math.sqrt((SYMBOL_FACTOR * said * (1 - said)) / inside.length);
          expect(Math.abs(mean(inside.map((bar) => bar.outcome)) - said)).toBeLessThan(4 * error);
        }
      });
    }
  });
});

test("probabilities are Φ of the window's Gaussian, its moments summed term by term", () => {
  const edge = "strong";
  const source = hiddenDays({ seed: 12, edge, from: "2024-01-01" });
  const [day, tomorrow] = [source.next().value, source.next().value];
  const { drift, halfLifeMinutes } = EDGES[edge];
  const keep = 2 ** (-1 / halfLifeMinutes);
  const up = upProbabilities(day, tomorrow, 1, edge);
  const { pressure, filtered, filteredVariance } = day.symbols[1]!;
  const all = [day, tomorrow].map(({ symbols }) => symbols[1]!);
  const total = all.flatMap(({ variation }) => [...variation]);
  const head = all.flatMap(({ headVariation }) => [...headVariation]);
  // Minutes that move within the latency are few, and tell whether it is left out.
  const bars = Array.from({ length: DAY_MINUTES }, (_, bar) => bar);
  const chosen = [...bars.filter((bar) => head[bar + 1]! > 0).slice(0, 5), DAY_MINUTES - 1];
  expect(chosen).toHaveLength(6);
  for (const bar of chosen) {
    HORIZON_MINUTES.forEach((minutes, h) => {
      // What of each minute ahead lies within (t + latency, t + latency + h].
      const inside = Array.from({ length: minutes + 1 }, (_, i) => {
        if (i === minutes) return head[bar + 1 + i]!;
        return total[bar + 1 + i]! - (i === 0 ? head[bar + 1]! : 0);
      });
      const slope = inside.map((part, i) => (drift * part) / Math.sqrt(total[bar + 1 + i]!));
      const weight = slope.reduce((sum, c, i) => sum + c * keep ** (i + 1), 0);
      // Cov(x at i, x at j | x now) of an Ornstein–Uhlenbeck process of unit variance.
      let variance = inside.reduce((sum, part) => sum + part, 0);
      slope.forEach((a, i) => {
        slope.forEach((b, j) => {
          const shared = 1 - keep ** (2 * (Math.min(i, j) + 1));
          variance += a * b * keep ** Math.abs(i - j) * shared;
        });
      });
      const oracle = normalCdf((weight * pressure[bar]!) / Math.sqrt(variance));
      expect(up.oracle[h]![bar]).toBeCloseTo(oracle, 10);
      const doubt = variance + weight ** 2 * filteredVariance[bar]!;
      const attainable = normalCdf((weight * filtered[bar]!) / Math.sqrt(doubt));
      expect(up.attainable[h]![bar]).toBeCloseTo(attainable, 10);
    });
  }
});

test("with edge none both ceilings are one half, and flow, book and momentum guess no better", () => {
  const market = play("none", 15);
  const rules: Readonly<Record<string, (bar: Bar) => number>> = {
    flow: (bar) => bar.flow,
    book: (bar) => bar.bookFlow,
    average: (bar) => bar.ewma,
    momentum: (bar) => bar.momentum,
  };
  for (const h of [0, 1, 2]) {
    const bars = market.bars[h]!.flat();
    expect(bars.every((bar) => bar.oracle === 0.5 && bar.attainable === 0.5)).toBe(true);
    const apart = bars.filter((_, i) => (i % DAY_MINUTES) % HORIZON_MINUTES[h]! === 0);
    for (const rule of Object.values(rules)) {
      const chosen = apart.filter((bar) => rule(bar) !== 0);
      const hits = mean(chosen.map((bar) => (rule(bar) > 0 ? bar.outcome : 1 - bar.outcome)));
      const error = Math.sqrt((SYMBOL_FACTOR * 0.25) / chosen.length);
      expect(Math.abs(hits - 0.5)).toBeLessThan(3 * error);
    }
  }
});

test("accuracies score the side by the true probability: an example by hand", () => {
  const oracle = [Float64Array.of(0.6, 0.3, 0.8)];
  const attainable = [Float64Array.of(0.4, 0.4, 0.9)];
  const scored = trueAccuracies({ oracle, attainable });
  expect(scored.oracle[0]).toBeCloseTo((0.6 + 0.7 + 0.8) / 3, 12);
  expect(scored.attainable[0]).toBeCloseTo((0.4 + 0.7 + 0.8) / 3, 12);
});
