import type { FaultCampaign } from "./campaign.js";
import { diskFull } from "./ingest/disk-full.js";
import { killRandom } from "./ingest/kill-random.js";
import { killSteps } from "./ingest/kill-steps.js";
import { sameBytes } from "./ingest/same-bytes.js";
import { twoAtOnce } from "./ingest/two-at-once.js";

/** Everything that is done to an ingest, in the order it is run and printed. */
export const INGEST_CAMPAIGNS: readonly FaultCampaign[] = [
  killRandom,
  killSteps,
  diskFull,
  twoAtOnce,
  sameBytes,
];
