import { CandleBuffer, type CandleRow, type Candles } from "./candle-buffer.js";
import type { RejectedCandle } from "./candle-run.js";

/** Where a day's candles came from: bytes and SHA-256 of all that was read for it. */
export interface CandleSource {
  /** `coinbase`: the exchange's interface; `server`: another that answers as it does; `file`: a CSV file. */
  readonly kind: "coinbase" | "server" | "file";
  /** What was asked of the server. */
  readonly path?: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A row that was left out, as `rejected.csv` has it. */
export interface RejectedRow extends RejectedCandle {
  readonly text: string;
}

/** A day's good candles in time order, and the rows that were left out. */
export interface CheckedDay {
  readonly source: CandleSource;
  readonly candles: Candles;
  readonly rejected: readonly RejectedRow[];
}

/** How many rows of a day were left out, by reason. */
export function countReasons({ rejected }: CheckedDay): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { reason } of rejected) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Gathers the rows of one day. */
export class DayRows {
  readonly #good: CandleBuffer = new CandleBuffer();
  readonly #rejected: RejectedRow[] = [];

  keep(row: CandleRow): void {
    this.#good.add(row);
  }

  reject(row: RejectedRow): void {
    this.#rejected.push(row);
  }

  finish(source: CandleSource): CheckedDay {
    return { source, candles: this.#good.columns(), rejected: this.#rejected };
  }
}
