// A comparison of a live path with the batch as a figure.
import type { RunSettings } from "../../runtime/loop/run-settings.js";
import type { BenchResult } from "../benchmark.js";
import { atMost } from "../figures.js";
import type { Differences } from "./decision-differences.js";
import type { Kind } from "./live-models.js";

/** A live path. */
export interface ComparedWay {
  readonly what: string;
  readonly kind: Kind;
  readonly mode: RunSettings["mode"];
}

/** Its differences, which must be none, in bars on some of which a side was taken. */
export function differenceResult(
  { what, kind, mode }: ComparedWay,
  found: Differences,
): BenchResult {
  const { features, masks, mids, probabilities, decisions, missing, bars, sides, kept } = found;
  const value = features + masks + mids + probabilities + decisions + missing;
  const count = (number: number): string => number.toLocaleString("en");
  const account =
    mode === "paper"
      ? `; on ${count(kept)} the account or its limits staked less than the signal`
      : "";
  const place = found.first === undefined ? "" : `; first ${found.first}`;
  const idle = sides > 0 ? "" : "no side was taken, so that equal decisions show nothing; ";
  const result = atMost(0, {
    what: `live beside batch, ${what}, ${kind}`,
    unit: `differences in ${count(bars)} bars`,
    value,
    note: `${idle}features ${features}, masks ${masks}, mids ${mids}, probabilities ${probabilities}, decisions ${decisions}, missing ${missing}; ${count(sides)} sides taken${account}${place}`,
  });
  return { ...result, ok: result.ok && sides > 0 };
}
