import {
  compareWithSlowModel,
  type ModelComparison,
} from "../../trading/rules/compare-with-slow-model.js";
import type { CampaignOptions, FaultCampaign, FaultResult } from "../campaign.js";

const SMALL = { steps: 20_000, seeds: 1 } as const;
const FULL = { steps: 1_000_000, seeds: 3 } as const;

/** Steps that are asked for at once, so that progress is seen. */
const STEPS_AT_ONCE = 50_000;

/** Walks accounts through ten years of days, and holds each step against a slow model of the same rules. */
export const accountRules: FaultCampaign = { name: "ftmo-engine", run };

async function run({ isFull, seed, onProgress }: CampaignOptions): Promise<readonly FaultResult[]> {
  const { steps, seeds } = isFull ? FULL : SMALL;
  const results: FaultResult[] = [];
  for (let i = 0; i < seeds; i++) {
    const parts: ModelComparison[] = [];
    for (let done = 0; done < steps; done += STEPS_AT_ONCE) {
      const some = Math.min(STEPS_AT_ONCE, steps - done);
      parts.push(compareWithSlowModel({ seed: 1e6 * (seed + i) + done, steps: some }));
      onProgress(i * steps + done + some, seeds * steps, "steps of accounts");
    }
    results.push(resultOf(seed + i, parts));
  }
  return results;
}

/** Tries are breaches by the slow model: each has to be seen, and nothing else taken for one. */
function resultOf(seed: number, parts: readonly ModelComparison[]): FaultResult {
  const sum = (of: (part: ModelComparison) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const all = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const breaches = sum(({ breaches }) => all(breaches));
  const missed = sum(({ missed }) => all(missed));
  const walked = [
    `${sum((part) => part.steps)} steps of ${sum(({ accounts }) => accounts)} accounts`,
    `${sum(({ midnights }) => midnights)} midnights`,
    `${sum(({ shortDays }) => shortDays)} days of 23 and ${sum(({ longDays }) => longDays)} of 25 hours`,
    `${sum(({ atMidnight }) => atMidnight)} breaches at midnight`,
    `${sum(({ passes }) => passes)} passes`,
  ].join(", ");
  const difference = parts
    .map(({ firstDifference }) => firstDifference)
    .find((text) => text !== "");
  return {
    fault: `breaches of random accounts over ten years, seed ${seed}`,
    tries: breaches,
    detected: breaches - missed,
    lost: 0,
    duplicated: 0,
    silent: sum(({ different }) => different),
    falseAlarms: sum(({ falseAlarms }) => all(falseAlarms)),
    note: difference === undefined ? walked : `${walked}; ${difference}`,
  };
}
