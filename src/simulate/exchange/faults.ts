/** Something that goes wrong, on request, once so many messages were sent. */
export interface ExchangeFault {
  readonly afterMessages: number;
  /**
   * `drop` cuts the connections; `refuse` does, and takes none for a while; `silence` sends nothing for a while, of some
   * symbols or of the whole market; `garbage` sends half a message.
   */
  readonly kind: "drop" | "refuse" | "silence" | "garbage";
  /** How long, ms of the machine's clock; 0 where it is not given. */
  readonly forMs?: number;
  /** Of a silence: the symbols that are left out, and come back with a whole book; without them the market waits. */
  readonly symbols?: readonly string[];
}

/** Half a message. */
export const GARBAGE = '{"type":"l2upd';
