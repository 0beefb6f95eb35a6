import type { MicrosecondDate } from "./microsecond-date.js";

/** A message as the vendor's normalizers give it; which fields there are depends on `type`. */
export interface NormalizedMessage {
  readonly type: string;
  readonly symbol: string;
  readonly timestamp: MicrosecondDate;
  readonly localTimestamp: MicrosecondDate;
}
