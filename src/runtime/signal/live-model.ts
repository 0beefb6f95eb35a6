// Which model does a run ask? A promoted one, or one that only rehearses; whole, and for the features that this code computes.
import { DataError, GateError } from "../../core/errors.js";
import { catalogueHash } from "../../features/catalogue.js";
import { type InputProfile, PROFILE_FILE, profileFromBytes } from "../../models/input-profile.js";
import { type Predictor, predictorFromBytes, windowSteps } from "../../models/predictor.js";
import { type Bundle, readBundle } from "../../registry/bundles.js";
import { readLedger } from "../../registry/ledger.js";
import { loadPromoted } from "../../registry/load-promoted.js";
import { namedTrial, parseModelName } from "../../registry/named-trial.js";
import { versionOf } from "../../registry/trial.js";

/** What was fixed when a model was trained, and holds when it is asked. */
interface LiveSettings {
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly barUs: number;
  readonly horizonBars: number;
  readonly latencyUs: number;
}

/** A model that can be asked bar by bar. Its labels were of the mid: others are refused. */
export interface LiveModel extends LiveSettings {
  /** NAME@version. */
  readonly name: string;
  /** The last fold's, which has seen the latest data. */
  readonly predictor: Predictor;
  readonly profile: InputProfile;
  /** Rows that it looks at, the one that it predicts at included. */
  readonly steps: number;
  /** SHA-256 of the bundle's card. */
  readonly bundleSha256: string;
  readonly catalogueHash: string;
  /** Number of the ledger's entry; null where it is not promoted and only rehearses. */
  readonly promotedEntry: number | null;
}

/**
 * Opens a model.
 *
 * @param root - of the store
 * @param asked - `NAME` or `NAME@version`
 * @param options.isRehearsal - a model that is not promoted, too; then nothing may be ordered
 * @throws {OptionError} no trained model is called so
 * @throws {GateError} it is not promoted, or cannot be asked live
 * @throws {DataError} something was changed, or it was made for other features than this code computes
 */
export async function openLiveModel(
  root: string,
  asked: string,
  { isRehearsal = false, expectedHead }: OpenOptions = {},
): Promise<LiveModel> {
  const { name, version } = parseModelName(asked);
  const own = catalogueHash();
  const head = expectedHead === undefined ? {} : { expectedHead };
  if (!isRehearsal) {
    const loaded = await loadPromoted(root, name, version, { catalogueHash: own, ...head });
    const { bundle, promotion } = loaded;
    return liveModel(bundle, promotion.bundle, promotion.since);
  }
  const { state } = await readLedger(root);
  const named = version === undefined ? { name } : { name, version };
  const trial = namedTrial(state.trials.values(), named);
  const bundle = await readBundle(root, name, versionOf(trial.key), trial.bundle);
  requireCatalogue(bundle, own);
  return liveModel(bundle, trial.bundle, null);
}

/** How a model is opened. */
export interface OpenOptions {
  readonly isRehearsal?: boolean;
  /** Hash that the ledger must hold, as it was written down. */
  readonly expectedHead?: string;
}

/**
 * A model that can be asked, from its bundle.
 *
 * @param bundleSha256 - of the bundle's card
 * @param promotedEntry - number of the ledger's entry that promoted it; null where it only rehearses
 * @throws {GateError} it cannot be asked live
 * @throws {DataError} a part is not there, or damaged
 */
export function liveModel(
  { name, version, content, files }: Bundle,
  bundleSha256: string,
  promotedEntry: number | null,
): LiveModel {
  const place = `${name}@${version}`;
  const settings = content as unknown as LiveSettings & {
    readonly labelKind: "mid" | "close";
    readonly folds: number;
    readonly origin: { readonly source?: string };
    readonly catalogueHash: string;
    readonly labelRule?: { readonly kind: string };
  };
  if (settings.labelRule?.kind === "triple-barrier") {
    throw new GateError({
      column: place,
      message:
        "predicts which of two barriers is met first, and a live run holds for a whole horizon",
      fix: "train it with --label direction",
    });
  }
  if (settings.labelKind === "close" || settings.origin.source === "candles") {
    throw new GateError({
      column: place,
      message: "was trained on candles, with labels on trade closes",
      fix: "train on ticks: a live run decides on the book's mid",
    });
  }
  const fold = `fold${settings.folds}.safetensors`;
  const part = (file: string): Uint8Array => files[file] ?? lacks(place, file);
  const predictor = predictorFromBytes(part(fold), `${place}/${fold}`);
  const { exchange, symbols, barUs, horizonBars, latencyUs } = settings;
  return {
    name: place,
    predictor,
    profile: profileFromBytes(part(PROFILE_FILE), `${place}/${PROFILE_FILE}`),
    steps: windowSteps(predictor.model),
    bundleSha256,
    catalogueHash: settings.catalogueHash,
    promotedEntry,
    ...{ exchange, symbols, barUs, horizonBars, latencyUs },
  };
}

function lacks(place: string, file: string): never {
  throw new DataError({
    file: place,
    message: `had no ${file}, which this version's bundles hold`,
    fix: "train, evaluate and promote it again with this version",
  });
}

function requireCatalogue({ name, version, content }: Bundle, own: string): void {
  if (content["catalogueHash"] === own) return;
  throw new DataError({
    file: `${name}@${version}, bundle.json`,
    column: "catalogueHash",
    message: `names another feature catalogue than this version computes (${own.slice(0, 12)})`,
    fix: "train it again with this version",
  });
}
