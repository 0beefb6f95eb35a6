// The same day three ways: through the live path from the store, through it from an exchange's socket, and through the batch.
import type { LiveModel } from "../../runtime/signal/live-model.js";
import { startExchangeServer } from "../../simulate/exchange/exchange-server.js";
import type { BenchResult } from "../benchmark.js";
import { atMost } from "../figures.js";
import { batchSignals } from "./batch-signals.js";
import { type BatchedFindings, batchedProbabilities } from "./batched-probabilities.js";
import { type Differences, decisionDifferences } from "./decision-differences.js";
import { type ComparedWay, differenceResult } from "./difference-result.js";
import { driveRun, journaledDecisions } from "./drive-run.js";
import { KINDS, type Kind } from "./live-models.js";
import type { LiveStore } from "./live-store.js";
import { playedMarket } from "./played-market.js";
import type { StoredStream } from "./stored-inputs.js";

/** A prepared market and what is to decide on it. */
export interface ParityMarket {
  readonly live: LiveStore;
  readonly streams: readonly StoredStream[];
  readonly models: Readonly<Record<Kind, LiveModel>>;
  /** Of the replayed days, that are compared. */
  readonly bars: number;
}

interface Way extends ComparedWay {
  readonly isSocket: boolean;
}

/** The ensemble asks all kinds of models. */
const WAYS: readonly Way[] = [
  { what: "store, dry run", kind: "ensemble", mode: "dry-run", isSocket: false },
  { what: "store, paper", kind: "logistic", mode: "paper", isSocket: false },
  { what: "exchange's socket, dry run", kind: "logistic", mode: "dry-run", isSocket: true },
];

/** Decisions of each way beside the batch's, and probabilities one by one beside those of many rows. */
export async function parity(
  market: ParityMarket,
  onRun: (done: number, total: number, what: string) => void,
): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const [i, way] of WAYS.entries()) {
    onRun(i, WAYS.length, `a day, ${way.what}`);
    const found = await comparedWay(market, way);
    results.push(differenceResult(way, found));
  }
  for (const kind of KINDS) results.push(await oneByOne(market, kind));
  return results;
}

async function comparedWay(
  { live, streams, models, bars }: ParityMarket,
  { kind, mode, isSocket }: Way,
): Promise<Differences> {
  const model = models[kind];
  const run = `parity-${kind}-${mode}-${isSocket ? "socket" : "store"}`;
  // It plays the replayed days as fast as they are taken.
  const server = isSocket ? await startExchangeServer(playedMarket(live)) : undefined;
  try {
    const url = server === undefined ? {} : { url: `${server.url}?arrivals=true` };
    await driveRun(live, { run, mode, model, bars, ...url });
  } finally {
    await server?.close();
  }
  const batch = new Map<string, Awaited<ReturnType<typeof batchSignals>>>();
  for (const [s, symbol] of live.symbols.entries()) {
    batch.set(symbol, await batchSignals(model, streams[s]!, bars));
  }
  return decisionDifferences(await journaledDecisions(live.root, run), batch, { mode });
}

async function oneByOne({ streams, models, bars }: ParityMarket, kind: Kind): Promise<BenchResult> {
  const all: BatchedFindings[] = [];
  for (const stream of streams) all.push(await batchedProbabilities(models[kind], stream, bars));
  const sum = (pick: (one: BatchedFindings) => number): number =>
    all.reduce((total, one) => total + pick(one), 0);
  const largest = Math.max(...all.map((one) => one.largest));
  const rows = sum((one) => one.rows);
  const differing = sum((one) => one.differing);
  const isSame = differing === 0 ? "" : `, by ${largest.toExponential(1)} at most`;
  return atMost(0, {
    what: `sides of one row at a time beside many at once, ${kind}`,
    unit: `differences in ${count(rows)} rows`,
    value: sum((one) => one.otherSides) + sum((one) => one.otherRows),
    note: `probabilities differ in ${count(differing)} rows${isSame}`,
  });
}

function count(value: number): string {
  return value.toLocaleString("en");
}
