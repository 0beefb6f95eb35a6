// What does a trial's model predict, and from which data? As its bundle says it.
import { z } from "zod";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { orDamage, readBundleCard } from "./bundles.js";
import type { Trial } from "./trial.js";

/** How labels are made: `direction` over the horizon, or which of two barriers is met first within it. */
export type LabelRuleFact =
  | { readonly kind: "direction" }
  | {
      readonly kind: "triple-barrier";
      readonly deviations: number;
      readonly volatilityBars: number;
    };

/** What a label is. */
export interface LabelFacts {
  /** `close` where there is no book: then every figure is BOUNCE-PRONE. */
  readonly labelKind: "mid" | "close";
  readonly labelRule: LabelRuleFact;
  readonly horizonUs: number;
}

/** What a bundle says of data and label; a field that it does not hold is left out. */
export interface TrialFacts extends Partial<LabelFacts> {
  readonly exchange?: string;
  readonly symbols?: readonly string[];
  /** What its features are made from. */
  readonly source?: "ticks" | "candles";
  /** How its folds train: all from the first row, or each from a later one. */
  readonly window?: "anchored" | "rolling";
  /** Inputs of the dataset. */
  readonly features?: number;
}

/** A rule of labels as a bundle holds it. */
export const LABEL_RULE: z.ZodType<LabelRuleFact> = z.union([
  z.object({ kind: z.literal("direction") }),
  z.object({
    kind: z.literal("triple-barrier"),
    deviations: z.number(),
    volatilityBars: z.number(),
  }),
]);

const known = {
  exchange: z.string(),
  symbols: z.array(z.string()),
  labelKind: z.enum(["mid", "close"]),
  labelRule: LABEL_RULE,
  horizonUs: z.number(),
} as const;

const origin = {
  source: z.enum(["ticks", "candles"]),
  window: z.enum(["anchored", "rolling"]),
} as const;

/** Facts from a bundle's content; nothing where it could not be read. */
export function trialFacts(content: Readonly<Record<string, unknown>> | undefined): TrialFacts {
  const { source, cut } = (content?.["origin"] ?? {}) as { source?: unknown; cut?: object };
  const { featureNames } = content ?? {};
  return {
    ...read(known, content ?? {}),
    ...read(origin, { ...cut, source }),
    ...(Array.isArray(featureNames) ? { features: featureNames.length } : {}),
  };
}

/**
 * Facts of a trial, from its bundle, whose hash is checked; nothing where that was removed or altered.
 *
 * @param root - of the store
 */
export async function readTrialFacts(root: string, trial: Trial): Promise<TrialFacts> {
  const card = await orDamage(() => readBundleCard(root, trial));
  return trialFacts("damage" in card ? undefined : card.value.content);
}

/**
 * What must be said of every result of a trial: SIMULATED or REAL, and BOUNCE-PRONE where its labels are on trade closes; nothing
 * where its bundle does not say it.
 */
export function marksOf({ labelKind, ...facts }: TrialFacts): readonly string[] {
  const simulated = isSimulated(facts);
  return [
    ...(simulated === undefined ? [] : [simulated ? "SIMULATED" : "REAL"]),
    ...(labelKind === "close" ? ["BOUNCE-PRONE"] : []),
  ];
}

/** True for the simulator's own exchange; undefined where none is named. */
export function isSimulated({ exchange }: Pick<TrialFacts, "exchange">): boolean | undefined {
  return exchange === undefined ? undefined : exchange === SIMULATED_EXCHANGE;
}

/** Those fields that are there and are what they must be. */
function read<Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
  json: Readonly<Record<string, unknown>>,
): { [Name in keyof Shape]?: z.output<Shape[Name]> } {
  const fields = Object.entries(shape).flatMap(([name, type]) => {
    const { success, data } = type.safeParse(json[name]);
    return success ? [[name, data]] : [];
  });
  return Object.fromEntries(fields) as { [Name in keyof Shape]?: z.output<Shape[Name]> };
}
