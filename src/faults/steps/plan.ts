/** Kinds of step that change what a folder holds or how safely it lies on the disk. */
export type StepKind =
  | "open"
  | "write"
  | "truncate"
  | "sync"
  | "close"
  | "rename"
  | "link"
  | "mkdir"
  | "unlink"
  | "rmdir";

/** What the preloaded script of a child shall do. */
export interface StepPlan {
  /** Absolute; steps outside of it are not counted. */
  readonly folder: string;
  /** File that finished steps are written to, one JSON line each. */
  readonly trace: string;
  /** Number of the step before which the process ends itself; left out, it lives. */
  readonly killAt?: number;
  /** Write half of that step's bytes first, if it is a write. */
  readonly isTorn?: boolean;
  /** Bytes that somebody else leaves free on the folder's disk once the first step begins; the rest goes into `filler`. */
  readonly leaveBytes?: number;
}

/** Name of the file below the plan's folder that fills the disk. */
export const FILLER = "filler";

/** A finished step. `begun` and `ended` are places in one order over all threads. */
export interface TracedStep {
  /** Counted from 1 in the order of beginnings. */
  readonly step: number;
  readonly begun: number;
  readonly ended: number;
  readonly kind: StepKind;
  readonly path: string;
  /** Where a rename or link leads. */
  readonly to?: string;
  /** Why it failed. */
  readonly error?: string;
  /** The process ended in the middle of it. */
  readonly isTorn?: boolean;
}

/** Environment variable that holds the plan as JSON. */
export const PLAN_VARIABLE = "TICKBOOK_STEP_PLAN";
