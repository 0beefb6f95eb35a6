import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import type { Verdict } from "./verdict.js";

/** The hash of a file that a report rests on. */
export interface ManifestFact {
  readonly path: string;
  readonly sha256: string;
}

/**
 * What a notebook says about itself. Each call of `showFacts` adds to what was said before; the report's header,
 * footer and record are written from the sum.
 */
export interface ReportFacts {
  readonly exchange?: string;
  readonly symbols?: readonly string[];
  /** First and last time of the data, µs since the epoch. */
  readonly fromUs?: number;
  readonly toUs?: number;
  readonly rows?: number;
  /** The notebook's question answered in one sentence. */
  readonly answer?: string;
  readonly verdict?: Verdict;
  /** What makes every figure mean less than it seems to, in a word or two; it stands above the page throughout. */
  readonly caution?: string;
  /** Which backend trained the models: "native" or "javascript", with its version. */
  readonly tensorflow?: string;
  readonly seeds?: Readonly<Record<string, number>>;
  readonly manifests?: readonly ManifestFact[];
  /** Figures of the run that the last lines of `tickbook start` and the index show, by name. */
  readonly figures?: Readonly<Record<string, number | string | null>>;
}

/** Facts of a notebook as the mime type they travel under. */
export const FACTS_MIME = "application/vnd.tickbook.facts+json";

/** Adds later facts to earlier ones; manifests, seeds and figures are joined, all else is replaced. */
export function mergeFacts(all: readonly ReportFacts[]): ReportFacts {
  const manifests = all.flatMap((facts) => facts.manifests ?? []);
  return {
    ...Object.assign({}, ...all),
    seeds: Object.assign({}, ...all.map(({ seeds }) => seeds)),
    figures: Object.assign({}, ...all.map(({ figures }) => figures)),
    manifests: [...new Map(manifests.map((fact) => [fact.path, fact])).values()],
  };
}

/** SIMULATED for the simulator's own exchange, REAL for any other, UNKNOWN when a run ended before it said. */
export function sourceWord({ exchange }: ReportFacts): "SIMULATED" | "REAL" | "UNKNOWN" {
  if (exchange === undefined) return "UNKNOWN";
  return exchange === SIMULATED_EXCHANGE ? "SIMULATED" : "REAL";
}
