// Is there something stored of all that is to be trained on? What is missing is said, never left out in silence.
import { OptionError } from "../core/errors.js";
import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../core/time.js";
import { type LackingDays, lackingDays, lackingText } from "../dataset/lacking-days.js";
import { type FeatureRequest, hasFeatures } from "../dataset/read-features.js";
import { storedSources } from "../dataset/symbol-features.js";
import { barName } from "../features/bar-length.js";
import type { Store } from "../store/store.js";

/** What to look for; bars are of one minute where nothing is said. */
type Looked = Omit<FeatureRequest, "barUs" | "features"> & Partial<Pick<FeatureRequest, "barUs">>;

/**
 * Looks for what a market's features are made from, symbol by symbol and day by day.
 *
 * @returns a line for each symbol of which some days are missing
 * @throws {OptionError} of a symbol there is nothing on any day; names the command that brings it
 */
export async function missingDayLines(
  store: Store,
  { barUs = MINUTE_US, ...request }: Looked,
): Promise<readonly string[]> {
  const { exchange, symbols, days, source } = request;
  const what = source === "candles" ? "candles" : "features";
  const lines: string[] = [];
  for (const symbol of symbols) {
    const missing: string[] = [];
    for (const day of days) {
      const one = { ...request, symbols: [symbol], days: [day], barUs };
      if (!(await hasFeatures(store, one))) missing.push(day);
    }
    if (missing.length === days.length) throw nothingStored(symbol, what, { ...request, barUs });
    if (missing.length === 0) continue;
    const places = missing.length > 5 ? [...missing.slice(0, 5), "…"] : missing;
    lines.push(
      `MISSING: no ${what} of ${exchange} ${symbol} are stored of ${missing.length} of ${days.length} days ` +
        `(${places.join(", ")}), so they are trained without`,
    );
  }
  return lines;
}

/**
 * Looks for stored days whose data lacks the book or the trades that features are made from.
 *
 * @returns a line for each symbol and what it lacks, with what becomes of it; none of the book where no symbol has one
 */
export async function lackingDayLines(
  store: Store,
  { exchange, symbols, days, source, barUs = MINUTE_US }: Looked,
): Promise<readonly string[]> {
  if (source === "candles") return [];
  const lacking: LackingDays[] = [];
  let hasBook = false;
  for (const symbol of symbols) {
    const range = { exchange, symbol, days, barUs };
    const sources = await storedSources(store, range);
    hasBook ||= sources.some(({ source: { tag } }) => tag !== "trades");
    lacking.push(...lackingDays(symbol, sources));
  }
  return lacking
    .filter(({ what }) => hasBook || what !== "book")
    .map((one) => {
      const taken = one.days.length === one.of ? "features made from them" : "their rows";
      return `MISSING: ${lackingText(one)}, so ${taken} are left out`;
    });
}

function nothingStored(
  symbol: string,
  what: "candles" | "features",
  { exchange, days, barUs }: Pick<FeatureRequest, "exchange" | "days" | "barUs">,
): OptionError {
  const [from, to] = [days[0]!, dateOf(dayStartUs(days.at(-1)!) + DAY_US)];
  const command =
    what === "candles"
      ? "candles --product …"
      : `features --exchange ${exchange} --symbols ${symbol}${barUs === MINUTE_US ? "" : ` --bar ${barName(barUs)}`}`;
  return new OptionError({
    column: "--exchange, --symbols, --from",
    message: `named ${exchange} ${symbol} from ${from}, of which no ${what} are stored`,
    fix: `make them with \`npx tickbook ${command} --from ${from} --to ${to}\``,
  });
}
