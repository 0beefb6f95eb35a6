import path from "node:path";
import { DataError } from "../../core/errors.js";
import { bundleFolder, readBundle, writeAtomically } from "../../registry/bundles.js";
import { readEvaluation } from "../../registry/evaluations.js";
import { readLedger } from "../../registry/ledger.js";
import { MODEL_CARD } from "../../registry/model-folder.js";
import { type ModelName, namedTrial } from "../../registry/named-trial.js";
import { modelName, versionOf } from "../../registry/trial.js";
import { cardPage } from "./card-page.js";
import { type ModelCard, modelCard } from "./model-card.js";

/** A card with the files that hold it. */
export interface WrittenCard {
  readonly card: ModelCard;
  readonly json: string;
  readonly html: string;
}

/**
 * Writes `card.json` and `card.html` beside a model's bundle, from its last evaluation.
 *
 * @param root - of the store
 * @throws {OptionError} no trained model is called so
 * @throws {DataError} it was never evaluated, or ledger, bundle or evaluation were changed
 */
export async function writeModelCard(root: string, name: ModelName): Promise<WrittenCard> {
  const { state } = await readLedger(root);
  const trial = namedTrial(state.trials.values(), name);
  const entry = state.evaluations.get(trial.key);
  if (entry === undefined) {
    throw new DataError({
      file: modelName(trial),
      message: "was never evaluated",
      fix: `evaluate it with \`npx tickbook evaluate --model ${modelName(trial)}\``,
    });
  }
  const bundle = await readBundle(root, trial.model, versionOf(trial.key), trial.bundle);
  const record = await readEvaluation(root, trial, entry);
  const card = modelCard({ bundle, entry, record });
  const folder = bundleFolder(root, trial.model, versionOf(trial.key));
  const texts = cardTexts(card);
  const json = path.join(folder, MODEL_CARD.json);
  const html = path.join(folder, MODEL_CARD.html);
  await writeAtomically(json, Buffer.from(texts.json));
  await writeAtomically(html, Buffer.from(texts.html));
  return { card, json, html };
}

/** What the files of a card hold. */
export function cardTexts(card: ModelCard): Readonly<Record<keyof typeof MODEL_CARD, string>> {
  return { json: `${JSON.stringify(card, null, 2)}\n`, html: cardPage(card) };
}
