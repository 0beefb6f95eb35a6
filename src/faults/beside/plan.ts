import type { PartitionKey } from "../../store/tables.js";
import type { LookName } from "./looks.js";

/** Key of a partition that is replaced, pruned or looked at. */
export type TradesKey = PartitionKey & { readonly type: "trades" };

/** What all children of one try are told. */
interface CommonPlan {
  /** Of the store that they share. */
  readonly root: string;
  /** Folder of the marks by which they tell how far they are. */
  readonly marks: string;
  /** Its own among the children of a try. */
  readonly name: string;
  readonly seed: number;
  /** Partitions that are replaced. */
  readonly keys: readonly TradesKey[];
}

/** Replaces partitions in turn by the one and the other version, until it is stopped or killed. */
export interface ReplacePlan extends CommonPlan {
  readonly role: "replace";
  /** Roots of undisturbed stores of both versions; the first is what is there. */
  readonly versions: readonly [string, string];
  /** Replacements after which it ends by itself, whatever becomes of the others. */
  readonly most: number;
  /** Name of the host that it claims to run on. */
  readonly host?: string;
}

/** Looks at the partitions in one way after the other, until it is stopped. */
export interface LookPlan extends CommonPlan {
  readonly role: "look";
  readonly looks: readonly LookName[];
  /** Files of what the looks give of both undisturbed versions. */
  readonly truths: readonly [string, string];
  /** One store for all looks, in place of one for each. */
  readonly isKept: boolean;
  /** Looks that a replacement has to fall into, for each way to look, at least a third of them in every way. */
  readonly least: number;
  /** The replacing process is killed: what counts are looks after that. */
  readonly isKilling: boolean;
}

/** Makes something that is to go, and prunes it, again and again until it is stopped. */
export interface PrunePlan extends CommonPlan {
  readonly role: "prune";
  readonly what: "neighbours" | "leftovers";
  /** What it makes and prunes. */
  readonly pruned: TradesKey;
  /** Root of an undisturbed store that the pruned partition is a copy of. */
  readonly source: string;
  readonly least: number;
}

/** Starts another child and does not notice its end until it is stopped. */
export interface GuardPlan {
  readonly role: "guard";
  readonly marks: string;
  /** Its own among the children of a try. */
  readonly name: string;
  readonly replace: ReplacePlan;
  /** Environment of the child. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What one child does; its only argument, as JSON. */
export type BesidePlan = ReplacePlan | LookPlan | PrunePlan | GuardPlan;
