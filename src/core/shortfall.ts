/** What a step says when there is too little data for it; it is a result like any other and never an error. */
export interface Shortfall {
  readonly kind: "shortfall";
  /** What could not be done: "train the logistic baseline". */
  readonly step: string;
  /** What there was too little of: "one-minute bars with a label". */
  readonly what: string;
  readonly has: number;
  readonly needs: number;
}

/** A step that has too little data. */
export function shortfall(place: Omit<Shortfall, "kind">): Shortfall {
  return { kind: "shortfall", ...place };
}

/** True when a step had too little data. */
export function isShortfall(result: unknown): result is Shortfall {
  return (
    typeof result === "object" &&
    result !== null &&
    (result as { kind?: unknown }).kind === "shortfall"
  );
}

/** Those of some results that are there; or what was missing for the first, where none is. */
export function thereOf<Result>(
  results: readonly (Result | Shortfall)[],
): readonly Result[] | Shortfall {
  const there = results.filter((result): result is Result => !isShortfall(result));
  const missing = results.find(isShortfall);
  return there.length > 0 || missing === undefined ? there : missing;
}

/** The shortfall as a sentence: what could not be done, what there was, what is needed. */
export function shortfallText({ step, what, has, needs }: Shortfall): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  return `Not enough data to ${step}: ${count(has)} ${what}, and it needs ${count(needs)}.`;
}

/** A result made into another one; what was short of data stays so. */
export function thenOf<Result, Next>(
  result: Result | Shortfall,
  next: (result: Result) => Next | Shortfall,
): Next | Shortfall {
  return isShortfall(result) ? result : next(result);
}
