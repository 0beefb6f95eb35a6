import { quantile } from "../core/statistics.js";
import type { BenchResult } from "./benchmark.js";

/**
 * Results for people: each figure with its verdict, then every contestant's median and all its runs, once.
 *
 * @returns lines
 */
export function describeResults(results: readonly BenchResult[]): readonly string[] {
  const said = new Set<string>();
  return results.flatMap((result) => {
    const runs = Object.entries(result.runs ?? {})
      .filter(([, all]) => all.length > 1)
      .map(([name, all]) => `       ${name}: ${describeRuns(all)} ${result.unit}`)
      .filter((line) => !said.has(line));
    for (const line of runs) said.add(line);
    const notes = result.note === undefined ? [] : [`       ${result.note}`];
    return [headline(result), ...notes, ...runs];
  });
}

function headline(result: BenchResult): string {
  const { what, unit, ours, rival, ratio, bar, aim, isLeast, ok } = result;
  const found = ours === null ? "nothing" : figure(ours);
  const beside = rival === null ? "" : ` beside ${figure(rival)}`;
  const times = ratio === null ? "" : ` = ${ratio.toFixed(2)} ×`;
  const goal = aim === undefined ? "" : `, aim ${figure(aim)}`;
  const limit = bar === null ? "" : ` (at ${isLeast ? "least" : "most"} ${figure(bar)}${goal})`;
  const verdict = !ok ? "FAIL" : bar === null ? "    " : "ok  ";
  return `${verdict} ${what}: ${found}${beside} ${unit}${times}${limit}`;
}

function describeRuns(all: readonly number[]): string {
  return `median ${figure(quantile(all, 0.5))} of ${all.map(figure).join(", ")}`;
}

function figure(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString("en");
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : value.toPrecision(3);
}
