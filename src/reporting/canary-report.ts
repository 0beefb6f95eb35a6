// Would this evaluation have noticed a leak?
import { shortfallText } from "../core/shortfall.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ExperimentEvaluation } from "../evaluation/evaluate-models.js";
import { percent } from "./evaluation-marks.js";
import type { Table } from "./table.js";

/** In words: whether the canaries are right, or that nothing below can be believed, and why. */
export function canaryFindings({
  canaries,
  canaryShortfall,
}: Pick<ExperimentEvaluation, "canaries" | "canaryShortfall">): string {
  const wrong = canaries.filter(({ isRight }) => !isRight);
  if (wrong.length > 0) {
    const lines = wrong.map(
      ({ name, note, guards }) =>
        `- **${name}**, measured on ${note}; it guards against ${guards}.`,
    );
    return `**■ VOID. ${wrong.length} of ${canaries.length} canaries did not score as they must, so no figure on this page can be believed and no model passes.**\n\n${lines.join("\n")}`;
  }
  const why = canaryShortfall === undefined ? "" : ` ${shortfallText(canaryShortfall)}`;
  if (canaries.length > 0 && canaryShortfall !== undefined) {
    return `◆ **Not every canary could be run**, so a leak may go unnoticed, and no model can pass; those that were run scored as they must.${why}`;
  }
  if (canaries.length > 0) {
    return `● All ${canaries.length} canaries scored as they must: the leaks that they guard against would have shown.`;
  }
  return `◆ **No canary could be run**, so nothing shows that a leak would be noticed, and no model can pass.${why}`;
}

/** Known experiments, what each guards against, and whether they came out as they must. */
export function canaryTable({ canaries }: Pick<Evaluation, "canaries">): Table {
  return {
    caption: canaries.length === 0 ? "Canaries: none were run" : "Canaries",
    columns: [
      { name: "canary", kind: "long" },
      { name: "guards against", kind: "long" },
      { name: "verdict", kind: "verdict" },
      { name: "value", unit: "%", digits: 1 },
      { name: "expected", unit: "%", digits: 1 },
      { name: "standard error", unit: "points", digits: 2 },
      { name: "rule", kind: "long" },
      { name: "measured on" },
    ],
    rows: canaries.map(({ name, rule, value, expected, standardError, isRight, guards, note }) => [
      name,
      guards,
      isRight ? "pass" : "fail",
      percent(value),
      percent(expected),
      standardError > 0 ? percent(standardError) : null,
      rule,
      note,
    ]),
  };
}
