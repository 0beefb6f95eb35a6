import type { FaultCampaign } from "./campaign.js";
import { canaryKeys } from "./ingest/canary-key.js";
import { diskFull } from "./ingest/disk-full.js";
import { gzipCut } from "./ingest/gzip-cut.js";
import { gzipFlip } from "./ingest/gzip-flip.js";
import { inflationBomb } from "./ingest/inflation-bomb.js";
import { killRandom } from "./ingest/kill-random.js";
import { killSteps } from "./ingest/kill-steps.js";
import { network } from "./ingest/network.js";
import { payloads } from "./ingest/payloads.js";
import { replaceBesideReaders } from "./ingest/replace-beside-readers.js";
import { sameBytes } from "./ingest/same-bytes.js";
import { schemaDrift } from "./ingest/schema-drift.js";
import { storeFlip } from "./ingest/store-flip.js";
import { twoAtOnce } from "./ingest/two-at-once.js";

/** Everything that is done to an ingest, in the order it is run and printed. */
export const INGEST_CAMPAIGNS: readonly FaultCampaign[] = [
  killRandom,
  killSteps,
  diskFull,
  twoAtOnce,
  replaceBesideReaders,
  sameBytes,
  gzipCut,
  gzipFlip,
  storeFlip,
  schemaDrift,
  inflationBomb,
  network,
  payloads,
  canaryKeys,
];
