// The one way from features and prices to the matrix: stored ones, and such as are computed in memory.
import { concatenate } from "../core/columns.js";
import { sharedFloats } from "../core/shared-floats.js";
import { catalogueHash } from "../features/catalogue.js";
import { datasetHash } from "./dataset-hash.js";
import { type InputRows, inputRows } from "./input-rows.js";
import { type LabelRule, requireLabelRule } from "./label-rule.js";
import type { Dataset } from "./matrix.js";
import { type SymbolRows, symbolRows } from "./symbol-rows.js";
import type { SymbolSeries } from "./symbol-series.js";

/** What the matrix is made for. */
export interface AssemblySettings {
  readonly exchange: string;
  /** One a series, in their order. */
  readonly symbols: readonly string[];
  /** Features that models are fed with, in the order of their inputs. */
  readonly names: readonly string[];
  readonly barUs: number;
  readonly horizonUs: number;
  readonly latencyUs: number;
  readonly labelKind: "mid" | "close";
  readonly labelRule: LabelRule;
  /** Features that the data is too short for and that were not asked for each by its name. */
  readonly leftOut?: readonly string[];
  /** Of each series, where they were made before for the same names; default they are made. */
  readonly inputs?: readonly InputRows[];
}

/**
 * Joins the series of several symbols to the matrix that models are trained and tested on.
 *
 * @param series - of each symbol; values hold `close` and `volume_ratio_60` beside the named features
 * @throws {OptionError} barriers that give no labels
 */
export function assembleDataset(
  series: readonly SymbolSeries[],
  { names, leftOut = [], inputs, ...settings }: AssemblySettings,
): Dataset {
  requireLabelRule(settings.labelRule);
  const made = inputs ?? series.map((one) => inputRows(one, { names, ...settings }));
  const parts = series.map((one, s) => symbolRows(one, made[s]!, settings));
  const dataset = {
    ...settings,
    featureNames: names,
    catalogueHash: catalogueHash(),
    horizonBars: Math.max(1, Math.ceil(settings.horizonUs / settings.barUs)),
    ...join(series, parts),
  };
  return { ...dataset, leftOut, hash: datasetHash(dataset) };
}

type Joined = Pick<
  Dataset,
  | "rows"
  | "inputs"
  | "symbolIndex"
  | "barEndUs"
  | "labelEndUs"
  | "outcome"
  | "labelReturn"
  | "entryPrice"
  | "halfSpreadBps"
  | "isUsable"
  | "isPredictable"
  | "runStart"
  | "isBad"
  | "isAudited"
  | "excluded"
>;

function join(series: readonly SymbolSeries[], parts: readonly SymbolRows[]): Joined {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const inputs = sharedFloats(parts.reduce((sum, part) => sum + part.inputs.length, 0));
  const symbolIndex = new Uint8Array(rows);
  const outcome = new Float32Array(rows);
  const isUsable = new Uint8Array(rows);
  const isPredictable = new Uint8Array(rows);
  const runStart = new Uint32Array(rows);
  const isBad = new Uint8Array(rows);
  const isAudited = new Uint8Array(rows);
  const excluded: Record<string, number> = {};
  let at = 0;
  let inputsAt = 0;
  parts.forEach((part, s) => {
    inputs.set(part.inputs, inputsAt);
    symbolIndex.fill(s, at, at + part.rows);
    outcome.set(part.outcome, at);
    isUsable.set(part.isUsable, at);
    isPredictable.set(part.isPredictable, at);
    for (let i = 0; i < part.rows; i++) {
      const verdict = series[s]!.verdict[i];
      runStart[at + i] = at + part.runStart[i]!;
      isBad[at + i] = Number(verdict === "bad");
      isAudited[at + i] = Number(verdict !== "unknown");
    }
    for (const [cause, count] of Object.entries(part.excluded)) {
      excluded[cause] = (excluded[cause] ?? 0) + count;
    }
    at += part.rows;
    inputsAt += part.inputs.length;
  });
  return {
    rows,
    inputs,
    symbolIndex,
    barEndUs: concatenate(series.map(({ barEndUs }) => barEndUs)),
    labelEndUs: concatenate(parts.map(({ labelEndUs }) => labelEndUs)),
    outcome,
    labelReturn: concatenate(parts.map(({ labelReturn }) => labelReturn)),
    entryPrice: concatenate(series.map(({ entryPrice }) => entryPrice)),
    halfSpreadBps: concatenate(series.map(({ halfSpreadBps }) => halfSpreadBps)),
    isUsable,
    isPredictable,
    runStart,
    isBad,
    isAudited,
    excluded,
  };
}
