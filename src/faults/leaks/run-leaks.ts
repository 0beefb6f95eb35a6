import { isShortfall, type Shortfall, shortfallText } from "../../core/shortfall.js";
import { BASELINE, type Pipeline } from "../../evaluation/canaries/pipeline.js";
import { type Canary, runCanaries } from "../../evaluation/canaries.js";
import type { FaultResult } from "../campaign.js";
import { Tally } from "../tally.js";
import { barsMovedByLaterBook, toldWithNextBook } from "./later-book.js";
import type { LeakMarketSettings } from "./leak-market.js";
import { leakMarket } from "./leak-market.js";
import type { Leak } from "./leaks.js";

/** How large markets are, and how many of them. */
export interface LeakRun {
  readonly seeds: readonly number[];
  readonly bars: number;
  readonly horizonBars: number;
  readonly onTry?: () => void;
}

/** Random walks that each try is judged by. */
const WALKS = 4;

/** Weight of the coming return in the markets with an edge. */
const EDGE = 0.5;

/** Plants a leak in one market after the other, and asks the canaries. */
export async function plantLeak(leak: Leak, run: LeakRun): Promise<FaultResult> {
  const tally = new Tally(leak.fault);
  const caught = new Map<string, number>();
  for (const seed of run.seeds) {
    const canaries = await canariesOf({ ...run, seed, edge: 0 }, leak.pipeline);
    // A leak can leave too little to run some of them on.
    const those = canaries.flatMap((canary) => (isShortfall(canary) ? [] : [canary]));
    const wrong = those.filter(({ isRight }) => !isRight);
    for (const { name } of wrong) caught.set(name, (caught.get(name) ?? 0) + 1);
    const others = wrong.length === 0 ? "nothing" : wrong.map(({ name }) => name).join(", ");
    const isCaught = wrong.some(
      ({ name, note }) => name === leak.caughtBy && note.includes(leak.moves ?? ""),
    );
    tally.add(isCaught ? "detected" : "silent", `seed ${seed}: caught by ${others}`);
    run.onTry?.();
  }
  const by = [...caught].map(([name, times]) => `${name} ${times}`).join(", ");
  return tally.result(by === "" ? "" : `caught by ${by}`);
}

/** The honest pipeline in a market without edge and one with: no canary may be wrong. */
export async function runHonest(
  edge: "without edge" | "with edge",
  run: LeakRun,
): Promise<FaultResult> {
  const alarms: string[] = [];
  for (const seed of run.seeds) {
    const market = { ...run, seed, edge: edge === "with edge" ? EDGE : 0 };
    for (const canary of await canariesOf(market, BASELINE)) {
      const wrong = isShortfall(canary) ? shortfallText(canary) : canary.name;
      if (isShortfall(canary) || !canary.isRight) alarms.push(`${wrong} of seed ${seed}`);
    }
    run.onTry?.();
  }
  const tries = run.seeds.length;
  return {
    fault: `none, market ${edge}`,
    ...{ tries, detected: tries, lost: 0, duplicated: 0, silent: 0 },
    falseAlarms: alarms.length,
    ...(alarms.length === 0 ? {} : { note: `wrong without a leak: ${alarms.join(", ")}` }),
  };
}

/** The mid after a trade in place of the one before, as the law of the effective spread sees it. */
export async function plantPostTradeMid({ seeds, onTry }: LeakRun): Promise<FaultResult> {
  const tally = new Tally("post-trade mid");
  let falseAlarms = 0;
  for (const seed of seeds) {
    const { moved, bars } = await barsMovedByLaterBook(toldWithNextBook, seed);
    tally.add(moved > 0 ? "detected" : "silent", `seed ${seed}: no bar of ${bars} moved`);
    falseAlarms += Number((await barsMovedByLaterBook((engine) => engine, seed)).moved > 0);
    onTry?.();
  }
  const law = "a later book moves no effective spread";
  return { ...tally.result(`caught by the law that ${law}`), falseAlarms };
}

async function canariesOf(
  market: LeakMarketSettings,
  pipeline: Pipeline,
): Promise<readonly (Canary | Shortfall)[]> {
  const { dataset, folds } = await leakMarket(market, pipeline);
  const canaries = await runCanaries(dataset, folds, { seed: market.seed, pipeline, walks: WALKS });
  return canaries;
}
