/** A message as the vendor's normalizers give it; which fields there are depends on `type`. */
export interface NormalizedMessage {
  readonly type: string;
  readonly symbol: string;
  readonly timestamp: MicrosecondDate;
  readonly localTimestamp: MicrosecondDate;
}

/** A date whose µs below its milliseconds are in a field of their own, as the vendor's client keeps them. */
export type MicrosecondDate = Date & { μs?: number };
