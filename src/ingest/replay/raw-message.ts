import { DataError } from "../../core/errors.js";
import { type MicrosecondDate, microsecondDate } from "../../store/rows/microsecond-date.js";

/** A message as the exchange sent it, and when it arrived. */
export interface RawMessage {
  readonly localTime: MicrosecondDate;
  readonly message: unknown;
}

/** Characters of `2024-08-08T23:54:`, which all lines of a minute begin with. */
const MINUTE_CHARACTERS = 17;

/** Seconds, at most nine decimals, `Z` and a space. */
const REST = /^([0-5]\d)(?:\.(\d{1,9}))?Z /;

/**
 * A reader of one raw minute's lines: `2024-08-08T23:54:13.9370857Z {…}`. Times are cut to µs, as the vendor does.
 *
 * @param minuteUs - start of the minute that the lines must be of
 * @returns reads a line; throws a DataError without its place when it has no time of that minute or no JSON
 */
export function rawLineReader(minuteUs: number, exchange: string): (line: string) => RawMessage {
  const minute = new Date(minuteUs / 1000).toISOString().slice(0, MINUTE_CHARACTERS);
  return (line) => {
    const rest = REST.exec(line.slice(MINUTE_CHARACTERS, MINUTE_CHARACTERS + 14));
    if (!line.startsWith(minute) || rest === null) throw wrongTime(line, minute);
    const [all, seconds, fraction = ""] = rest;
    const fractionUs = Number(fraction.slice(0, 6).padEnd(6, "0"));
    const localTime = microsecondDate(minuteUs + 1e6 * Number(seconds) + fractionUs);
    const text = line.slice(MINUTE_CHARACTERS + all.length);
    try {
      return { localTime, message: JSON.parse(withTextIds(exchange, text)) };
    } catch {
      throw noJson(text);
    }
  };
}

function wrongTime(line: string, minute: string): DataError {
  const shown = JSON.stringify(line.slice(0, 28));
  return new DataError({
    message: `the line began with ${shown}, expected a time of the minute ${minute.slice(0, -1)}Z`,
    fix: "fetch the minute again",
  });
}

function noJson(text: string): DataError {
  const shown = JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)} …`);
  return new DataError({
    message: `the message was ${shown}, which is no JSON`,
    fix: "fetch the minute again",
  });
}

/** Two exchanges number trades beyond what a double holds; the numbers are read as texts, as the vendor's client does. */
function withTextIds(exchange: string, text: string): string {
  if (exchange.startsWith("huobi-") && text.includes(".trade.detail")) {
    return text.replace(/"id":([0-9]+),/g, '"id":"$1",');
  }
  if (exchange === "upbit" && text.includes("sequential_id")) {
    return text.replace(/"sequential_id":([0-9]+),/g, '"sequential_id":"$1",');
  }
  return text;
}
