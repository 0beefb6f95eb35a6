import { readdirSync } from "node:fs";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";

const FILE = /^([^/]+)\/([^/]+)\/(\d{4})\/(\d{2})\/(\d{2})\/([^/]+)\.csv\.gz$/;

/** What a mirror has of one symbol. */
export interface MirrorSymbol {
  readonly id: string;
  /** First day, and the day after the last. */
  readonly from: string;
  readonly to: string;
  readonly types: readonly string[];
}

/** What a mirror has of one exchange. */
export interface MirrorExchange {
  readonly exchange: string;
  readonly from: string;
  readonly to: string;
  readonly symbols: readonly MirrorSymbol[];
}

/**
 * What lies in a folder laid out as the vendor's server.
 *
 * @returns exchanges and their symbols, sorted by name
 */
export function mirrorIndex(root: string): readonly MirrorExchange[] {
  const found = new Map<string, Map<string, { days: string[]; types: Set<string> }>>();
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const match = FILE.exec(name.replaceAll("\\", "/"));
    if (match === null) continue;
    const [, exchange, type, year, month, day, id] = match as unknown as readonly string[];
    const symbols = found.get(exchange!) ?? new Map();
    const symbol = symbols.get(id!) ?? { days: [], types: new Set() };
    symbol.days.push(`${year}-${month}-${day}`);
    symbol.types.add(type!);
    found.set(exchange!, symbols.set(id!, symbol));
  }
  return [...found].sort(byName).map(([exchange, symbols]) => {
    const listed = [...symbols].sort(byName).map(([id, { days, types }]) => {
      days.sort();
      return { id, from: days[0]!, to: dayAfter(days.at(-1)!), types: [...types].sort() };
    });
    const from = listed.map((symbol) => symbol.from).sort()[0]!;
    const to = listed
      .map((symbol) => symbol.to)
      .sort()
      .at(-1)!;
    return { exchange, from, to, symbols: listed };
  });
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

function dayAfter(date: string): string {
  return dateOf(dayStartUs(date) + DAY_US);
}
