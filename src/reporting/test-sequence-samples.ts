// Figures of sequence models from small made-up results; every number is drawn from a seed.

import type { Uncertainty } from "../core/block-bootstrap.js";
import { seededRandom } from "../core/random.js";
import type { AttentionReads } from "../evaluation/attention-reads.js";
import type { InputImportance } from "../evaluation/input-importance.js";
import type { Gain } from "../evaluation/ladder.js";
import type { GainPair, LineGain, LineGains } from "../evaluation/line-gains.js";
import type { Figure } from "./figure.js";
import { attentionFigure } from "./figures/attention.js";
import { calibrationPanelsFigure } from "./figures/calibration-panels.js";
import { familyImportanceFigure } from "./figures/family-importance.js";
import { learningCurvesFigure, type TrainedInEpochs } from "./figures/learning-curves.js";
import { lineGainsFigure } from "./figures/line-gains.js";
import { stepImportanceFigure } from "./figures/step-importance.js";
import { symbolAccuracyFigure } from "./figures/symbol-accuracy.js";
import { around } from "./test-evaluation-samples.js";

const MODELS = ["lstm", "transformer"] as const;
const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT"] as const;
const STEPS = 60;

/** One of each kind. */
export function sequenceFigures(): readonly Figure[] {
  return [
    learningCurvesFigure([sampleNetwork("lstm"), sampleNetwork("transformer")]),
    familyImportanceFigure(sampleImportances()),
    stepImportanceFigure(sampleImportances()),
    attentionFigure(sampleAttention()),
    calibrationPanelsFigure(sampleCalibrations()),
    symbolAccuracyFigure(sampleBySymbol()),
    lineGainsFigure(sampleGains()),
  ];
}

/** Best after three of five epochs. */
export function sampleNetwork(name: string): TrainedInEpochs {
  const earlyStop = [0.694, 0.6918, 0.6892, 0.6871, 0.6874, 0.688];
  const history = earlyStop.map((earlyStopLoss, epoch) => {
    return { epoch, trainLoss: 0.694 - 0.0025 * epoch, earlyStopLoss };
  });
  return { name, folds: [{ history }] };
}

