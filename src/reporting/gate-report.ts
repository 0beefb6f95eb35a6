// Which gates does a model pass, what is each figure to be read beside, and what would the plan's own gates let through?
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import { type PlanGate, planGates } from "../evaluation/plan-gates.js";
import { intervalText, isBounceProne, markOf, markOfModel } from "./evaluation-marks.js";
import { modelText } from "./model-names.js";
import type { Cell, Table } from "./table.js";
import { type Verdict, verdictShape } from "./verdict.js";

/** Gates by model: one line a gate, one verdict a model. */
export function gateMatrix(evaluation: Evaluation): Table {
  const { models } = evaluation;
  const names = [...new Set(models.flatMap(({ gates }) => gates.map(({ name }) => name)))];
  const words = (verdict: Verdict | undefined): string | null =>
    verdict === undefined ? null : `${verdictShape(verdict)} ${verdict}`;
  const verdictOf = ({ gates }: ModelEvaluation, name: string): string | null =>
    words(gates.find((gate) => gate.name === name)?.verdict);
  return {
    caption: `${markOf(evaluation)}Gates by model${models.some(isBounceProne) ? ", not evaluated: labels are on trade closes" : "; a model is promoted when every one passes"}`,
    columns: [
      { name: "gate", kind: "short" },
      ...models.map(({ model }) => ({ name: modelText(model), kind: "short" as const })),
    ],
    rows: [
      ...names.map((name): readonly Cell[] => [
        name,
        ...models.map((model) => verdictOf(model, name)),
      ]),
      ["all of them", ...models.map(({ verdict }) => words(evaluation.isVoid ? "fail" : verdict))],
    ],
  };
}

/** Every gate of a model: rule, value, interval, margin, verdict, and what to read it beside. */
export function gateTable({ model, gates }: Pick<ModelEvaluation, "model" | "gates">): Table {
  return {
    caption: `${markOfModel({ gates })}Gates of ${modelText(model)}`,
    columns: [
      { name: "gate", kind: "short" },
      { name: "verdict", kind: "verdict" },
      { name: "value" },
      { name: "interval", kind: "aside" },
      { name: "margin" },
      { name: "rule", kind: "long" },
      { name: "read it beside", kind: "long" },
    ],
    rows: gates.map((gate): readonly Cell[] => [
      gate.name,
      gate.verdict,
      rounded(gate.value, gate),
      intervalText(gate, digitsOf(gate), 1),
      rounded(gate.margin, gate),
      gate.rule,
      [gate.beside, gate.reason].filter((words) => words !== undefined).join("; "),
    ]),
  };
}

/** The plan's three gates taken literally, and what each cannot tell from skill. */
export function planGateTable(evaluation: ModelEvaluation): Table {
  return literalGateTable(evaluation, planGates(evaluation));
}

/** The same of a model whose figures stand elsewhere. */
export function literalGateTable(
  model: Pick<ModelEvaluation, "model" | "gates">,
  literal: readonly PlanGate[],
): Table {
  return {
    caption: `${markOfModel(model)}The plan's gates, taken literally, for ${modelText(model.model)}`,
    columns: [
      { name: "gate", kind: "short" },
      { name: "rule", kind: "short" },
      { name: "value" },
      { name: "literally", kind: "verdict" },
      { name: "what it misses", kind: "long" },
    ],
    rows: literal.map(({ name, rule, value, verdict, misses }): readonly Cell[] => [
      name,
      rule,
      rounded(value, { value }),
      verdict,
      misses,
    ]),
  };
}

/** Gates measure ratios, of which three digits say enough, and Sharpe ratios, of which one does. */
function digitsOf({ value }: { readonly value: number }): number {
  return Math.abs(value) >= 2 ? 1 : 3;
}

function rounded(value: number, gate: { readonly value: number }): number {
  return Number(value.toFixed(digitsOf(gate)));
}
