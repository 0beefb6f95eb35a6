// What has a comparison of a run with the store found so far?
import { textToNumbers } from "../../core/exact-numbers.js";
import type { FeatureRow } from "../../features/feature-rows.js";
import type { SymbolDay } from "../../store/read.js";
import type { DecisionRecord } from "../records.js";
import {
  COMPARED,
  type ComparedPart,
  circumstanceOf,
  type ParityDifference,
} from "./compare-bars.js";
import { FeatureDistances } from "./feature-distances.js";

/** Its figures. */
export interface ParityFigures {
  /** Compared, of all symbols together. */
  readonly bars: number;
  /** Bars with a difference, whatever it is in. */
  readonly differentBars: number;
  /** By part, bars that differ in it. */
  readonly differences: Readonly<Record<ComparedPart, number>>;
  readonly first: ParityDifference | null;
  /** By what decided besides the signal, bars; of these probability and side are compared as far as the signal goes. */
  readonly circumstances: Readonly<Record<string, number>>;
  /** Days that the store has no features of: a live stream's files come on the next day. */
  readonly missingDays: readonly SymbolDay[];
  /** Days whose features begin a stream anew after a missing day, while the run went on. */
  readonly apartDays: readonly SymbolDay[];
}

/** Collects them. */
export class ParityFindings {
  readonly missingDays: SymbolDay[] = [];
  readonly apartDays: SymbolDay[] = [];
  readonly distances: FeatureDistances = new FeatureDistances();
  private bars = 0;
  private differentBars = 0;
  private first: ParityDifference | null = null;
  private readonly counts = new Map<ComparedPart, number>();
  private readonly circumstances = new Map<string, number>();

  bar(logged: DecisionRecord, differences: readonly ParityDifference[]): void {
    this.bars++;
    const circumstance = circumstanceOf(logged);
    if (circumstance !== undefined) addOne(this.circumstances, circumstance);
    this.take(differences);
  }

  /** A bar of a stream, whose bits need not be equal. */
  pair(logged: DecisionRecord, row: FeatureRow): void {
    this.bar(logged, []);
    this.distances.add(textToNumbers(logged.features), row.values);
  }

  missing(part: "decision missing" | "stored row missing", symbol: string, barEndUs: number): void {
    this.bars++;
    const isLogged = part === "stored row missing";
    const [logged, computed] = isLogged ? ["a decision", "no row"] : ["no decision", "a row"];
    this.take([{ symbol, barEndUs, part, logged, computed }]);
  }

  value(): ParityFigures {
    const { bars, differentBars, first, missingDays, apartDays } = this;
    const differences = Object.fromEntries(
      COMPARED.map((part) => [part, this.counts.get(part) ?? 0]),
    ) as Record<ComparedPart, number>;
    const circumstances = Object.fromEntries([...this.circumstances].sort());
    return { bars, differentBars, first, differences, circumstances, missingDays, apartDays };
  }

  private take(differences: readonly ParityDifference[]): void {
    const [one] = differences;
    if (one === undefined) return;
    this.differentBars++;
    for (const { part } of differences) addOne(this.counts, part);
    if (this.first === null || one.barEndUs < this.first.barEndUs) this.first = one;
  }
}

function addOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
