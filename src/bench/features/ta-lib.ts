// Are the indicators those of TA-Lib, as its wheel computes them from the same bars?
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { FEATURES } from "../../features/catalogue.js";
import type { BenchResult } from "../benchmark.js";
import { within } from "../compare.js";
import type { InstalledRival } from "../installed-rival.js";
import { measuredChild, pythonOf } from "../measured-child.js";
import type { FeatureValues } from "./feature-values.js";
import {
  TA_LIB_ERROR,
  TA_LIB_INDICATORS,
  type TaLibColumns,
  taLibError,
} from "./ta-lib-indicators.js";

/**
 * The largest error of each indicator beside TA-Lib, from the end of its warm-up on.
 *
 * @param values - of a stream that begins with the first bar
 * @param installed - where TA-Lib lies; where it does not, the figure is missing and fails
 */
export async function besideTaLib(
  place: { readonly root: string; readonly folder: string },
  values: FeatureValues,
  installed: InstalledRival,
): Promise<BenchResult> {
  const head = { what: "beside TA-Lib, largest error after warm-up", unit: "relative" };
  if ("missing" in installed) {
    const nothing = within({ name: "TA-Lib", runs: [] }, { ...head, bar: TA_LIB_ERROR });
    return { ...nothing, note: installed.missing };
  }
  const bars = barsOf(values);
  const theirs = await taLibOutputs(place, bars, installed.folder);
  const errors = Object.keys(TA_LIB_INDICATORS).map(
    (name) => [name, largestError(name, values, { ...bars, ...theirs })] as const,
  );
  const [worst] = [...errors].sort(([, a], [, b]) => b - a);
  const result = within(
    { name: "TA-Lib", runs: errors.map(([, error]) => error) },
    { ...head, bar: TA_LIB_ERROR },
  );
  return {
    ...result,
    runs: Object.fromEntries(errors.map(([name, error]) => [name, [error]])),
    note: `${errors.length} indicators on ${values.barEndUs.length.toLocaleString("en")} bars; the largest is that of ${worst![0]}; below a floor near 0 relative to the floor`,
  };
}

/** Plain lists, from the first bar with a trade on, as the indicators are. */
function barsOf({ columns }: FeatureValues): TaLibColumns {
  const names = ["high", "low", "close", "volume"];
  return Object.fromEntries(names.map((name) => [name, [...columns[indexOf(name)]!]]));
}

async function taLibOutputs(
  { root, folder }: { readonly root: string; readonly folder: string },
  bars: TaLibColumns,
  packages: string,
): Promise<TaLibColumns> {
  const input = path.join(folder, "ta-lib-bars.json");
  const outputFile = path.join(folder, "ta-lib-outputs.json");
  await writeFile(input, JSON.stringify(bars));
  const script = path.join(root, "tools", "bench", "ta_lib_outputs.py");
  const command = [pythonOf(root), script, input];
  await measuredChild(root, { command, outputFile, environment: { PYTHONPATH: packages } });
  const outputs = JSON.parse(await readFile(outputFile, "utf8")) as Readonly<
    Record<string, readonly (number | null)[]>
  >;
  return Object.fromEntries(
    Object.entries(outputs).map(([name, list]) => [name, list.map((x) => x ?? Number.NaN)]),
  );
}

/** Infinity where one of the two has a value and the other has not, though it should. */
function largestError(name: string, values: FeatureValues, columns: TaLibColumns): number {
  const { expected, floor, isUndefined } = TA_LIB_INDICATORS[name]!;
  const index = indexOf(name);
  const ours = values.columns[index]!;
  let largest = 0;
  let compared = 0;
  for (let bar = FEATURES[index]!.warmUpBars; bar < ours.length; bar++) {
    const value = ours[bar]!;
    if (isUndefined?.(bar, columns) === true) {
      if (!Number.isNaN(value)) return Number.POSITIVE_INFINITY;
      continue;
    }
    const error = taLibError(value, expected(bar, columns), floor);
    if (Number.isNaN(error)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, error);
    compared++;
  }
  return compared === 0 ? Number.POSITIVE_INFINITY : largest;
}

function indexOf(name: string): number {
  return FEATURES.findIndex((feature) => feature.name === name);
}
