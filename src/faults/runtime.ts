import type { FaultCampaign } from "./campaign.js";
import { accountRules } from "./runtime/account-rules.js";
import { halts } from "./runtime/halts.js";
import { killRuns } from "./runtime/kill-runs.js";
import { outages } from "./runtime/outages.js";
import { stopSteps } from "./runtime/stop-steps.js";

/** Everything that is done to a run, in the order it is run and printed. */
export const RUNTIME_CAMPAIGNS: readonly FaultCampaign[] = [
  stopSteps,
  killRuns,
  outages,
  halts,
  accountRules,
];
