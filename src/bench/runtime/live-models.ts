// Models for the runs, of the sizes that are trained where nothing else is asked for, on inputs of the day before.
import { contentHash } from "../../core/content-hash.js";
import { seededRandom } from "../../core/random.js";
import { DAY_US } from "../../core/time.js";
import { catalogueHash } from "../../features/catalogue.js";
import { KEPT } from "../../features/row-rule.js";
import type { Ensemble } from "../../models/ensemble.js";
import { fitInputProfile, type InputProfile } from "../../models/input-profile.js";
import { fitLogistic, type Logistic } from "../../models/logistic.js";
import { buildLstm, lstmLayout } from "../../models/lstm.js";
import { buildMlp, mlpLayout } from "../../models/mlp.js";
import type { Model } from "../../models/model.js";
import { fillUniform, type Slot } from "../../models/parameter-layout.js";
import {
  type Predictor,
  predictorToBytes,
  scaledRows,
  windowSteps,
} from "../../models/predictor.js";
import { fitStandardScaler } from "../../models/standard-scaler.js";
import { buildTransformer } from "../../models/transformer.js";
import { transformerLayout } from "../../models/transformer-shape.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { LATENCY_US } from "../../simulate/settings.js";
import { LSTM_SETTINGS, MLP_SETTINGS, TRANSFORMER_SETTINGS } from "../../training/settings.js";
import type { LiveStore } from "./live-store.js";
import { inputNames, matrixOf, type StoredStream } from "./stored-inputs.js";

/** Kinds of models, in the order of the ladder. */
export const KINDS = ["logistic", "mlp", "lstm", "transformer", "ensemble"] as const;

export type Kind = (typeof KINDS)[number];

const HORIZON_BARS = 15;
const PRIOR_DEVIATION = 0.03;
/** What a network adds to the line: enough that its layers decide some sides. */
const HEAD_BOUND = 0.1;
/** Sureness from which on models act: below it is what a bar of fees eats. */
const THRESHOLD = 0.02;

interface TrainingRows {
  readonly names: readonly string[];
  readonly inputs: Float32Array;
  readonly rows: Uint32Array;
  readonly outcome: Float64Array;
  readonly dayOf: (row: number) => number;
}

/**
 * A model of each kind. The logistic regression is fitted on the day before; networks are that line and layers of drawn
 * weights, since what is asked of them here is how long they take and whether they say the same, and no one's is to be right.
 */
export async function liveModels(
  { exchange, symbols, barUs }: LiveStore,
  streams: readonly StoredStream[],
  seed: number,
): Promise<Readonly<Record<Kind, LiveModel>>> {
  const training = trainingRows(streams);
  const { names, inputs, rows, outcome, dayOf } = training;
  const scaler = fitStandardScaler(inputs, names, rows);
  const scaled = scaledRows(scaler, inputs, rows);
  const data = { inputs: scaled, outcome, names, overlapBars: HORIZON_BARS };
  const line = await fitLogistic(data, PRIOR_DEVIATION);
  const calibrator = { kind: "temperature", temperature: 1 } as const;
  const fitted = <Fitted extends Model | Ensemble>(model: Fitted): Predictor<Fitted> => {
    return { featureNames: names, scaler, model, calibrator };
  };
  const single = networks(line, names.length, seed);
  const places = names.map((_, i) => i);
  const members = Object.entries(single).map(([name, model]) => {
    return { name, weight: 1 / Object.keys(single).length, places, predictor: fitted(model) };
  });
  const profile = fitInputProfile(inputs, names, rows, { dayOf, threshold: THRESHOLD });
  const made = { ...single, ensemble: { kind: "ensemble", members } as const };
  const market = { exchange, symbols, barUs, horizonBars: HORIZON_BARS };
  const models = KINDS.map((kind): readonly [Kind, LiveModel] => {
    return [kind, liveModel(kind, fitted(made[kind]), { ...market, profile })];
  });
  return Object.fromEntries(models) as Readonly<Record<Kind, LiveModel>>;
}

function liveModel(
  kind: Kind,
  predictor: Predictor,
  known: Pick<LiveModel, "exchange" | "symbols" | "barUs" | "horizonBars"> & {
    readonly profile: InputProfile;
  },
): LiveModel {
  const bundleSha256 = contentHash(predictorToBytes(predictor));
  return {
    ...known,
    name: `${kind}@${bundleSha256.slice(0, 12)}`,
    latencyUs: LATENCY_US,
    predictor,
    steps: windowSteps(predictor.model),
    bundleSha256,
    catalogueHash: catalogueHash(),
    promotedEntry: null,
  };
}

function networks(
  line: Logistic,
  inputSize: number,
  seed: number,
): Readonly<Record<Exclude<Kind, "ensemble">, Model>> {
  const perceptron = { inputSize, units: MLP_SETTINGS.units };
  const mlp = buildMlp(perceptron, seed, line);
  const lstm = buildLstm({ ...LSTM_SETTINGS, inputSize }, seed, line);
  const transformer = buildTransformer({ ...TRANSFORMER_SETTINGS, inputSize }, seed, line);
  drawHead(mlp.parameters, mlpLayout(perceptron), seed);
  drawHead(lstm.parameters, lstmLayout(lstm), seed);
  drawHead(transformer.parameters, transformerLayout(transformer), seed);
  return { logistic: line, mlp, lstm, transformer };
}

/** A fresh head reads no layer. */
function drawHead(parameters: Float32Array, slots: readonly Slot[], seed: number): void {
  const { start, end } = slots.find(({ name }) => name === "head.kernel")!;
  fillUniform(parameters.subarray(start, end), HEAD_BOUND, seededRandom(seed, "head"));
}

/** Rows of the day before that a model may be asked at and whose horizon ends on it. */
function trainingRows(streams: readonly StoredStream[]): TrainingRows {
  const names = inputNames(streams);
  const matrices = streams.map((stream) => matrixOf(stream, names));
  const inputs = new Float32Array(matrices.reduce((sum, one) => sum + one.inputs.length, 0));
  const rows: number[] = [];
  const outcome: number[] = [];
  const dayNumber: number[] = [];
  for (const [s, { barUs, rows: all, parts }] of streams.entries()) {
    const first = dayNumber.length;
    inputs.set(matrices[s]!.inputs, first * names.length);
    for (const { barEndUs } of all) {
      dayNumber.push(streams.length * Math.floor((barEndUs - barUs) / DAY_US) + s);
    }
    for (let row = 0; row + HORIZON_BARS < parts[0]!.to; row++) {
      const change = all[row + HORIZON_BARS]!.mid - all[row]!.mid;
      if (matrices[s]!.code[row] !== KEPT || Number.isNaN(change)) continue;
      rows.push(first + row);
      outcome.push(change > 0 ? 1 : change < 0 ? 0 : 0.5);
    }
  }
  const taken = { rows: Uint32Array.from(rows), outcome: Float64Array.from(outcome) };
  return { names, inputs, ...taken, dayOf: (row) => dayNumber[row]! };
}
