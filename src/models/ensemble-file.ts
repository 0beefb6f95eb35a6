// How is an ensemble kept in a model's file? Every member whole, under a prefix of its own, and the weights.
import type { EnsembleMember } from "./ensemble.js";
import { requireArray, type StoredArrays } from "./safetensors.js";
import { storedJson, unusable } from "./stored-text.js";

const NAMES = "members";
const WEIGHTS = "ensemble.weights";
/** How far the sum of weights may lie from 1. */
const ROUNDING = 1e-9;

/** A member of a file: its name, its weight and what is stored of it. */
export interface StoredMember extends Pick<EnsembleMember, "name" | "weight"> {
  readonly stored: StoredArrays;
  /** What to call its part of the file, for errors. */
  readonly place: string;
}

/** An ensemble as arrays and texts: `member1.scaler.mean`, `member1.features` and so on. */
export function ensembleToStored(members: readonly Omit<StoredMember, "place">[]): StoredArrays {
  const prefixed = <Value>(
    of: (stored: StoredArrays) => Readonly<Record<string, Value>>,
  ): Record<string, Value> =>
    Object.fromEntries(
      members.flatMap(({ stored }, k) =>
        Object.entries(of(stored)).map(([name, value]) => [`${prefixOf(k)}${name}`, value]),
      ),
    );
  const values = Float64Array.from(members, ({ weight }) => weight);
  return {
    arrays: { ...prefixed(({ arrays }) => arrays), [WEIGHTS]: { shape: [values.length], values } },
    texts: {
      ...prefixed(({ texts }) => texts),
      kind: "ensemble",
      [NAMES]: JSON.stringify(members.map(({ name }) => name)),
    },
  };
}

/**
 * The members of a model file; what is stored of each is not looked at yet.
 *
 * @param file - its name, for errors
 * @throws {DataError} no names, parts of more members than are named, or weights that are not one for each, are below 0 or do
 *   not add up to 1
 */
export function membersFromStored(stored: StoredArrays, file: string): readonly StoredMember[] {
  const names = namesOf(stored.texts[NAMES], file);
  const weights = requireArray(stored, WEIGHTS, [names.length], Float64Array, file);
  const negative = weights.find((weight) => weight < 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (negative !== undefined)
    throw unusable(file, `had a weight of ${negative}, expected 0 or more`);
  if (!(Math.abs(sum - 1) <= ROUNDING)) {
    throw unusable(file, `had weights that add up to ${sum}, expected 1`);
  }
  for (const name of [...Object.keys(stored.arrays), ...Object.keys(stored.texts)]) {
    const [, number] = /^member(\d+)\./.exec(name) ?? [];
    if (number !== undefined && !(Number(number) <= names.length)) {
      throw unusable(file, `had "${name}" and names ${names.length} members`);
    }
  }
  return names.map((name, k) => ({
    name,
    weight: weights[k]!,
    stored: { arrays: partOf(stored.arrays, k), texts: partOf(stored.texts, k) },
    place: `${file}, member ${k + 1} (${name})`,
  }));
}

function prefixOf(k: number): string {
  return `member${k + 1}.`;
}

function partOf<Value>(
  all: Readonly<Record<string, Value>>,
  k: number,
): Readonly<Record<string, Value>> {
  const prefix = prefixOf(k);
  const own = Object.entries(all).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

function namesOf(text: string | undefined, file: string): readonly string[] {
  const names = storedJson(text);
  const isList = Array.isArray(names) && names.length > 0;
  if (isList && names.every((name) => typeof name === "string")) return names as readonly string[];
  throw unusable(file, "had no list of its members");
}
