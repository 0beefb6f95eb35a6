// Does a model's card still say what its evaluation says?
import { readFile } from "node:fs/promises";
import path from "node:path";
import { bundleFolder, orDamage } from "../../registry/bundles.js";
import type { EvaluationEntry } from "../../registry/entries.js";
import { readEvaluation } from "../../registry/evaluations.js";
import { isAbsent } from "../../registry/is-absent.js";
import type { Ledger } from "../../registry/ledger.js";
import type { ListedModel } from "../../registry/list-models.js";
import { MODEL_CARD } from "../../registry/model-folder.js";
import { modelName } from "../../registry/trial.js";
import { modelCard } from "./model-card.js";
import { cardTexts } from "./write-model-card.js";

/**
 * Makes a card again from the evaluation that it names, and compares. A model without a card lacks nothing: it was never
 * evaluated by the command that writes one.
 *
 * @param root - of the store
 * @returns what is wrong with its files, as a sentence; undefined when both are what this version writes
 */
export async function cardDamage(
  root: string,
  { entries }: Pick<Ledger, "entries">,
  { trial, name, version, content, evaluation }: ListedModel,
): Promise<string | undefined> {
  const folder = bundleFolder(root, name, version);
  const json = await textIn(path.join(folder, MODEL_CARD.json));
  const html = await textIn(path.join(folder, MODEL_CARD.html));
  if (content === undefined || (json === undefined && html === undefined)) return undefined;
  const number = entryNumber(json);
  const entry = entries.find((one): one is EvaluationEntry => {
    return one.kind === "evaluation" && one.number === number && one.key === trial.key;
  });
  if (entry === undefined) {
    return evaluation === undefined
      ? `${path.join(folder, MODEL_CARD.json)}: is of an evaluation that the ledger does not hold; evaluate it again with \`npx tickbook evaluate --model ${modelName(trial)}\``
      : damaged(folder, MODEL_CARD.json);
  }
  const bundle = { name, version, trial: trial.key, content };
  const made = await orDamage(async () => {
    const record = await readEvaluation(root, trial, entry);
    return cardTexts(modelCard({ bundle, entry, record }));
  });
  // An evaluation that cannot be read is told of where evaluations are.
  if ("damage" in made) return undefined;
  if (json !== made.value.json) return damaged(folder, MODEL_CARD.json);
  return html === made.value.html ? undefined : damaged(folder, MODEL_CARD.html);
}

function damaged(folder: string, file: string): string {
  return `${path.join(folder, file)}: is not what this version writes of its evaluation: it was edited, or another version wrote it; write it anew with \`npx tickbook models --mend\``;
}

/** Entry of the ledger that a card says it was made from. */
function entryNumber(json: string | undefined): unknown {
  try {
    return (JSON.parse(json ?? "{}") as { readonly entry?: unknown }).entry;
  } catch {
    return undefined;
  }
}

async function textIn(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
