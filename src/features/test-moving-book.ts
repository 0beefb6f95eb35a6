// For tests only: a book whose mid is known without replaying it.
import { seededRandom } from "../core/random.js";
import { dayStartUs, MINUTE_US, SECOND_US } from "../core/time.js";
import type { changeColumns } from "./test-market.js";

type ChangeRow = Parameters<typeof changeColumns>[0][number];

/** Book changes, and the true mid at any time. */
interface MovingBook {
  readonly rows: readonly ChangeRow[];
  readonly midAt: (timeUs: number) => number;
}

/**
 * A book that moves its best prices at random times: the true mid at any time is known from the moves.
 *
 * @param from - first day, `yyyy-mm-dd`
 * @param options.gapUs - the most time between two moves
 */
export function movingBook(
  seed: number,
  from: string,
  days: number,
  { gapUs = 6e6 }: { readonly gapUs?: number } = {},
): MovingBook {
  const random = seededRandom(seed, "moving book");
  const rows: ChangeRow[] = [];
  const moves: [number, number][] = [];
  let bid = 1000;
  for (let day = 0; day < days; day++) {
    const startUs = dayStartUs(from) + day * 1440 * MINUTE_US;
    let timeUs = startUs + SECOND_US;
    const row = (side: 1 | -1, price: number, amount: number, isSnapshot = false): void => {
      rows.push({ timeUs, isSnapshot, side, price, amount });
    };
    for (let depth = 0; depth < 5; depth++) {
      row(1, bid - depth, 2, true);
      row(-1, bid + 1 + depth, 2, true);
    }
    moves.push([timeUs, bid + 0.5]);
    for (timeUs += 3e6; timeUs < startUs + 1440 * MINUTE_US; timeUs += 1 + random.below(gapUs)) {
      if (random.uniform() < 0.5) {
        row(-1, bid + 1, 0);
        row(-1, bid + 6, 2);
        bid++;
        row(1, bid, 2);
      } else {
        row(1, bid, 0);
        row(1, bid - 5, 2);
        bid--;
        row(-1, bid + 1, 2);
      }
      moves.push([timeUs, bid + 0.5]);
    }
  }
  const midAt = (time: number): number => {
    let low = 0;
    let high = moves.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (moves[middle]![0] <= time) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? Number.NaN : moves[low - 1]![1];
  };
  return { rows, midAt };
}
