// Do features say tomorrow what they said today?
import { isShortfall, type Shortfall, shortfall } from "../../core/shortfall.js";
import { sortedQuantile } from "../../core/statistics.js";
import { DAY_US, dateOf, formatUtc, HOUR_US } from "../../core/time.js";
import { type FeatureFrame, featureEntry, isComparable, sortedValues } from "./feature-frame.js";

/** One feature, block by block. */
export interface FeatureDrift {
  readonly name: string;
  readonly family: string;
  /** Median of each block less the median of all, in units of the middle half of all; NaN where a block has too few values. */
  readonly shifts: readonly number[];
  /** Middle half of each block over that of all; NaN as above. */
  readonly widths: readonly number[];
  /** Largest shift, whichever its sign; NaN where no block has enough values. */
  readonly largest: number;
}

/** Features of one symbol over time. */
export interface FeatureStability {
  readonly symbol: string;
  /** What a block is, for people: "day" or "6 hours". */
  readonly block: string;
  /** Day or start of each block, UTC. */
  readonly labels: readonly string[];
  readonly features: readonly FeatureDrift[];
  readonly rows: number;
}

/** A block with fewer values has no median to speak of. */
const LEAST_VALUES = 30;

/** With fewer days, blocks of six hours are compared. */
const ENOUGH_DAYS = 4;
const SHORT_BLOCK_US = 6 * HOUR_US;

/** Medians and middle halves of each symbol's features by day, or by six hours where there are few days. */
export function featureStability(
  frames: readonly FeatureFrame[] | Shortfall,
): readonly FeatureStability[] | Shortfall {
  if (isShortfall(frames)) return frames;
  const found = frames.map(stabilityOf);
  const most = Math.max(...found.map(({ labels }) => labels.length));
  if (most >= 2) return found.filter(({ labels }) => labels.length >= 2);
  const what = `blocks of six hours with ${LEAST_VALUES} bars`;
  return shortfall({ step: "compare features over time", what, has: most, needs: 2 });
}

function stabilityOf({ symbol, barEndUs, names, columns }: FeatureFrame): FeatureStability {
  // A bar belongs to the day in which it began.
  const days = new Set(Array.from(barEndUs, (endUs) => Math.floor((endUs - 1) / DAY_US)));
  const lengthUs = days.size >= ENOUGH_DAYS ? DAY_US : SHORT_BLOCK_US;
  const blocks = blockRows(barEndUs, lengthUs);
  const features = names.flatMap((name, j): FeatureDrift[] =>
    isComparable(name) ? [driftOf(name, columns[j]!, blocks)] : [],
  );
  const isDaily = lengthUs === DAY_US;
  return {
    symbol,
    block: isDaily ? "day" : "6 hours",
    labels: blocks.map(({ startUs }) =>
      isDaily ? dateOf(startUs) : formatUtc(startUs).slice(0, 16),
    ),
    features: features.filter(({ largest }) => !Number.isNaN(largest)),
    rows: barEndUs.length,
  };
}

interface Block {
  readonly startUs: number;
  readonly from: number;
  readonly to: number;
}

/** Runs of rows that begin in one block, those with enough rows. */
function blockRows(barEndUs: Float64Array, lengthUs: number): readonly Block[] {
  const found: { startUs: number; from: number; to: number }[] = [];
  barEndUs.forEach((endUs, row) => {
    const startUs = lengthUs * Math.floor((endUs - 1) / lengthUs);
    const last = found.at(-1);
    if (last?.startUs === startUs) last.to = row + 1;
    else found.push({ startUs, from: row, to: row + 1 });
  });
  return found.filter(({ from, to }) => to - from >= LEAST_VALUES);
}

function driftOf(name: string, column: Float64Array, blocks: readonly Block[]): FeatureDrift {
  const [middle, unit] = centre(sortedValues(column));
  const own = blocks.map(({ from, to }) => sortedValues(column.subarray(from, to))).map(centre);
  const scaled = (value: number): number => (unit > 0 ? value / unit : Number.NaN);
  const shifts = own.map(([median]) => scaled(median - middle));
  const widths = own.map(([, width]) => scaled(width));
  const known = shifts.filter((shift) => !Number.isNaN(shift));
  const largest = known.reduce(
    (a, b) => (Math.abs(b) > Math.abs(a) ? b : a),
    known[0] ?? Number.NaN,
  );
  return { name, family: featureEntry(name)?.family ?? "", shifts, widths, largest };
}

/** Median and middle half; NaN for too few values. */
function centre(sorted: Float64Array): readonly [median: number, width: number] {
  if (sorted.length < LEAST_VALUES) return [Number.NaN, Number.NaN];
  const [lower, middle, upper] = [0.25, 0.5, 0.75].map((level) => sortedQuantile(sorted, level));
  return [middle!, upper! - lower!];
}
