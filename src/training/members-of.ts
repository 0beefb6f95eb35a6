import type { MemberFacts } from "../registry/member-facts.js";
import type { FoldFit } from "./fold-fit.js";

/** Members of a fitted ensemble, in the order they were named; none of any other model. */
export function membersOf(
  folds: readonly Pick<FoldFit, "predictor" | "ensemble">[],
): readonly MemberFacts[] {
  const byFold = folds.map(({ predictor: { model }, ensemble }) => {
    const members = model.kind === "ensemble" ? model.members : [];
    return members.map(({ name, weight }, k) => {
      return { name, weight, voice: ensemble?.voices[k] ?? Number.NaN };
    });
  });
  return (byFold[0] ?? []).map(({ name }, k) => ({
    name,
    weights: byFold.map((members) => members[k]!.weight),
    voices: byFold.map((members) => members[k]!.voice),
  }));
}
