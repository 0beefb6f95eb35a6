// Does PyTorch compute the same? From the same parameters and batch: loss, gradient, and the losses after some steps.
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { BenchResult } from "../benchmark.js";
import { within } from "../compare.js";
import type { CheckWork } from "./check-child.js";
import type { Variants } from "./network-contestants.js";
import type { NetworkRunner } from "./network-runner.js";

/** Steps over which the losses are compared. */
const STEPS = 3;

/** Single precision in another order of sums. */
export const MOST_DIFFERENCE = 1e-4;

/** What both sides found: losses before the first step and after each, and the gradient at the start in PyTorch's order. */
interface Found extends CheckWork {
  readonly gradient: Float32Array;
}

/**
 * Two figures for each form of PyTorch's: how far its losses and its gradient are from ours.
 *
 * @param variants - without a form's there is no PyTorch, and its figures fail
 * @param missing - why
 */
export async function sameWork(
  { file, ours, theirs }: NetworkRunner,
  forms: readonly string[],
  variants: Variants,
  missing: string | undefined,
): Promise<readonly BenchResult[]> {
  const fileOf = (name: string): string => path.join(path.dirname(file), `${name}.gradient`);
  const steps = String(STEPS);
  const own = await found(ours("check", steps, fileOf("ours")), fileOf("ours"));
  const results: BenchResult[] = [];
  for (const form of forms) {
    const variant = variants[form]?.steps;
    const rivals: readonly Found[] =
      variant === undefined
        ? []
        : [await found(theirs("check", variant, steps, fileOf(form)), fileOf(form))];
    results.push(...differences(form, own, rivals, missing));
  }
  return results;
}

async function found(run: Promise<{ readonly output: string }>, file: string): Promise<Found> {
  const { losses } = JSON.parse((await run).output) as CheckWork;
  const bytes = new Uint8Array(await readFile(file));
  return { losses, gradient: new Float32Array(bytes.buffer) };
}

function differences(
  form: string,
  own: Found,
  rivals: readonly Found[],
  missing: string | undefined,
): readonly BenchResult[] {
  const row = (what: string, runs: readonly number[]): BenchResult => ({
    ...within({ name: "difference", runs }, { what, unit: "of it", bar: MOST_DIFFERENCE }),
    ...(missing === undefined ? {} : { note: missing }),
  });
  return [
    row(
      `same loss as ${form}'s before a step and after each of ${STEPS}: differs by`,
      rivals.map(({ losses }) => largestRelative(own.losses, losses)),
    ),
    row(
      `same gradient as ${form}'s, all of it: differs by`,
      rivals.map(({ gradient }) => relativeDistance(own.gradient, gradient)),
    ),
  ];
}

/** Largest |a − b| / |b|. */
export function largestRelative(a: readonly number[], b: readonly number[]): number {
  requireSameLength(a, b);
  return Math.max(...b.map((value, i) => Math.abs(a[i]! - value) / Math.abs(value)));
}

/** ‖a − b‖ / ‖b‖. */
export function relativeDistance(a: Float32Array, b: Float32Array): number {
  requireSameLength(a, b);
  let apart = 0;
  let length = 0;
  for (let i = 0; i < b.length; i++) {
    apart += (a[i]! - b[i]!) ** 2;
    length += b[i]! ** 2;
  }
  return Math.sqrt(apart / length);
}

function requireSameLength(a: { readonly length: number }, b: { readonly length: number }): void {
  if (a.length !== b.length) throw new Error(`${a.length} values beside ${b.length}`);
}
