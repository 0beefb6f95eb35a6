// Which models is an ensemble made of, and how much does each count? As its bundle says it.
import { z } from "zod";

/** A member of an ensemble, and how much it counts. */
export interface MemberFacts {
  /** What people call its trial: `logistic@0a1b2c3d4e5f`. */
  readonly name: string;
  /** By fold; from 0 to 1, and 0 where it is not wanted. */
  readonly weights: readonly number[];
  /** Ratio of what the ensemble says that is the member's, by fold. */
  readonly voices: readonly number[];
}

const known = z.array(
  z.object({ name: z.string(), weights: z.array(z.number()), voices: z.array(z.number()) }),
);

/** Members from a bundle's content, in the order they were named; none where it is no ensemble's or could not be read. */
export function memberFacts(
  content: Readonly<Record<string, unknown>> | undefined,
): readonly MemberFacts[] {
  return known.safeParse(content?.["members"]).data ?? [];
}
