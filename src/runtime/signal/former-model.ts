// With which model does a run go on that holds positions, when that model may not run any more?
import { DataError } from "../../core/errors.js";
import { catalogueHash } from "../../features/catalogue.js";
import { orDamage, readBundle, readBundleCard } from "../../registry/bundles.js";
import type { PromotionEntry } from "../../registry/entries.js";
import { requireHead } from "../../registry/expected-head.js";
import { readLedger } from "../../registry/ledger.js";
import { type ModelName, parseModelName } from "../../registry/named-trial.js";
import { modelName, type Trial, versionOf } from "../../registry/trial.js";
import { type LiveModel, liveModel } from "./live-model.js";

/** What settings of a run depend on. */
export type KnownModel = Pick<LiveModel, "name" | "exchange" | "symbols" | "barUs">;

/** Which model is looked for. */
interface FormerOptions {
  /** Whether the run was begun with it. */
  readonly isOf: (model: KnownModel) => Promise<boolean>;
  /** Hash that the ledger must hold, as it was written down. */
  readonly expectedHead?: string;
}

/**
 * Opens the model that a run was begun with, whether it is promoted still or not: only a run that enters nothing may ask it. Its
 * bundle is the one that its trial recorded.
 *
 * @param asked - `NAME` or `NAME@version`; undefined for any
 * @returns undefined where no model that was ever promoted is the run's
 * @throws {DataError} something was changed, or it was made for other features than this code computes
 */
export async function openFormerModel(
  root: string,
  asked: string | undefined,
  { isOf, expectedHead }: FormerOptions,
): Promise<LiveModel | undefined> {
  const ledger = await readLedger(root);
  if (expectedHead !== undefined) requireHead(ledger, expectedHead);
  const wanted = asked === undefined ? {} : parseModelName(asked);
  const isPromotion = (entry: { readonly kind: string }): entry is PromotionEntry =>
    entry.kind === "promotion";
  for (const { key, number } of ledger.entries.filter(isPromotion).reverse()) {
    const trial = ledger.state.trials.get(key);
    if (trial === undefined || !isCalled(trial, wanted)) continue;
    const card = await orDamage(() => readBundleCard(root, trial));
    if (!("value" in card)) continue;
    const { exchange, symbols, barUs } = card.value.content as unknown as KnownModel;
    if (!(await isOf({ name: modelName(trial), exchange, symbols, barUs }))) continue;
    const bundle = await readBundle(root, trial.model, versionOf(key), trial.bundle);
    requireComputable(bundle.content["catalogueHash"], modelName(trial));
    return liveModel(bundle, trial.bundle, number);
  }
  return undefined;
}

function isCalled({ model, key }: Trial, { name, version }: Partial<ModelName>): boolean {
  return (name ?? model) === model && (version ?? versionOf(key)) === versionOf(key);
}

function requireComputable(made: unknown, place: string): void {
  const own = catalogueHash();
  if (made === own) return;
  throw new DataError({
    file: `${place}, bundle.json`,
    column: "catalogueHash",
    message: `names another feature catalogue than this version computes (${own.slice(0, 12)}), so that this version cannot go on with the run, nor close what it holds`,
    fix: "close that with the version that the run was begun with: `npx tickbook halt`, then the same command",
  });
}
