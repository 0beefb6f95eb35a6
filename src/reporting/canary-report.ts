// Would this evaluation have noticed a leak?
import { type Canary, type CanaryRuns, notRunText } from "../evaluation/canaries.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import { percent } from "./evaluation-marks.js";
import { modelText } from "./model-names.js";
import type { Table } from "./table.js";

/** In words: whether the canaries are right, or that nothing below can be believed, and why; then those that were not run, and why. */
export function canaryFindings({ canaries, canaryShortfalls }: CanaryRuns): string {
  const notRun = canaryShortfalls.map((lack) => `- Not run: ${notRunText(lack)}`);
  const verdict = verdictOf(canaries, notRun.length > 0);
  return notRun.length === 0 ? verdict : `${verdict}\n\n${notRun.join("\n")}`;
}

function verdictOf(canaries: readonly Canary[], lacksSome: boolean): string {
  const wrong = canaries.filter(({ isRight }) => !isRight);
  if (wrong.length > 0) {
    const lines = wrong.map(
      ({ name, note, guards }) =>
        `- **${name}**, measured on ${note}; it guards against ${guards}.`,
    );
    return `**■ VOID. ${wrong.length} of ${canaries.length} canaries did not score as they must, so no figure on this page can be believed and no model passes.**\n\n${lines.join("\n")}`;
  }
  if (canaries.length > 0 && lacksSome) {
    return "◆ **Not every canary could be run**, so a leak may go unnoticed, and no model can pass; those that were run scored as they must.";
  }
  if (canaries.length > 0) {
    return `● All ${canaries.length} canaries scored as they must: the leaks that they guard against would have shown.`;
  }
  return "◆ **No canary could be run**, so nothing shows that a leak would be noticed, and no model can pass.";
}

/**
 * Known experiments, what each guards against, and whether they came out as they must. Models that were asked the same, and
 * gave the same right answer, share a row; one that did not has its own.
 */
export function canaryTable({ canaries }: Pick<Evaluation, "canaries">): Table {
  return {
    caption: canaries.length === 0 ? "Canaries: none were run" : "Canaries",
    columns: [
      { name: "canary" },
      { name: "guards against", kind: "long" },
      { name: "verdict", kind: "verdict" },
      { name: "value", unit: "%", digits: 1 },
      { name: "expected", unit: "%", digits: 1 },
      { name: "standard error", unit: "points", digits: 2 },
      { name: "rule", kind: "long" },
      { name: "measured on" },
    ],
    rows: togetherWhereEqual(canaries).map(
      ({ name, rule, value, expected, standardError, isRight, guards, note }) => [
        name,
        guards,
        isRight ? "pass" : "fail",
        percent(value),
        percent(expected),
        standardError > 0 ? percent(standardError) : null,
        rule,
        note,
      ],
    ),
  };
}

/** The canaries in their order, those of several models as one where nothing but the model differs and all is right. */
function togetherWhereEqual(canaries: readonly Canary[]): readonly Canary[] {
  const groups = new Map<string, Canary[]>();
  for (const canary of canaries) {
    const { model, isRight, note, value } = canary;
    const isShared = model !== undefined && isRight;
    const key = isShared ? [askedOf(canary), note, value].join("\n") : `${groups.size}`;
    groups.set(key, [...(groups.get(key) ?? []), canary]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [Canary];
    if (group.length === 1) return first;
    const models = group.map(({ model }) => modelText(model ?? "")).join(", ");
    const name = `each of ${group.length} models${askedOf(first)}`;
    return { ...first, name, note: `${first.note}: ${models}` };
  });
}

/** What is asked of a model, which is a canary's name without it. */
function askedOf({ name, model = "" }: Canary): string {
  return name.slice(model.length);
}
