// What has a comparison of a run with the store found so far?
import type { FeatureRow } from "../../features/feature-rows.js";
import type { SymbolDay } from "../../store/read.js";
import type { DecisionRecord } from "../records.js";
import type { Signal } from "../signal/signal.js";
import {
  COMPARED,
  type ComparedPart,
  circumstanceOf,
  type ParityDifference,
} from "./compare-bars.js";
import { FeatureDistances } from "./feature-distances.js";
import { type StreamCounts, StreamPairs } from "./stream-pairs.js";

/** By part, bars that differ in it. */
export type PartCounts = Readonly<Record<ComparedPart, number>>;

/** What was found of one symbol. */
export interface SymbolParity {
  readonly symbol: string;
  /** Compared; 0 where the run decided on none, or the store has none of its days. */
  readonly bars: number;
  /** With a difference, whatever it is in. */
  readonly differentBars: number;
  readonly differences: PartCounts;
  /** Null where bits are compared. */
  readonly stream: StreamCounts | null;
}

/** Its figures. */
export interface ParityFigures {
  /** Every symbol of the run. */
  readonly symbols: readonly SymbolParity[];
  /** Compared, of all symbols together. */
  readonly bars: number;
  /** Bars with a difference, whatever it is in. */
  readonly differentBars: number;
  readonly differences: PartCounts;
  readonly first: ParityDifference | null;
  /** By what decided besides the signal, bars; of these probability and side are compared as far as the signal goes. */
  readonly circumstances: Readonly<Record<string, number>>;
  /** Days that the store has no features of: a live stream's files come on the next day. */
  readonly missingDays: readonly SymbolDay[];
  /**
   * Days of features that began a stream anew after a missing day, while the run went on: of a stream until they have forgotten that,
   * of a replay, whose bits are compared, all that follow.
   */
  readonly apartDays: readonly SymbolDay[];
}

/** Collects them, one symbol after the other. */
export class ParityFindings {
  readonly missingDays: SymbolDay[] = [];
  readonly apartDays: SymbolDay[] = [];
  readonly distances: FeatureDistances = new FeatureDistances();
  private first: ParityDifference | null = null;
  private readonly symbols: SymbolParity[] = [];
  private readonly circumstances = new Map<string, number>();
  private readonly isExact: boolean;
  private bars = 0;
  private differentBars = 0;
  private counts = new Map<ComparedPart, number>();
  private pairs = new StreamPairs("");

  constructor({ isExact }: { readonly isExact: boolean }) {
    this.isExact = isExact;
  }

  /** What comes next is of a symbol, until its end is told. */
  begin(symbol: string): void {
    [this.bars, this.differentBars] = [0, 0];
    this.counts = new Map();
    this.pairs = new StreamPairs(symbol);
  }

  bar(
    logged: Pick<DecisionRecord, "side" | "reason">,
    differences: readonly ParityDifference[],
  ): void {
    this.bars++;
    const circumstance = circumstanceOf(logged);
    if (circumstance !== undefined) addOne(this.circumstances, circumstance);
    this.take(differences);
  }

  /** A bar of a stream, whose bits need not be equal. */
  pair(logged: DecisionRecord, row: FeatureRow, signal: Signal): void {
    this.distances.add(this.pairs.add(logged, row, signal), row.values);
  }

  missing(part: "decision missing" | "stored row missing", symbol: string, barEndUs: number): void {
    this.bars++;
    const isLogged = part === "stored row missing";
    const [logged, computed] = isLogged ? ["a decision", "no row"] : ["no decision", "a row"];
    this.take([{ symbol, barEndUs, part, logged, computed }]);
  }

  /** All of a symbol was told: only now it is known how far values of a stream scatter. */
  end(symbol: string): void {
    for (const { logged, differences } of this.pairs.bars()) this.bar(logged, differences);
    const { bars, differentBars, counts, isExact } = this;
    const differences = partCounts((part) => counts.get(part) ?? 0);
    const stream = isExact ? null : this.pairs.counts();
    this.symbols.push({ symbol, bars, differentBars, differences, stream });
  }

  value(): ParityFigures {
    const { symbols, first, missingDays, apartDays } = this;
    const sum = (pick: (one: SymbolParity) => number): number =>
      symbols.reduce((total, one) => total + pick(one), 0);
    return {
      symbols,
      bars: sum(({ bars }) => bars),
      differentBars: sum(({ differentBars }) => differentBars),
      differences: partCounts((part) => sum(({ differences }) => differences[part])),
      first,
      circumstances: Object.fromEntries([...this.circumstances].sort()),
      ...{ missingDays, apartDays },
    };
  }

  private take(differences: readonly ParityDifference[]): void {
    const [one] = differences;
    if (one === undefined) return;
    this.differentBars++;
    for (const { part } of differences) addOne(this.counts, part);
    if (this.first === null || one.barEndUs < this.first.barEndUs) this.first = one;
  }
}

function partCounts(of: (part: ComparedPart) => number): PartCounts {
  return Object.fromEntries(COMPARED.map((part) => [part, of(part)])) as PartCounts;
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
