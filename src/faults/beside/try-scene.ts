import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import type { StoreTruth } from "../compare-stores.js";
import type { Together } from "./kinds.js";
import type { LookPlan } from "./plan.js";
import type { ReplacementSteps } from "./replacement-steps.js";
import { type BesideScene, REPLACED_DAYS, tradesKey, type Version } from "./scene.js";

/** How one try is made. */
export interface TryOptions {
  /** Empty or not there; the caller removes it. */
  readonly folder: string;
  readonly scene: BesideScene;
  readonly steps: ReplacementSteps;
  readonly seed: number;
  /** Which of the tries of its kind: they take turns in what is replaced by what. */
  readonly number: number;
  /** Looks that a replacement has to fall into, for each way to look; and prunes. */
  readonly least: number;
}

/** A store for one try, and what its processes are told. */
export interface TryScene extends TryOptions {
  readonly common: Pick<LookPlan, "root" | "marks" | "keys" | "seed">;
  /** Versions that take turns; the first is there. */
  readonly versions: readonly [Version, Version];
  /** What the store holds. */
  readonly start: StoreTruth;
}

/** Makes a store for one try. */
export async function tryScene(together: Together, options: TryOptions): Promise<TryScene> {
  const { folder, scene, seed, number } = options;
  // Where the only day of its symbol is away, nothing keeps the folder around it from being pruned.
  const isAlone = (number % 2 === 0) === (together.pruned !== undefined);
  const days = isAlone && together.replacers !== "ingests" ? 1 : REPLACED_DAYS;
  const start = scene.starts[days - 1]!;
  const root = path.join(folder, "store");
  const marks = path.join(folder, "marks");
  await mkdir(marks, { recursive: true });
  await cp(start.root, root, { recursive: true });
  const keys = Array.from({ length: days }, (_, day) => tradesKey(day));
  const [first, ...others] = scene.versions;
  const versions = [first, others[(number >> 1) % others.length]!] as const;
  return { ...options, common: { root, marks, keys, seed }, versions, start };
}
