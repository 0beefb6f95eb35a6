import { lstmCase } from "./lstm-case.js";
import type { NetworkCase } from "./network-case.js";
import { transformerCase } from "./transformer-case.js";

/** Name of a network that is measured, and of its benchmark. */
export type NetworkName = "lstm" | "transformer";

/** All networks that are measured. */
export const NETWORK_CASES: Readonly<Record<NetworkName, NetworkCase>> = {
  lstm: lstmCase,
  transformer: transformerCase,
};
