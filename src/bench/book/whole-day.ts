import { readBookChanges, type SymbolDay } from "../../store/read.js";
import { openStore } from "../../store/store.js";
import type { BookChanges } from "../../store/tables.js";

/**
 * All book changes of a symbol's day in memory.
 *
 * @param root - of the store
 */
export async function wholeDay(root: string, day: SymbolDay): Promise<BookChanges> {
  const store = await openStore(root);
  const batches: BookChanges[] = [];
  for await (const batch of readBookChanges(store, day)) batches.push(batch);
  await store.close();
  const rows = batches.reduce((sum, { price }) => sum + price.length, 0);
  const whole: BookChanges = {
    localTimestampUs: new Float64Array(rows),
    timestampUs: new Float64Array(rows),
    isSnapshot: new Uint8Array(rows),
    side: new Int8Array(rows),
    price: new Float64Array(rows),
    amount: new Float64Array(rows),
  };
  let row = 0;
  for (const batch of batches) {
    for (const name of Object.keys(whole) as (keyof BookChanges)[]) {
      whole[name].set(batch[name], row);
    }
    row += batch.price.length;
  }
  return whole;
}

/** Arrival times of a day: so many messages it has. */
export function messageCount({ localTimestampUs }: BookChanges): number {
  let messages = 0;
  for (let row = 0; row < localTimestampUs.length; row++) {
    if (localTimestampUs[row] !== localTimestampUs[row - 1]) messages++;
  }
  return messages;
}
