// Some bars of a frame, as series of a picture take them.
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { type FeatureFrame, featureColumn, featureEntry } from "../features/feature-frame.js";
import type { Series } from "../pictures/picture.js";
import type { BarRows } from "./look-bars.js";

/** Neighbouring bars. */
export interface BarView {
  readonly symbol: string;
  /** Ends of the bars. */
  readonly endUs: Float64Array;
  /** Whether the book was valid at the end of any bar. */
  readonly hasBook: boolean;
  /** A feature's values; all NaN for one that the catalogue does not have. */
  of(name: string): Float64Array;
  /** Whether a feature has two values or more here, which is what a line takes. */
  has(name: string): boolean;
}

/** The bars of some rows of a frame. */
export function barView(frame: FeatureFrame, { from, to }: BarRows): BarView {
  const of = (name: string): Float64Array => featureColumn(frame, name).subarray(from, to);
  return {
    symbol: frame.symbol,
    endUs: frame.barEndUs.subarray(from, to),
    hasBook: knownCount(frame.mid.subarray(from, to)) > 0,
    of,
    has: (name) => knownCount(of(name)) >= 2,
  };
}

/** How a series is drawn. */
export type Drawing = Pick<Series, "name" | "colour"> & Partial<Pick<Series, "isDashed">>;

/** Values at the ends of bars as a line. */
export function barLine(view: BarView, values: Float64Array, drawing: Drawing): Series {
  return { draw: "line", timesUs: view.endUs, values, ...drawing };
}

/** Values of bars as level lines that are as long as the bars; a bar between two without a value has its line too. */
export function barSteps(view: BarView, values: Float64Array, drawing: Drawing): Series {
  const both = (of: (bar: number, isEnd: boolean) => number): Float64Array =>
    Float64Array.from({ length: 2 * values.length }, (_, i) => of(i >> 1, i % 2 === 1));
  return {
    draw: "line",
    timesUs: both((bar, isEnd) => view.endUs[bar]! - (isEnd ? 0 : MINUTE_US)),
    values: both((bar) => values[bar]!),
    ...drawing,
  };
}

/** Values of bars as bars that are as long as theirs, one series a sign where two drawings are given. */
export function barBars(
  view: BarView,
  values: Float64Array,
  drawings: readonly [Drawing] | readonly [above: Drawing, below: Drawing],
): readonly Series[] {
  const timesUs = view.endUs.map((endUs) => endUs - MINUTE_US);
  const draw = "bars" as const;
  const lengthUs = MINUTE_US;
  return drawings.map((drawing, i) => ({
    ...drawing,
    draw,
    lengthUs,
    timesUs,
    values:
      drawings.length === 1
        ? values
        : values.map((value) => ((i === 0 ? value >= 0 : value < 0) ? value : Number.NaN)),
  }));
}

/**
 * Says that no picture of a family can be drawn and what it is short of: a book, bars to warm up, or values.
 *
 * @param names - features of which one would do
 */
export function noValues(view: BarView, family: string, names: readonly string[]): Shortfall {
  const { symbol, endUs } = view;
  const step = `draw ${family} of ${symbol}`;
  const entries = names.flatMap((name) => featureEntry(name) ?? []);
  const needsBook = entries.every(({ inputs }) => inputs.includes("book"));
  if (needsBook && !view.hasBook) {
    return shortfall({ step, what: `valid book states of ${symbol}`, has: 0, needs: 2 });
  }
  // Two values make a line.
  const bars = Math.min(...entries.map(({ warmUpBars }) => warmUpBars + 2));
  if (bars > endUs.length) {
    return shortfall({ step, what: `bars of ${symbol} in a row`, has: endUs.length, needs: bars });
  }
  const has = Math.max(0, ...names.map((name) => knownCount(view.of(name))));
  return shortfall({ step, what: `values of ${names.join(" or ")}`, has, needs: 2 });
}

/** How many values are there. */
function knownCount(values: Float64Array): number {
  let known = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) known++;
  return known;
}
