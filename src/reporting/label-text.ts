// In what words is it said what a model predicts?
import { isSimulated, type LabelFacts, type TrialFacts } from "../registry/trial-facts.js";
import { horizonText } from "./horizon-text.js";

/** Why figures of labels on trade closes are BOUNCE-PRONE. */
export const WHY_BOUNCE_PRONE = "labels are on trade closes, so every figure flatters";

/** Said of everything whose labels are on trade closes. */
export const BOUNCE_PRONE: string = `BOUNCE-PRONE: ${WHY_BOUNCE_PRONE}`;

/** A label in a few words: "direction of the mid over 15 min", "triple barrier of the mid within 15 min". */
export function labelText({ labelKind, labelRule, horizonUs }: LabelFacts): string {
  return labelRule.kind === "direction"
    ? `direction of the ${labelKind} over ${horizonText(horizonUs)}`
    : `triple barrier of the ${labelKind} within ${horizonText(horizonUs)}`;
}

/** A label as a clause: "which way the mid goes over 15 min", or which barrier it meets first, and where the barriers lie. */
export function labelClause({ labelKind, labelRule, horizonUs }: LabelFacts): string {
  const horizon = horizonText(horizonUs);
  if (labelRule.kind === "direction") return `which way the ${labelKind} goes over ${horizon}`;
  const { deviations, volatilityBars } = labelRule;
  return (
    `which barrier the ${labelKind} meets first (triple barrier: ${deviations} ` +
    `${deviations === 1 ? "deviation" : "deviations"} of the horizon's return, taken from the last ${volatilityBars} bars, above and below, ` +
    `and where it stands after ${horizon} if it meets neither)`
  );
}

/** How a rung of the friction ladder is called: where there is no mid its first one trades at the close. */
export function rungName(name: string, traded: Traded): string {
  return name === "mid" ? tradedPrice(traded) : name;
}

/** What was traded: labels of one kind, and the rungs that were there, which tell whether books were. */
interface Traded {
  readonly labelKind: LabelFacts["labelKind"];
  readonly rungs: readonly { readonly name: string }[];
}

/** The price that a ladder starts from: models of candles are traded on books, too, where the store has them. */
export function tradedPrice({ labelKind, rungs }: Traded): "mid" | "close" {
  const hasBooks = rungs.some(({ name }) => name === "book");
  return labelKind === "close" && !hasBooks ? "close" : "mid";
}

/** A market in words: "SIMULATED simulated BTCUSDT from ticks", "REAL bitfinex BTCUSD from candles". */
function marketText(facts: TrialFacts): string {
  const { exchange, symbols, source } = facts;
  if (exchange === undefined) return "—";
  const from = source === undefined ? [] : [`from ${source}`];
  return [isSimulated(facts) ? "SIMULATED" : "REAL", exchange, ...(symbols ?? []), ...from].join(
    " ",
  );
}

/** The label of a bundle, marked where it is on trade closes; nothing where it does not say what it is. */
function labelOf({ labelKind, labelRule, horizonUs }: TrialFacts): string | undefined {
  if (labelKind === undefined || labelRule === undefined || horizonUs === undefined) {
    return undefined;
  }
  const mark = labelKind === "close" ? "BOUNCE-PRONE: " : "";
  return `${mark}${labelText({ labelKind, labelRule, horizonUs })}`;
}

/** Market and label: "SIMULATED simulated BTCUSDT from ticks, direction of the mid over 15 min". */
export function predictsText(facts: TrialFacts): string {
  return [marketText(facts), labelOf(facts)].filter((part) => part !== undefined).join(", ");
}
