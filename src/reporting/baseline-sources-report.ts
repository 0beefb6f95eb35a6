// Do ticks predict more than candles, said for a report?

import type { Uncertainty } from "../core/block-bootstrap.js";
import { shortfallText } from "../core/shortfall.js";
import type { BaselineComparison, SourceBaseline } from "../evaluation/source-baselines.js";
import { intervalText, NO_INTERVAL, ratioInterval } from "./evaluation-marks.js";
import { TEST_MAJORITY } from "./model-names.js";
import type { Cell, Table } from "./table.js";

/** The baseline on both sources: how often it is right, each beside its own base rate. */
export function baselineSourcesTable({ baselines }: BaselineComparison): Table {
  return {
    caption: "The same baseline on both sources, with 95 % block-bootstrap intervals",
    columns: [
      { name: "source" },
      { name: "what is predicted" },
      { name: "features" },
      { name: "accuracy", unit: "%", digits: 1 },
      { name: "interval", unit: "%", kind: "aside" },
      { name: TEST_MAJORITY, unit: "%", digits: 1 },
      { name: "against ticks", unit: "points", digits: 1 },
      { name: "interval", unit: "points", kind: "aside" },
      { name: "by true probability", unit: "%", digits: 1 },
      { name: "rows" },
      { name: "independent rows", digits: 0 },
    ],
    rows: baselines.map((one): readonly Cell[] => [
      `${one.exchange} ${one.source}`,
      labelText(one),
      one.features,
      100 * one.accuracy.estimate,
      intervalText(one.accuracy, 1),
      100 * one.majorityRate,
      100 * one.aboveTicks.estimate,
      intervalText(one.aboveTicks, 1),
      one.trueAccuracy === undefined ? null : 100 * one.trueAccuracy.estimate,
      one.rows,
      Math.round(one.effectiveRows),
    ]),
  };
}

/** In words: what candles reach beside ticks when asked the same, what they reach on their own closes, and what is unknown. */
export function baselineSourcesFindings({ baselines, shortfalls }: BaselineComparison): string {
  const ticks = baselines.find(({ source }) => source === "ticks");
  const of = (isSame: boolean): SourceBaseline | undefined =>
    baselines.find((one) => one.source === "candles" && one.isSameQuestion === isSame);
  const [same, own] = [of(true), of(false)];
  const lines: string[] = [];
  if (ticks !== undefined && same !== undefined) {
    lines.push(
      `Asked the same question on the same ${count(same.rows)} rows, **ticks are right in ${percent(ticks.accuracy)} and ` +
        `candles in ${percent(same.accuracy)}** (${TEST_MAJORITY} ${rate(ticks.majorityRate)}): ` +
        `${apartText(same.aboveTicks)}.${truthText(ticks, same)}`,
    );
  }
  if (own !== undefined) {
    lines.push(
      `On the direction of their own close candles are right in ${percent(own.accuracy)} (${TEST_MAJORITY} ${rate(own.majorityRate)}): ` +
        "**BOUNCE-PRONE**, since a close jumps between bid and ask, so it is no edge.",
    );
  }
  return [...lines, ...shortfalls.map(shortfallText)].join("\n\n");
}

function apartText({ lower, upper }: Uncertainty): string {
  if (Number.isNaN(lower)) return `${NO_INTERVAL} of what lies between them`;
  return `${upper < 0 || lower > 0 ? "more than" : "no more than"} their paired interval apart`;
}

/** In a simulated market the true probabilities say what hits are too noisy for. */
function truthText(ticks: SourceBaseline, candles: SourceBaseline): string {
  if (ticks.trueAccuracy === undefined || candles.trueAccuracy === undefined) return "";
  return ` By the true probabilities of the simulated market it is ${percent(ticks.trueAccuracy)} against ${percent(candles.trueAccuracy)}.`;
}

function labelText({ labelKind }: SourceBaseline): string {
  return labelKind === "mid" ? "the mid" : "the close (BOUNCE-PRONE)";
}

function percent(figure: Uncertainty): string {
  return `${rate(figure.estimate)} (${ratioInterval(figure)})`;
}

function rate(ratio: number): string {
  return Number.isFinite(ratio) ? `${(100 * ratio).toFixed(1)} %` : "an unknown share";
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
