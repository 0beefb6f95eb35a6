import { TOGETHER } from "../beside/kinds.js";
import { runKinds } from "../beside/run-kinds.js";
import type { FaultCampaign } from "../campaign.js";

/** Replaces partitions while other processes read them and prune beside them, and kills who replaces them. */
export const replaceBesideReaders: FaultCampaign = {
  name: "replace-beside-readers",
  run: (options) => runKinds(TOGETHER, options),
};
