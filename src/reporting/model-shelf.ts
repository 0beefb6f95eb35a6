// What became of the models of a notebook: evaluated how, promoted or not, and where does each one's card lie?
import path from "node:path";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { Gate } from "../evaluation/gates.js";
import type { EvaluationEntry } from "../registry/entries.js";
import { readLedger } from "../registry/ledger.js";
import { namedTrial } from "../registry/named-trial.js";
import { modelName } from "../registry/trial.js";
import type { Store } from "../store/store.js";
import { isBounceProne } from "./evaluation-marks.js";
import { writeModelCard } from "./model-card/write-model-card.js";
import type { NamedModel } from "./model-facts.js";
import type { Cell, Table } from "./table.js";

/** A model in the registry after its evaluation. */
export interface ShelvedModel {
  /** `logistic@0a1b2c3d4e5f`. */
  readonly name: string;
  readonly verdict: EvaluationEntry["verdict"];
  readonly isVoid: boolean;
  /** Gates that do not pass, with their verdicts. */
  readonly open: readonly Pick<Gate, "name" | "verdict">[];
  readonly isPromoted: boolean;
  /** The model card, below the store's root. */
  readonly card: string;
}

/**
 * Writes the cards of models that were evaluated, and says what stands between each and a promotion.
 *
 * @param models - those that could not be trained have no card
 * @returns what was missing for the evaluation
 * @throws {DataError} the ledger, a bundle or an evaluation was changed
 */
export async function modelShelf(
  { root }: Pick<Store, "root">,
  evaluation: Evaluation | Shortfall,
  models: readonly (Pick<NamedModel, "name" | "version"> | Shortfall)[],
): Promise<readonly ShelvedModel[] | Shortfall> {
  if (isShortfall(evaluation)) return evaluation;
  const shelf: ShelvedModel[] = [];
  for (const model of models) {
    if (isShortfall(model)) continue;
    const { html } = await writeModelCard(root, model);
    const { state } = await readLedger(root);
    const trial = namedTrial(state.trials.values(), model);
    const { verdict, isVoid, gates } = state.evaluations.get(trial.key)!;
    shelf.push({
      name: modelName(trial),
      verdict,
      isVoid,
      open: gates.filter((gate) => gate.verdict !== "pass"),
      isPromoted: state.promoted.has(trial.key),
      card: path.relative(root, html),
    });
  }
  return shelf;
}

/** Models of the registry: their last verdict, what stands in the way, and their cards. */
export function shelfTable(shelf: readonly ShelvedModel[]): Table {
  return {
    caption: "Models in the registry; cards lie below the store's folder",
    columns: [
      { name: "model", kind: "code" },
      { name: "evaluation", kind: "verdict" },
      { name: "standing", kind: "short" },
      { name: "stands in the way", kind: "long" },
      { name: "model card", kind: "long" },
    ],
    rows: shelf.map(({ name, verdict, isVoid, open, isPromoted, card }): readonly Cell[] => [
      name,
      verdict,
      isPromoted ? "promoted" : "not promoted",
      isVoid ? "the evaluation is void" : obstacles(open),
      card,
    ]),
  };
}

/** Failed gates, then those that are undecided. */
function obstacles(open: ShelvedModel["open"]): string {
  if (isBounceProne({ gates: open })) {
    return "BOUNCE-PRONE: labels are on trade closes, so gates are not evaluated";
  }
  const named = (verdict: string): string =>
    open
      .filter((gate) => gate.verdict === verdict)
      .map(({ name }) => name)
      .join(", ");
  const [failed, undecided] = [named("fail"), named("undecided")];
  const parts = [
    failed === "" ? "" : `fails ${failed}`,
    undecided === "" ? "" : `undecided: ${undecided}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing" : parts.join("; ");
}

/** In words: which model may be promoted, by which command; else that none may. */
export function shelfFindings(shelf: readonly ShelvedModel[]): string {
  const passed = shelf.filter(({ verdict, isVoid }) => verdict === "pass" && !isVoid);
  if (passed.length === 0) {
    return "**No model can be promoted.** Promotion asks the ledger, not this page: it refuses a model of which a gate fails, is undecided, or was passed before more was tried.";
  }
  const commands = passed.map(({ name }) => `\`npx tickbook promote ${name}\``).join(", ");
  return `**Every gate passes for ${passed.map(({ name }) => name).join(" and ")}**; it runs once somebody promotes it: ${commands}.`;
}
