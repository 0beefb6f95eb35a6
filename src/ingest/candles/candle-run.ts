import type { CandleKey } from "../../store/candle-table.js";
import type { CandleGap } from "./candle-gaps.js";

/** What became of one day. */
export interface CandleDay extends CandleKey {
  readonly type: "candles";
  /** `unfinished`: the day is not over, so nothing is stored of it; `absent`: the source has no candle of it. */
  readonly status: "written" | "kept" | "absent" | "unfinished" | "failed";
  /** Candles stored. */
  readonly rows: number;
  /** Rows left out because they break a rule. */
  readonly rejected: number;
  /** SHA-256 of the answers or of the file; null when nothing is stored. */
  readonly sha256: string | null;
  /** Why it failed, as one sentence. */
  readonly reason?: string;
}

/**
 * A row that was left out. Its line is the file's, the header being 1; in a server's answers, whose lines mean nothing, the
 * candle's place among the day's, oldest first.
 */
export interface RejectedCandle {
  readonly line: number;
  readonly reason: string;
}

/** What became of all days. */
export interface CandleRun {
  /** Candles of the asked days that are in the store now. */
  readonly rows: number;
  /** Times without a candle in the days that are stored or absent. */
  readonly gaps: readonly CandleGap[];
  readonly partitions: readonly CandleDay[];
  /** The first rows of a file that were left out. */
  readonly rejectedRows: readonly RejectedCandle[];
}

/** How to bring candles in. */
export interface CandleOptions {
  /** What the clock shows, µs since the epoch; default the real time. No day that is not over is stored. */
  readonly nowUs?: number;
  /** Hash stored days again, and bring damaged ones in anew; default false. */
  readonly verify?: boolean;
  /** Share of bad rows above which a day fails; default 0.001. */
  readonly maxRejectedShare?: number;
  /** Called after each day. */
  readonly onProgress?: (done: number, total: number) => void;
}