/** The line and two networks that look back. */
export function sampleImportances(): readonly InputImportance[] {
  const features = { "trade flow": 5, "book imbalance": 4, returns: 6, calendar: 4, volatility: 5 };
  const most = Object.values(features).reduce((sum, count) => sum + count, 0);
  return ["logistic", ...MODELS].map((model): InputImportance => {
    const random = seededRandom(4, model);
    const weights = Object.values(features).map((count, i) => {
      return count * (0.3 + random.uniform()) * (i < 2 ? 4 : 1);
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const isLine = model === "logistic";
    const sizes = isLine
      ? [1]
      : Array.from({ length: STEPS }, (_, back) => sizeAt(back, random.uniform()));
    const all = sizes.reduce((sum, size) => sum + size, 0);
    const history = 1 - sizes[0]! / all;
    return {
      model,
      windows: 2_048,
      features: most,
      reach: around(isLine ? 0.61 : 1.32, 0.05),
      families: Object.entries(features).map(([family, count], i) => {
        const share = weights[i]! / total;
        return { family, features: count, share: around(share, 0.1 * share) };
      }),
      steps: sizes.map((size) => around(size / all, (0.1 * size) / all)),
      history: around(history, 0.1 * history),
    };
  });
}

/** Falls from the newest bar to a floor of noise. */
function sizeAt(back: number, uniform: number): number {
  return (back === 0 ? 20 : 2 * Math.exp(-back / 12)) + 0.2 * (1 + uniform);
}

/** Two layers of four heads, one of which reads the last bars. */
export function sampleAttention(): AttentionReads {
  const random = seededRandom(4, "attention");
  const heads = Array.from({ length: 8 }, (_, place) => {
    const length = place === 5 ? 6 : 40 + 40 * random.uniform();
    const raw = Array.from({ length: STEPS }, (_, back) => Math.exp(-back / length));
    const all = raw.reduce((sum, weight) => sum + weight, 0);
    const weights = raw.map((weight) => weight / all);
    const recent = weights.slice(0, 10).reduce((sum, weight) => sum + weight, 0);
    const start = weights.map(() => 1 / STEPS);
    const apart = weights.reduce((sum, weight) => sum + Math.abs(weight - 1 / STEPS), 0);
    return {
      ...{ layer: 1 + Math.floor(place / 4), head: 1 + (place % 4), weights },
      ...{ start, moved: apart / 2 },
      recent: around(recent, 0.01) satisfies Uncertainty,
    };
  });
  return { model: "transformer", windows: 2_048, steps: STEPS, recentSteps: 10, heads };
}

/** Three models, too sure before calibration. */
export function sampleCalibrations(): Parameters<typeof calibrationPanelsFigure>[0] {
  const bins = (stretch: number) =>
    Array.from({ length: 10 }, (_, i) => {
      const meanProbability = 0.5 + stretch * (0.02 * i - 0.09);
      const upRate = 0.41 + 0.02 * i + 0.012 * Math.cos(3 * i);
      return { rows: 590, meanProbability, upRate, ...around(upRate, 0.05), effectiveRows: 58 };
    });
  const loss = around(0.021, 0.005);
  const losses = { calibrationError: loss, brierLoss: loss, logLoss: loss };
  return {
    ...{ rows: 5_900, isVoid: false, labelKind: "mid" },
    models: ["logistic", ...MODELS].map((model) => ({
      ...{ model, reliability: bins(1), calibrationNoiseFloor: 0.017 },
      calibrators: [{ calibrator: "none", losses, lessNone: losses, reliability: bins(1.4) }],
      metrics: { calibrationError: around(0.013, 0.004) },
    })),
  };
}

/** Three models on three symbols. */
export function sampleBySymbol(): Parameters<typeof symbolAccuracyFigure>[0] {
  return {
    ...{ rows: 8_300, isVoid: false, labelKind: "mid" },
    models: ["logistic", ...MODELS].map((model, m) => ({
      model,
      bySymbol: SYMBOLS.map((group, s) => ({
        group,
        rows: 2_766,
        accuracy: around(0.55 + 0.005 * m + 0.01 * s, 0.025),
        majorityRate: 0.51 + 0.01 * s,
        byTruth: { model: 0.56 + 0.006 * m, attainable: 0.585 + 0.005 * s },
      })),
    })),
  };
}

/** Two models, of which the truth alone tells one apart from the line. */
export function sampleGains(): LineGains {
  const gain = (estimate: number, half: number): Gain => {
    const verdict = Math.abs(estimate) < half ? "undecided" : estimate > 0 ? "better" : "worse";
    return { ...around(estimate, half), verdict };
  };
  const pair = (accuracy: Gain, logLoss: Gain): GainPair<Gain> => ({ accuracy, logLoss });
  const models = MODELS.flatMap((model, m) =>
    [undefined, ...SYMBOLS].map((symbol, s): LineGain => {
      const wide = symbol === undefined ? 1 : 1.7;
      return {
        model,
        ...(symbol === undefined ? {} : { symbol }),
        rows: symbol === undefined ? 8_300 : 2_766,
        seen: pair(gain(0.004 + 0.001 * s, 0.009 * wide), gain(0.0006 - 0.0002 * s, 0.0012 * wide)),
        byTruth: pair(gain(0.005 * m + 0.001 * s, 0.002 * wide), gain(0.0007 * m, 0.0004 * wide)),
        otherSeeds: [
          { accuracy: 0.001 * s, logLoss: 0.0003 },
          { accuracy: 0.003, logLoss: -0.0001 },
        ],
      };
    }),
  );
  return { rows: 8_300, labelKind: "mid", models };
}
