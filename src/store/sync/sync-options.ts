import type { TableFilter } from "../table-folders.js";
import type { BucketLimits } from "./bucket-limits.js";

/** What to move, and how. */
export interface SyncOptions {
  readonly direction: "push" | "pull";
  readonly filter?: TableFilter;
  /** Replace what differs on the other side; else it is a conflict. */
  readonly overwrite?: boolean;
  /** Hash what both sides hold, and mend what is damaged on the receiving one. */
  readonly verify?: boolean;
  /** Only say what would be done. */
  readonly dryRun?: boolean;
  readonly limits?: BucketLimits;
  readonly onProgress?: (done: number, total: number) => void;
}
