import { canonicalJson } from "../core/content-hash.js";

/** A place where two values are not the same. */
export interface Difference {
  /** Names on the way there; elements of a list go by their own name where both have the same: `gates.sharpe.verdict`. */
  readonly place: string;
  /** What is there, as JSON, a list by its length where that differs. */
  readonly left: string;
  readonly right: string;
}

/** The first place where two values differ as JSON, in the order of the left one's fields; undefined when they do not. */
export function firstDifference(
  left: unknown,
  right: unknown,
  place: readonly string[] = [],
): Difference | undefined {
  if (canonicalJson({ value: left }) === canonicalJson({ value: right })) return undefined;
  const here = { place: place.join("."), left: textOf(left), right: textOf(right) };
  if (!isObject(left) || !isObject(right)) return here;
  if (Array.isArray(left) && Array.isArray(right) && left.length !== right.length) {
    return { ...here, left: `a list of ${left.length}`, right: `a list of ${right.length}` };
  }
  for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [one, other] = [left[field], right[field]];
    const found = firstDifference(one, other, [...place, nameOf(one, other) ?? field]);
    if (found !== undefined) return found;
  }
  return here;
}

function nameOf(left: unknown, right: unknown): string | undefined {
  if (!isObject(left) || !isObject(right)) return undefined;
  const { name } = left as { readonly name?: unknown };
  return typeof name === "string" && name === right["name"] ? name : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return value === undefined ? "absent" : canonicalJson(value);
}
