// Spread and depth around a break of regime.
import type { LocatedFinding } from "../../audit/audit.js";
import type { BookType } from "../../audit/measuring/book-state.js";
import { counted } from "../../core/counted.js";
import { LIGHT } from "../../core/palette.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { PictureWindow } from "./finding-window.js";
import type { PictureContent, PicturePanel } from "./picture.js";
import { type WindowStates, windowStates } from "./window-states.js";

/** Levels of each side that make up the depth. */
const LEVELS = 10;

/** Spread, depth or both over time, as the finding names them. */
export async function levelPicture(
  store: Store,
  day: SymbolDay,
  { type, detail }: LocatedFinding,
  window: PictureWindow,
): Promise<PictureContent> {
  const own = type as BookType;
  const states = await windowStates(store, day, { type: own, window, levels: LEVELS });
  const named = [/spread/, /depth/].map((word) => word.test(detail));
  const [hasSpread, hasDepth] = named.some((is) => is) ? named : [true, true];
  const panels = [
    ...(hasSpread ? [spreadPanel(states)] : []),
    ...(hasDepth ? [depthPanel(states)] : []),
  ];
  return {
    panels,
    what: `${panels.map(({ name }) => name).join(", ")} of ${type}, log scale`,
    n: counted(states.count, "book state"),
  };
}

function spreadPanel({ timesUs, bidPrice, askPrice }: WindowStates): PicturePanel {
  const values = bidPrice.map((bid, i) => (2e4 * (askPrice[i]! - bid)) / (askPrice[i]! + bid));
  return panel("spread", "spread (bps)", timesUs, values);
}

function depthPanel({ timesUs, depth }: WindowStates): PicturePanel {
  return panel(
    `amount of the ${LEVELS} best levels of both sides`,
    "depth (base coin)",
    timesUs,
    depth,
  );
}

function panel(name: string, axis: string, timesUs: Float64Array, raw: Float64Array): PicturePanel {
  // What is not positive has no place on a log axis.
  const values = raw.map((value) => (value > 0 ? value : Number.NaN));
  const series = { name, draw: "steps", colour: LIGHT.model, timesUs, values } as const;
  return { name, axis, isLog: true, series: timesUs.length === 0 ? [] : [series] };
}
