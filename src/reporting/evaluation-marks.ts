// What must a reader know before any figure of an evaluation, and in what words are its figures said?
import type { Bootstrapped, Uncertainty } from "../core/block-bootstrap.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { Gate } from "../evaluation/gates.js";

/** What of an evaluation can make all of its figures mean something else. */
export type Marked = Pick<Evaluation, "isVoid" | "labelKind">;

/**
 * Said before everything that is shown of an evaluation: `VOID: ` when a canary did not score as it must, `BOUNCE-PRONE: `
 * when labels are on trade closes; empty otherwise.
 */
export function markOf({ isVoid, labelKind }: Marked): string {
  return `${isVoid ? "VOID: " : ""}${labelKind === "close" ? "BOUNCE-PRONE: " : ""}`;
}

/** Whether a model's labels are on trade closes, by the gate that says so; then its gates are not evaluated. */
export function isBounceProne({
  gates,
}: {
  readonly gates: readonly Pick<Gate, "name" | "verdict">[];
}): boolean {
  return gates.some(({ name, verdict }) => name === "label-is-mid" && verdict === "fail");
}

/** Said before what is shown of a single model: `BOUNCE-PRONE: ` when its labels are on trade closes. */
export function markOfModel(model: Parameters<typeof isBounceProne>[0]): string {
  return markOf({ isVoid: false, labelKind: isBounceProne(model) ? "close" : "mid" });
}

/** The word that a page says above all where labels are on trade closes. */
export function cautionOf({ labelKind }: Pick<Evaluation, "labelKind">): {
  readonly caution?: string;
} {
  return labelKind === "close" ? { caution: "BOUNCE-PRONE" } : {};
}

/** A ratio in percent for a cell; nothing where it could not be measured. */
export function percent(ratio: number | undefined): number | null {
  return ratio === undefined || !Number.isFinite(ratio) ? null : 100 * ratio;
}

/** A ratio in words: "51.2 %", or that it is unknown. */
export function percentText(ratio: number, digits = 1): string {
  return Number.isFinite(ratio) ? `${(100 * ratio).toFixed(digits)} %` : "unknown";
}

/**
 * Both ends of an interval: "51.2 to 53.8", "−1.3 to 0.2".
 *
 * @param scale - what a figure is multiplied with, 100 for percent
 * @returns nothing where an end is unknown or there is no scatter
 */
export function intervalText(
  { lower, upper }: Pick<Uncertainty, "lower" | "upper">,
  digits: number,
  scale = 100,
): string | null {
  if (!isInterval({ lower, upper }) || lower === upper) return null;
  const end = (value: number): string => signed((scale * value).toFixed(digits));
  return `${end(lower)} to ${end(upper)}`;
}

/** Both ends of a ratio's interval behind it, "51.2 % to 53.8 %", or that the test is too short for one. */
export function ratioInterval({ lower, upper }: Pick<Uncertainty, "lower" | "upper">): string {
  if (!isInterval({ lower, upper })) return NO_INTERVAL;
  return `${signed(percentText(lower))} to ${signed(percentText(upper))}`;
}

/** Said where rows fill too few blocks of time. */
export const NO_INTERVAL = "too short a test for an interval";

function isInterval({ lower, upper }: Pick<Uncertainty, "lower" | "upper">): boolean {
  return Number.isFinite(lower) && Number.isFinite(upper);
}

/** A number with the sign that prints call for, and none where it rounds to nothing. */
export function signed(text: string): string {
  return /^-[0.]+( %)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/** How many independent rows an interval rests on: "about 378 independent rows", or that nobody can tell. */
export function independentText({ effectiveRows }: Pick<Bootstrapped, "effectiveRows">): string {
  if (!(effectiveRows >= 0.5)) return "independent rows unknown";
  return `about ${Math.round(effectiveRows).toLocaleString("en-US")} independent rows`;
}

/** What an interval of a difference says, as a shape with a word. */
export function gainText(verdict: "better" | "worse" | "undecided"): string {
  return { better: "● better", worse: "■ worse", undecided: "◆ undecided" }[verdict];
}
