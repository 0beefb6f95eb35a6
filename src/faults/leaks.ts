import { OptionError } from "../core/errors.js";
import { tableText } from "../reporting/table.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "./campaign.js";
import { LEAKS } from "./leaks/leaks.js";
import { MODEL_LEAKS, plantModelLeak } from "./leaks/model-leaks.js";
import { type LeakRun, plantLeak, plantPostTradeMid, runHonest } from "./leaks/run-leaks.js";
import { plantStoredLeak, STORED_LEAKS } from "./leaks/stored-leaks.js";
import { hasStood } from "./result-table.js";

const FULL_TRIES = 20;
const SMALL_TRIES = 2;

/** Bars of each of two symbols, and bars that a label looks ahead. */
const BARS = 2500;
const HORIZON_BARS = 15;

/** With a folder for what is stored. */
type Run = LeakRun & Pick<CampaignOptions, "folder">;

/** Everything that is run, by the name to choose it by. */
const KINDS: Readonly<Record<string, (run: Run) => Promise<FaultResult>>> = {
  ...Object.fromEntries(LEAKS.map((leak) => [leak.name, (run: Run) => plantLeak(leak, run)])),
  ...Object.fromEntries(
    MODEL_LEAKS.map((leak) => [leak.name, (run: Run) => plantModelLeak(leak, run)]),
  ),
  ...Object.fromEntries(
    STORED_LEAKS.map((leak) => [leak.name, (run: Run) => plantStoredLeak(leak, run)]),
  ),
  "post-trade-mid": plantPostTradeMid,
  "no-edge": (run) => runHonest("without edge", run),
  edge: (run) => runHonest("with edge", run),
};

/**
 * Ways for the future to get into a pipeline, and which canary or law sees each; and the honest pipeline, in which none may.
 *
 * @param only - names of leaks, or `no-edge` and `edge` for the honest pipeline; all of them where it is not given
 * @throws {OptionError} a name is none of them
 */
export function leakCampaigns(only?: string): readonly FaultCampaign[] {
  const chosen = only?.split(",").map((name) => name.trim()) ?? Object.keys(KINDS);
  for (const name of chosen) requireKind(name);
  return [{ name: "planted-leaks", run: (options) => runKinds(chosen, options), table: leakTable }];
}

async function runKinds(
  names: readonly string[],
  { seed, isFull, folder, onProgress }: CampaignOptions,
): Promise<readonly FaultResult[]> {
  const tries = isFull ? FULL_TRIES : SMALL_TRIES;
  const seeds = Array.from({ length: tries }, (_, i) => seed + i);
  const all = names.length * tries;
  let done = 0;
  const onTry = (): void => onProgress(++done, all, "markets");
  const results: FaultResult[] = [];
  for (const name of names) {
    results.push(
      await KINDS[name]!({ seeds, bars: BARS, horizonBars: HORIZON_BARS, onTry, folder }),
    );
  }
  return results;
}

/** Leaks as a table for people: what was planted, how often it was caught, and by what. */
function leakTable(results: readonly FaultResult[]): string {
  return tableText({
    caption: "Planted leaks and what caught them",
    columns: ["leak", "tries", "caught", "false alarms", "stood", "what was seen"].map((name) => {
      return { name };
    }),
    rows: results.map((one) => [
      ...[one.fault, one.tries, one.detected, one.falseAlarms ?? 0],
      ...[hasStood(one) ? "yes" : "no", one.note ?? ""],
    ]),
  });
}

function requireKind(name: string): void {
  if (name in KINDS) return;
  throw new OptionError({
    column: "--only",
    message: `was "${name}", which is no leak`,
    fix: `choose among ${Object.keys(KINDS).join(", ")}`,
  });
}
