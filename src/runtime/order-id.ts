import { contentHash } from "../core/content-hash.js";

/** What an order is told apart by. */
export interface OrderKey {
  /** Name of the run; what the risk rules order is another strategy's than what the model does. */
  readonly strategy: string;
  readonly symbol: string;
  readonly barEndUs: number;
  readonly side: 1 | -1;
}

/**
 * Identity of an order. The same decision has the same one however often it is made, so that no restart orders twice.
 *
 * @returns 32 hexadecimal digits, as many as exchanges take for a client's own name
 */
export function orderId({ strategy, symbol, barEndUs, side }: OrderKey): string {
  const text = JSON.stringify([strategy, symbol, barEndUs, side]);
  return contentHash(Buffer.from(text)).slice(0, 32);
}
