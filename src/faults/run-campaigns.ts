import path from "node:path";
import type { CampaignOptions, FaultCampaign, FaultResult } from "./campaign.js";
import { hasStood, resultTable } from "./result-table.js";

/** How one campaign ended. */
export interface CampaignRun {
  readonly campaign: string;
  /** Empty when it failed. */
  readonly results: readonly FaultResult[];
  /** The results for people. */
  readonly table: string;
  /** What it threw, in place of results. */
  readonly error?: Error;
}

/** Whether it ended by itself, with results, and every planted fault stood. */
export function hasRunStood({ results }: CampaignRun): boolean {
  return results.length > 0 && results.every(hasStood);
}

/**
 * Runs campaigns one after the other; one that throws costs no other's results.
 *
 * @param options.folder - each campaign works in a folder of its own below it
 * @param options.onEnd - called as each one ends
 */
export async function runCampaigns(
  campaigns: readonly FaultCampaign[],
  { folder, onEnd, ...options }: CampaignOptions & { readonly onEnd: (ended: CampaignRun) => void },
): Promise<readonly CampaignRun[]> {
  const runs: CampaignRun[] = [];
  for (const { name, run, table = resultTable } of campaigns) {
    const own = { ...options, folder: path.join(folder, name) };
    const ended = await run(own).then(
      (results): CampaignRun => ({ campaign: name, results, table: table(results) }),
      (thrown: unknown): CampaignRun => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        return { campaign: name, results: [], table: "", error };
      },
    );
    runs.push(ended);
    onEnd(ended);
  }
  return runs;
}
