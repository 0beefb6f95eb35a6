// Does any future change a value of the past?
import { seededRandom } from "../../core/random.js";
import { FEATURES } from "../../features/catalogue.js";
import type { Store } from "../../store/store.js";
import type { BenchResult } from "../benchmark.js";
import { within } from "../compare.js";
import { type FeatureValues, replayedValues, storedValues } from "./feature-values.js";
import { eventsBetween, joinMarkets } from "./market-columns.js";
import type { MadeMarket } from "./open-block.js";

/** What was found out about features, by name. */
interface Findings {
  readonly changed: Set<string>;
  /** Those that had a value to compare. */
  readonly seen: Set<string>;
  compared: number;
}

/**
 * At random times a market is cut off and goes on as another; everything is computed anew from the first event on, and every
 * value of a bar that ended before the cut is compared with what it was, bit for bit.
 *
 * @param values - of the market itself
 * @param options.emptyStore - opens a store of its own for each time it is called
 * @param options.storedCuts - of the cuts, those at which the days are stored and computed in threads, too
 */
export async function causality(
  { market, other }: { readonly market: MadeMarket; readonly other: MadeMarket },
  values: FeatureValues,
  {
    seed,
    emptyStore,
    onRun,
    cuts,
    storedCuts,
  }: {
    readonly seed: number;
    readonly emptyStore: () => Promise<Store>;
    readonly onRun: (done: number, total: number) => void;
    readonly cuts: number;
    readonly storedCuts: number;
  },
): Promise<BenchResult> {
  const random = seededRandom(seed, "cuts");
  const [firstUs, lastUs] = [values.barEndUs[0]!, values.barEndUs.at(-1)!];
  const findings: Findings = { changed: new Set(), seen: new Set(), compared: 0 };
  for (let cut = 0; cut < cuts; cut++) {
    onRun(cut, cuts);
    const cutUs = Math.floor(firstUs + random.uniform() * (lastUs - firstUs));
    const mixed = joinMarkets([
      eventsBetween(market, 0, cutUs),
      eventsBetween(other, cutUs, Number.POSITIVE_INFINITY),
    ]);
    comparePast(findings, values, { found: await replayedValues(mixed), cutUs });
    if (cut >= storedCuts) continue;
    const store = await emptyStore();
    comparePast(findings, values, { found: await storedValues(store, mixed), cutUs });
    await store.close();
  }
  return described(findings, `${cuts} random cuts, ${storedCuts} of them also through the store`);
}

function comparePast(
  findings: Findings,
  { barEndUs, columns }: FeatureValues,
  { found, cutUs }: { readonly found: FeatureValues; readonly cutUs: number },
): void {
  const rows = barEndUs.filter((endUs) => endUs <= cutUs).length;
  findings.compared += rows * FEATURES.length;
  FEATURES.forEach(({ name }, i) => {
    const now = found.columns[i]!;
    for (let row = 0; row < rows; row++) {
      if (!Object.is(columns[i]![row], now[row])) findings.changed.add(name);
      if (!Number.isNaN(now[row])) findings.seen.add(name);
    }
  });
}

/** A feature that never had a value proves nothing, so it counts as changed. */
function described({ changed, seen, compared }: Findings, how: string): BenchResult {
  const unseen = FEATURES.map(({ name }) => name).filter((name) => !seen.has(name));
  const result = within(
    { name: "features", runs: [changed.size + unseen.length] },
    { what: `of ${FEATURES.length} features, changed by another future`, unit: "features", bar: 0 },
  );
  const notes = [
    `${how}; ${compared.toLocaleString("en")} values compared`,
    ...(changed.size > 0 ? [`changed: ${[...changed].join(", ")}`] : []),
    ...(unseen.length > 0 ? [`never had a value: ${unseen.join(", ")}`] : []),
  ];
  return { ...result, note: notes.join("; ") };
}
