// Figures of an evaluation from small made-up results; every number is drawn from a seed.

import type { Bootstrapped } from "../core/block-bootstrap.js";
import { seededRandom } from "../core/random.js";
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from "../core/time.js";
import type { HorizonPoint } from "../evaluation/horizon-map.js";
import type { Gain } from "../evaluation/ladder.js";
import type { Figure } from "./figure.js";
import { coverageFigure } from "./figures/coverage-curve.js";
import { frictionsFigure } from "./figures/frictions.js";
import { groupAccuracyFigure } from "./figures/group-accuracy.js";
import { horizonMapFigure } from "./figures/horizon-map.js";
import { penaltyFigure } from "./figures/penalty-curve.js";
import { rungGainsFigure } from "./figures/rung-gains.js";

/** One of each kind. */
export function evaluationFigures(): readonly Figure[] {
  return [
    penaltyFigure({ name: "logistic", folds: [{ penalty: samplePenalty() }] }),
    rungGainsFigure(sampleRungs()),
    coverageFigure({ model: "logistic", rows: 8_300, coverage: sampleCoverage() }),
    groupAccuracyFigure(sampleGroups()),
    horizonMapFigure(sampleHorizons()),
    frictionsFigure(sampleFrictions(3)),
    frictionsFigure(sampleFrictions(120)),
  ];
}

/** An interval of so much on both sides. */
export function around(estimate: number, half: number): Bootstrapped {
  const ends = { lower: estimate - half, upper: estimate + half };
  return { estimate, ...ends, standardError: half / 2, effectiveRows: 820 };
}

/** A curve with its least loss in the middle. */
function samplePenalty(): NonNullable<
  Parameters<typeof penaltyFigure>[0]["folds"][number]["penalty"]
> {
  const losses = [0.6921, 0.6894, 0.6876, 0.6879, 0.6888];
  const curve = [0.01, 0.03, 0.1, 0.3, 1].map((priorDeviation, i) => {
    return { priorDeviation, logLoss: losses[i]!, standardError: 0.0014 };
  });
  return { priorDeviation: 0.1, curve };
}

/** Three rungs, of which the last adds nothing that is known. */
export function sampleRungs(): Parameters<typeof rungGainsFigure>[0] {
  const gain = (estimate: number, half: number): Gain => {
    const verdict = Math.abs(estimate) < half ? "undecided" : estimate > 0 ? "better" : "worse";
    return { ...around(estimate, half), verdict };
  };
  const over = (name: string, accuracy: Gain) => ({
    overPrevious: { over: name, accuracy, brierLoss: accuracy, logLoss: accuracy },
  });
  const rung = (model: string) => ({ model });
  return {
    ...{ isVoid: false, labelKind: "mid" },
    rungs: {
      rows: 8_300,
      rungs: [
        rung("majority"),
        { ...rung("persistence"), ...over("majority", gain(-0.021, 0.018)) },
        { ...rung("logistic"), ...over("persistence", gain(0.052, 0.019)) },
        { ...rung("mlp"), ...over("logistic", gain(0.004, 0.012)) },
      ],
    },
  };
}

function sampleCoverage(): Parameters<typeof coverageFigure>[0]["coverage"] {
  return [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((coverage) => ({
    coverage,
    rows: Math.round(8_300 * coverage),
    accuracy: around(0.56 + 0.08 * (1 - coverage) ** 2, 0.02 / Math.sqrt(coverage)),
    majorityRate: 0.51 + 0.02 * (1 - coverage),
  }));
}

function sampleGroups(): Parameters<typeof groupAccuracyFigure>[0] {
  const random = seededRandom(5, "groups");
  const parts = (names: readonly string[], half: number) =>
    names.map((group) => ({
      group,
      rows: 400,
      accuracy: around(0.56 + 0.4 * half * random.normal(), half),
      majorityRate: 0.5 + 0.03 * random.uniform(),
    }));
  return {
    model: "logistic",
    rows: 8_300,
    metrics: { accuracy: around(0.56, 0.016) },
    bySymbol: parts(["BTCUSDT", "ETHUSDT", "SOLUSDT"], 0.025),
    byMonth: parts(["2024-01"], 0.016),
    byRegime: { groups: parts(["low", "normal", "high"], 0.03) },
    byHour: parts(
      Array.from({ length: 24 }, (_, hour) => `${hour}`),
      0.07,
    ),
  };
}

/** Horizons of which the last pays. */
export function sampleHorizons(): Parameters<typeof horizonMapFigure>[0] & {
  readonly points: readonly HorizonPoint[];
} {
  const point = (horizonUs: number, edge: number, half: number, pays: HorizonPoint["pays"]) => ({
    ...{ horizonUs, rows: 8_300, blocks: 60, effectiveRows: 400, pays },
    accuracy: around(0.55, 0.015),
    majorityRate: 0.51,
    edgeBps: around(edge, half),
    moveBps: 12,
    spreadCostBps: 1.4,
    fundingBps: 0,
    costBps: 7.9,
    attainable: { accuracy: 0.58, edgeBps: 1.3 * edge },
  });
  return {
    costs: { name: "FTMO crypto" },
    labelKind: "mid",
    points: [
      point(5 * SECOND_US, 0.3, 0.1, "no"),
      point(MINUTE_US, 0.9, 0.4, "no"),
      point(15 * MINUTE_US, 5.5, 3, "undecided"),
      point(4 * HOUR_US, 16, 6, "yes"),
    ],
  };
}

/** Two models, one of which keeps something as long as fees are not paid. */
export function sampleFrictions(days: number): Parameters<typeof frictionsFigure>[0] {
  const names = ["mid", "touch", "book", "latency", "costs"] as const;
  const daily = Array.from({ length: days }, (_, i) => i * DAY_US);
  const model = (name: string, returns: readonly number[]) => ({
    model: name,
    ladder: {
      rungs: names.map((rung, i) => {
        const netReturn = returns[i]!;
        const intervals = { netReturn: around(netReturn, 0.02) };
        return { name: rung, netReturn, intervals, sharpe: around(300 * netReturn, 2), daily };
      }),
    },
  });
  return {
    ...{ isVoid: false, labelKind: "mid" },
    models: [
      model("logistic", [0.021, 0.012, 0.011, 0.008, -0.034]),
      model("lstm", [0.018, 0.007, 0.006, 0.004, -0.046]),
    ],
  };
}
