// Networks as PyTorch computes them, for tests.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parameterCount, type Slot } from "./parameter-layout.js";
import type { Windows } from "./windows.js";

type Numbers = readonly number[];

/** A network on a batch of windows; arrays by the names of its layout. */
interface NetworkGolden {
  readonly name: string;
  readonly shape: { readonly inputSize: number; readonly steps: number };
  readonly windows: Numbers;
  readonly outcome: Numbers;
  readonly parameters: Readonly<Record<string, Numbers>>;
  readonly logits: Numbers;
  readonly loss: number;
  readonly gradient: Readonly<Record<string, Numbers>>;
  /** layers × count × heads × steps, of Transformers. */
  readonly attention?: Numbers;
}

interface Golden {
  readonly sha256: string;
  readonly content: {
    readonly layerNorm: Readonly<Record<"x" | "gain" | "bias" | "slope" | "y", Numbers>> & {
      readonly gradient: Readonly<Record<"x" | "gain" | "bias", Numbers>>;
    };
    readonly networks: readonly NetworkGolden[];
  };
}

/**
 * What `tools/goldens/networks.py` wrote.
 *
 * @throws the file is not what the script wrote
 */
export function networkGoldens(): Golden["content"] {
  const file = path.join(__dirname, "../../data/golden/networks.json");
  const text = readFileSync(file, "utf8");
  const { sha256, content } = JSON.parse(text) as Golden;
  const body = text.slice(text.indexOf('"content": ') + 11, text.lastIndexOf("}"));
  if (createHash("sha256").update(body).digest("hex") !== sha256) {
    throw new Error(`${file} was changed`);
  }
  return content;
}

/** Arrays by name as one vector; a name too many or too few is no array of the layout. */
export function laidOut(
  layout: readonly Slot[],
  arrays: Readonly<Record<string, Numbers>>,
): Float32Array {
  const names = layout.map(({ name }) => name).sort();
  if (names.join() !== Object.keys(arrays).sort().join()) throw new Error(`laid out ${names}`);
  const vector = new Float32Array(parameterCount(layout));
  for (const { name, start } of layout) vector.set(arrays[name]!, start);
  return vector;
}

/** The batch of a network. */
export function goldenBatch({ windows, outcome }: NetworkGolden): {
  readonly windows: Windows;
  readonly outcome: Float32Array;
} {
  const batch = { values: Float32Array.from(windows), count: outcome.length };
  return { windows: batch, outcome: Float32Array.from(outcome) };
}

/** The largest difference between two lists of the same length. */
export function largestGap(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.NaN;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
