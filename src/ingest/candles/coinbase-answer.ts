import { z } from "zod";
import type { CandleRow } from "./candle-buffer.js";
import { PAGE_CANDLES, type PageWindow } from "./page-windows.js";

/** Rows `[time, low, high, open, close, volume]`, newest first. What the numbers may be is checked candle by candle. */
const ANSWER = z
  .array(z.tuple([z.int(), z.number(), z.number(), z.number(), z.number(), z.number()]))
  .max(PAGE_CANDLES)
  .refine((rows) => rows.every(([time], i) => i === 0 || time < rows[i - 1]![0]), {
    error: "the times do not fall from row to row",
  });

/**
 * The candles of an answer that lie in the asked range, both ends included, oldest first. Those before it, which the
 * exchange says may come, are left out.
 *
 * @returns what is wrong with the answer instead, when it is not what the exchange documents
 * @see https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/products/get-product-candles
 */
export function parseAnswer(
  body: string,
  { startS, endS }: PageWindow,
): readonly CandleRow[] | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return `it was no JSON but began with ${JSON.stringify(body.slice(0, 40))}`;
  }
  const { success, data, error } = ANSWER.safeParse(value);
  if (!success) {
    const issue = error.issues[0]!;
    const [row, field] = issue.path.map(Number);
    const place =
      row === undefined
        ? ""
        : `row ${row + 1}${field === undefined ? "" : `, field ${field + 1}`}: `;
    return `${place}${issue.message}`;
  }
  if (data.length > 0 && data[0]![0] > endS)
    return `a candle at ${data[0]![0]} lies after the asked end ${endS}`;
  return data.filter(([time]) => time >= startS).reverse();
}
