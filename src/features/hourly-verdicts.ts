import { HOUR_US } from "../core/time.js";
import { readDerived } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { tableHash } from "./feature-partition.js";

/** What the audit says of an hour; `unknown` where it was not audited. */
type HourVerdict = "good" | "usable" | "bad" | "unknown";

/** From best to worst. */
const ORDER: readonly HourVerdict[] = ["good", "usable", "bad"];

/** Verdicts of a day, and the hash of the table they came from. */
export interface HourlyVerdicts {
  /** The worst verdict over the data types of the hour that holds a time. */
  readonly at: (timeUs: number) => HourVerdict;
  /** null when the day was not audited. */
  readonly hash: string | null;
}

/** Reads what the audit left of a day: a table with the columns `hour_start_us`, `type` and `verdict`. */
export async function hourlyVerdicts(
  store: Store,
  { exchange, symbol, date }: SymbolDay,
): Promise<HourlyVerdicts> {
  const folder = `audit/exchange=${exchange}/symbol=${symbol}/date=${date}`;
  const hash = await tableHash(store, folder);
  if (hash === null) return { at: () => "unknown", hash };
  const { columns } = await readDerived(store, folder, ["hour_start_us", "verdict"]);
  const worst = new Map<number, HourVerdict>();
  const verdicts = columns["verdict"] as readonly HourVerdict[];
  (columns["hour_start_us"] as Float64Array).forEach((hourUs, i) => {
    const verdict = verdicts[i]!;
    const before = worst.get(hourUs);
    if (before === undefined || ORDER.indexOf(verdict) > ORDER.indexOf(before)) {
      worst.set(hourUs, verdict);
    }
  });
  return {
    at: (timeUs) => worst.get(Math.floor(timeUs / HOUR_US) * HOUR_US) ?? "unknown",
    hash,
  };
}
