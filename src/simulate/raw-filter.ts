// Which lines of a raw minute does a client want?
import { z } from "zod";

const NEWLINE = 0x0a;

/** A channel, and the symbols of it that are wanted, in the exchange's spelling; all of them when they are left out. */
export interface RawFilter {
  readonly channel: string;
  readonly symbols?: readonly string[] | undefined;
}

const FILTERS = z.array(
  z.strictObject({ channel: z.string().min(1), symbols: z.array(z.string()).optional() }),
);

/**
 * Reads the `filters` of a request.
 *
 * @returns undefined when they are not `[{"channel":"…","symbols":["…"]}]`
 */
export function parseFilters(text: string | undefined): readonly RawFilter[] | undefined {
  if (text === undefined || text === "") return [];
  try {
    return FILTERS.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whether the channel and symbol of an exchange's lines can be told; others are served unfiltered. */
export function canFilter(exchange: string): boolean {
  return exchange.startsWith("binance") && !["binance-dex", "binance-options"].includes(exchange);
}

/**
 * The lines of a Binance minute that belong to a filter, and those that say that the connection was lost.
 *
 * @param text - lines `<ISO time> {"stream":"btcusdt@depth@100ms",…}`
 */
export function filterLines(text: Buffer, filters: readonly RawFilter[]): Buffer {
  const kept: Buffer[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(NEWLINE, start);
    const end = found < 0 ? text.length : found + 1;
    if (isWanted(text.toString("latin1", start, Math.min(end, start + 160)), filters)) {
      kept.push(text.subarray(start, end));
    }
    start = end;
  }
  return Buffer.concat(kept);
}

function isWanted(head: string, filters: readonly RawFilter[]): boolean {
  if (head.trim() === "") return true;
  const stream = /^\S+ \{"stream":"([^@"]+)@([^@"]+)/.exec(head);
  if (stream === null) return false;
  const [, symbol = "", channel] = stream;
  return filters.some(
    (filter) => filter.channel === channel && (filter.symbols?.includes(symbol) ?? true),
  );
}
