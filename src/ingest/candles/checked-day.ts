import { CandleBuffer, type CandleRow, type Candles } from "./candle-buffer.js";

/** Where a day's candles came from: bytes and SHA-256 of all that was read for it. */
export interface CandleSource {
  /** `coinbase`: the exchange's interface; `server`: another that answers as it does; `file`: a CSV file. */
  readonly kind: "coinbase" | "server" | "file";
  /** What was asked of the server. */
  readonly path?: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A day's good candles in time order, and how many others were left out, by reason. */
export interface CheckedDay {
  readonly source: CandleSource;
  readonly candles: Candles;
  readonly rejected: Readonly<Record<string, number>>;
}

/** Gathers the rows of one day. */
export class DayRows {
  readonly #good: CandleBuffer = new CandleBuffer();
  readonly #rejected: Record<string, number> = {};

  keep(row: CandleRow): void {
    this.#good.add(row);
  }

  reject(reason: string, count = 1): void {
    this.#rejected[reason] = (this.#rejected[reason] ?? 0) + count;
  }

  finish(source: CandleSource): CheckedDay {
    return { source, candles: this.#good.columns(), rejected: this.#rejected };
  }
}
