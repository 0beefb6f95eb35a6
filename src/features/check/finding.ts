/** What a check has to say of one feature of one symbol. */
export interface FeatureFinding {
  readonly feature: string;
  readonly symbol: string;
  readonly check: FeatureCheckName;
  /** A `fault` is wrong for certain and fails the check; a `review` may have a good reason that a person has to know. */
  readonly severity: "fault" | "review";
  /** One sentence without its subject, the feature. */
  readonly message: string;
}

/** The checks, in the order in which their findings are told. */
export type FeatureCheckName =
  | "range"
  | "mask"
  | "missing"
  | "constancy"
  | "drift"
  | "information"
  | "latency"
  | "duplicate";

/** A finding before it is known whose it is. */
export type Complaint = Omit<FeatureFinding, "feature" | "symbol">;

/**
 * What happens less often without a reason counts as one. A symbol has a few hundred figures that could be found strange,
 * so that at the usual 1 in 20 some ten would be each time.
 */
export const RARE = 0.001;

/** Fewer values say nothing of how a feature usually is. */
export const FEWEST_VALUES = 100;

/** A whole number with its thousands set apart. */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

/** A number with four significant digits at most. */
export function shortText(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A correlation with its sign. */
export function signedText(value: number): string {
  return `${value < 0 ? "-" : "+"}${Math.abs(value).toFixed(3)}`;
}
