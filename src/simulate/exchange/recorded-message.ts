/** A message of a market's recording, as the exchange sends it to whoever asked for its topic. */
export interface RecordedMessage {
  /** When it arrived where it was recorded, µs. */
  readonly localUs: number;
  /** In capitals. */
  readonly symbol: string;
  /** What a client asks for to get it, in the protocol's words. */
  readonly topic: string;
  /** JSON, or `""` where the connection was lost: what was said before no longer holds. */
  readonly text: string;
}

/** Messages in arrival order. */
export type Recording = AsyncIterable<readonly RecordedMessage[]>;

/** A lost connection at a time. */
export function lostConnection(localUs: number): RecordedMessage {
  return { localUs, symbol: "", topic: "", text: "" };
}
