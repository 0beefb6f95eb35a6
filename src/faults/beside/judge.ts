// Is what a look saw one of the two versions of each partition?
import type { Outcome } from "../tally.js";
import type { LookName, Sight } from "./looks.js";

/** What the looks give of an undisturbed version, by way to look and folder. */
export type Truth = Readonly<Record<LookName, Readonly<Record<string, string>>>>;

/** What was wrong; `loud`: a reader was told of an error that it should not have met. */
export interface Flaw {
  readonly kind: Exclude<Outcome, "detected"> | "loud";
  readonly what: string;
}

/** From the least to the worst. */
const KINDS: readonly Flaw["kind"][] = ["loud", "duplicated", "lost", "silent"];

/** The worse of two flaws, the first one of equals. */
export function worse(a: Flaw | undefined, b: Flaw | undefined): Flaw | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return KINDS.indexOf(b.kind) > KINDS.indexOf(a.kind) ? b : a;
}

/**
 * Compares what a look saw with both versions.
 *
 * @param folders - that had to be seen, once each
 * @returns which version each of them was, 0 or 1; else what was wrong
 */
export function judge(
  name: LookName,
  sight: Sight,
  { truths, folders }: { readonly truths: readonly Truth[]; readonly folders: readonly string[] },
): readonly number[] | Flaw {
  const versions: number[] = [];
  for (const folder of folders) {
    const seen = sight.filter(([place]) => place === folder);
    const flaw = (kind: Flaw["kind"], what: string): Flaw => ({
      kind,
      what: `${name} ${what} ${folder}`,
    });
    if (seen.length === 0) return flaw("lost", "missed");
    if (seen.length > 1) return flaw("duplicated", `saw ${seen.length} times`);
    const version = truths.findIndex((truth) => truth[name][folder] === seen[0]![1]);
    if (version < 0) return flaw("silent", "saw neither version of");
    versions.push(version);
  }
  return versions;
}
