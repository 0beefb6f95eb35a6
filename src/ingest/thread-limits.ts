import type { ResourceLimits } from "node:worker_threads";

/**
 * Memory of the threads that bring files in. Their large objects lie outside of the young generation but are only found to
 * be free when it is looked through: the smaller it is, the sooner.
 */
export const THREAD_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 1 };

/** More than any block that the threads take again and again, and the most that the allocator learns from. */
const LARGEST_BLOCK_BYTES = 31 << 20;

/**
 * Lets glibc keep the memory of freed blocks for the next ones. It hands large blocks back to the system at once, to be
 * zeroed page by page when they are taken again, until it has seen a larger one freed: this one, of which no page is touched.
 */
export function keepFreedBlocks(): void {
  Buffer.allocUnsafeSlow(LARGEST_BLOCK_BYTES);
}
