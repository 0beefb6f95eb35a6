import type { ResourceLimits } from "node:worker_threads";

/**
 * Memory of the threads that bring files in. Their large objects lie outside of the young generation but are only found to
 * be free when it is looked through: the smaller it is, the sooner.
 */
export const THREAD_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 1 };
