// For tests only: the rows of a stream that is cut into pieces, each begun from the JSON that the one before left.
import { Replay } from "../market/replay.js";
import type { BookChanges, Trades } from "../store/tables.js";
import { createFeatureEngine, type EngineState } from "./engine.js";
import type { EngineSettings } from "./engine-settings.js";
import type { FeatureRow } from "./feature-rows.js";
import { type Market, rowsBefore, slice } from "./test-market.js";

/**
 * The rows that engines give for a market, one after the other.
 *
 * @param cutsUs - arrival times at which another engine goes on
 * @param options.looksAtClock - each engine is told the time of its cut, after its last event
 */
export async function cutRows(
  market: Partial<Market>,
  cutsUs: readonly number[],
  { looksAtClock = false, ...settings }: EngineSettings & { readonly looksAtClock?: boolean },
): Promise<readonly FeatureRow[]> {
  const rows: FeatureRow[] = [];
  let saved: string | undefined;
  let fromUs = Number.NEGATIVE_INFINITY;
  for (const toUs of [...cutsUs].sort((a, b) => a - b).concat(Number.POSITIVE_INFINITY)) {
    const piece = <Table extends Trades | BookChanges>(table: Table | undefined): Table[] =>
      table === undefined ? [] : [slice(table, rowsBefore(table, fromUs), rowsBefore(table, toUs))];
    const engine = createFeatureEngine((row) => rows.push(row), settings);
    if (saved !== undefined) engine.restore(JSON.parse(saved) as EngineState);
    const replay = new Replay(engine, { book: engine.book });
    await replay.run({ trades: piece(market.trades), bookChanges: piece(market.bookChanges) });
    replay.finish();
    if (toUs === Number.POSITIVE_INFINITY) engine.finish();
    else if (looksAtClock) engine.advance(toUs);
    saved = JSON.stringify(engine.save());
    fromUs = toUs;
  }
  return rows;
}

/** The doubles of a row as whole numbers, so that NaN and −0 count, and its mask. */
function bitsOf({ barEndUs, mid, values, valid }: FeatureRow): BigUint64Array {
  const doubles = new BigUint64Array(Float64Array.of(barEndUs, mid, ...values).buffer);
  return BigUint64Array.of(...doubles, valid);
}

/** Index of the first row of which a bit is another, or that only one of the two has; −1 where they are the same. */
export function firstDifference(a: readonly FeatureRow[], b: readonly FeatureRow[]): number {
  const different = a.findIndex((row, i) => {
    const other = b[i];
    if (other === undefined) return true;
    const [own, others] = [bitsOf(row), bitsOf(other)];
    return own.some((word, at) => word !== others[at]);
  });
  return different < 0 && b.length > a.length ? a.length : different;
}
