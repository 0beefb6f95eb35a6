// Small made-up results for tests of figures and reports; every number is drawn from a seed.

import type { Bootstrapped } from "../core/block-bootstrap.js";
import { seededRandom } from "../core/random.js";
import { shortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import type { Gate } from "../evaluation/gates.js";
import type { Figure } from "./figure.js";
import { accuracyFigure } from "./figures/accuracy-points.js";
import { challengeOddsFigure } from "./figures/challenge-odds.js";
import { closeTrackingFigure } from "./figures/close-tracking.js";
import { coefficientsFigure } from "./figures/coefficients.js";
import { combinatorialFigure } from "./figures/combinatorial-timeline.js";
import { bytesADayFigure, rowsADayFigure } from "./figures/day-volumes.js";
import { depthHeatmapFigure } from "./figures/depth-heatmap.js";
import { depthLadderFigure } from "./figures/depth-ladder.js";
import { equityFigure } from "./figures/equity.js";
import { foldsFigure } from "./figures/folds-timeline.js";
import { gatesFigure } from "./figures/gates.js";
import { latencyFigure } from "./figures/latency-distribution.js";
import { marketLikenessFigure } from "./figures/market-likeness.js";
import { pointsPerMinuteFigure } from "./figures/points-per-minute.js";
import { priceAndTradesFigure } from "./figures/price-and-trades.js";
import { reliabilityFigure } from "./figures/reliability.js";
import { runDecisionsFigure } from "./figures/run-decisions.js";
import { runDriftFigure } from "./figures/run-drift.js";
import { runEquityFigure } from "./figures/run-equity.js";
import { runLatencyFigure } from "./figures/run-latency.js";
import { shortfallFigure } from "./figures/shortfall.js";
import { spreadOverDayFigure } from "./figures/spread-over-day.js";
import { updateRatesFigure } from "./figures/update-rates.js";
import { type MinuteQuotes, marketLook } from "./market-look.js";
import { sampleRunReport, sampleTwoPhases } from "./runs/test-run-report.js";
import { auditFigures } from "./test-audit-samples.js";
import { sampleChallengeGrid } from "./test-challenge-samples.js";
import { around, evaluationFigures } from "./test-evaluation-samples.js";
import { featureFigures } from "./test-feature-samples.js";
import {
  START_US,
  SYMBOLS,
  sampleBook,
  sampleRates,
  sampleSpread,
  sampleVolumes,
  sampleWindow,
  walk,
} from "./test-market-samples.js";
import { sequenceFigures } from "./test-sequence-samples.js";
import { sampleComparison } from "./test-source-samples.js";
import { sampleFolds, sampleSplits } from "./test-split-samples.js";

/** One figure of each kind, made from small samples. */
export function sampleFigures(): readonly Figure[] {
  return [
    priceAndTradesFigure(sampleWindow()),
    rowsADayFigure(sampleVolumes()),
    bytesADayFigure(sampleVolumes()),
    spreadOverDayFigure(sampleSpread()),
    updateRatesFigure(sampleRates()),
    depthLadderFigure(sampleBook()),
    depthHeatmapFigure(sampleBook()),
    marketLikenessFigure(SYMBOLS.map((symbol) => marketLook(sampleMinutes(symbol)))),
    ...auditFigures(),
    latencyFigure(SYMBOLS.map(sampleDelays)),
    pointsPerMinuteFigure(SYMBOLS.map((symbol) => sampleComparison(symbol))),
    closeTrackingFigure(SYMBOLS.map((symbol) => sampleComparison(symbol))),
    ...featureFigures(),
    ...evaluationFigures(),
    foldsFigure(sampleFolds(2)),
    combinatorialFigure(sampleSplits()),
    coefficientsFigure({ folds: [sampleLine()] }),
    reliabilityFigure({
      model: "logistic",
      reliability: sampleBins(),
      calibrators: sampleCalibrators(),
      calibrationNoiseFloor: 0.017,
      metrics: { calibrationError: around(0.013, 0.004) },
    }),
    accuracyFigure({
      rows: 5900,
      isVoid: false,
      labelKind: "mid",
      models: [sampleAccuracy("logistic", 0.561), sampleAccuracy("lstm", 0.572)],
    }),
    ...sequenceFigures(),
    gatesFigure({ model: "lstm", gates: sampleGates() }),
    shortfallFigure(shortfall({ step: "train", what: "labelled bars", has: 644, needs: 1500 })),
    challengeOddsFigure(sampleChallengeGrid()),
    ...runFigures(),
    equityFigure({
      model: "lstm",
      backtest: {
        equity: sampleEquity(),
        intervals: { netReturn: around(-0.03, 0.02), maxDrawdown: around(0.05, 0.02) },
      },
    }),
  ];
}

function runFigures(): readonly Figure[] {
  const figures = [sampleRunReport(), sampleRunReport("dry-run")].flatMap((report) => [
    runDecisionsFigure(report),
    runEquityFigure(report),
    runLatencyFigure(report),
    runDriftFigure(report),
  ]);
  return [...figures, runEquityFigure(sampleTwoPhases())];
}

function sampleLine(): Parameters<typeof coefficientsFigure>[0]["folds"][number] {
  const featureNames = ["ofi_norm", "tfi", "obi_l1", "log_ret_5", "spread_z"];
  const weights = Float64Array.of(0.21, 0.14, 0.09, -0.05, 0.01);
  const predictor = { featureNames, model: { kind: "logistic", weights } };
  return { predictor, counts: { train: 16_400 } };
}

function sampleAccuracy(
  model: string,
  accuracy: number,
): Parameters<typeof accuracyFigure>[0]["models"][number] {
  const exactly = (estimate: number): Bootstrapped => around(estimate, 0.003);
  return {
    model,
    majorityRate: 0.508,
    effectiveRows: 820,
    metrics: { accuracy: around(accuracy, 0.018), aboveMajority: around(accuracy - 0.508, 0.02) },
    ceilings: {
      oracle: exactly(0.602),
      attainable: exactly(0.589),
      model: exactly(accuracy + 0.002),
      oracleMinusAttainable: exactly(0.013),
      attainableMinusModel: exactly(0.02),
      attainableShare: exactly(0.75),
    },
  };
}

function sampleMinutes(symbol: string): MinuteQuotes {
  const random = seededRandom(3, symbol);
  const n = 12 * 1440;
  let volatility = 1;
  const mid = new Float64Array(n);
  const spreadBps = new Float64Array(n);
  let price = 100;
  for (let i = 0; i < n; i++) {
    volatility = Math.exp(0.98 * Math.log(volatility) + 0.15 * random.normal());
    const day = 1 + 0.5 * Math.sin((2 * Math.PI * i) / 1440);
    price *= Math.exp(5e-4 * volatility * day * random.normal());
    mid[i] = price;
    spreadBps[i] = 1 + 0.6 * volatility * day * random.exponential();
  }
  const minuteEndUs = Float64Array.from({ length: n }, (_, i) => START_US + (i + 1) * MINUTE_US);
  return { symbol, minuteEndUs, mid, spreadBps };
}

function sampleDelays(symbol: string, i: number): Parameters<typeof latencyFigure>[0][number] {
  const levels = Array.from({ length: 99 }, (_, k) => (k + 1) / 100);
  const delayMs = levels.map(
    (level) => (8 + 3 * i) * Math.exp(1.2 * Math.log(level / (1 - level))),
  );
  return { symbol, levels, delayMs, rows: 120_000 };
}

function sampleBins(): Parameters<typeof reliabilityFigure>[0]["reliability"] {
  return Array.from({ length: 10 }, (_, i) => {
    const meanProbability = 0.41 + 0.02 * i;
    const upRate = meanProbability + 0.012 * Math.cos(3 * i);
    const { lower, upper, standardError } = around(upRate, 0.05);
    return { rows: 590, meanProbability, upRate, lower, upper, standardError, effectiveRows: 58 };
  });
}

function sampleCalibrators(): NonNullable<Parameters<typeof reliabilityFigure>[0]["calibrators"]> {
  const loss = around(0.021, 0.005);
  const losses = { calibrationError: loss, brierLoss: loss, logLoss: loss };
  const reliability = sampleBins().map((bin) => {
    return { ...bin, meanProbability: 0.5 + 1.4 * (bin.meanProbability - 0.5) };
  });
  return [{ calibrator: "none", losses, lessNone: losses, reliability }];
}

function sampleGates(): readonly Gate[] {
  const gate = (
    name: string,
    verdict: Gate["verdict"],
    value: number,
    margin: number,
    half: number,
  ): Gate => ({
    name,
    rule: `rule of ${name}`,
    value,
    lower: value - half,
    upper: value + half,
    margin,
    verdict,
  });
  return [
    gate("label is mid", "pass", 1, 0, 0),
    gate("accuracy", "fail", 0.572, -0.108, 0.019),
    gate("calibration error", "undecided", 0.013, 0.037, 0.008),
    gate("Sharpe after costs", "undecided", -3.1, -4.1, 5.2),
    gate("better than majority", "pass", 0.064, 0.064, 0.021),
    gate("canaries", "undecided", Number.NaN, Number.NaN, 0),
  ];
}

function sampleEquity(): Parameters<typeof equityFigure>[0]["backtest"]["equity"] {
  const random = seededRandom(6, "equity");
  const n = 3000;
  const gross = walk(n, 0, 4e-4, random.normal);
  const net = gross.map((value, i) => value - 1.2e-5 * i);
  const timeUs = Float64Array.from({ length: n }, (_, i) => START_US + i * MINUTE_US);
  return { timeUs, gross, net };
}
