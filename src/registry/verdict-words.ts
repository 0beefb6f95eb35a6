import type { EvaluationEntry } from "./entries.js";

/** How a model was judged, in the words of every command; a fit that asked no gate was never evaluated. */
export function verdictWords(evaluation: EvaluationEntry | undefined): string {
  if (!isEvaluated(evaluation)) return "never evaluated";
  const { verdict, isVoid, gates } = evaluation;
  if (isVoid) return "VOID";
  if (verdict === "not evaluated") return "gates not evaluated";
  const passed = gates.filter((gate) => gate.verdict === "pass").length;
  return `${verdict}, ${passed} of ${gates.length} gates`;
}

/** True for an evaluation that asked gates: that of a fit alone holds what trading it would have given, and no more. */
export function isEvaluated(
  evaluation: EvaluationEntry | undefined,
): evaluation is EvaluationEntry {
  return evaluation !== undefined && evaluation.gates.length > 0;
}
