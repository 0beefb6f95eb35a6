import { existsSync } from "node:fs";
import path from "node:path";
import { DataError, OptionError } from "../../core/errors.js";
import { lostConnection, type RecordedMessage, type Recording } from "./recorded-message.js";
import { textLines } from "./text-lines.js";

/** What of the raw minutes to play. */
export interface RawRequest {
  /** Folder of raw minutes, `{exchange}/{yyyy}/{mm}/{dd}/{HH}/{MM}.json.gz`. */
  readonly folder: string;
  readonly exchange: string;
  /** First minute, as `2024-08-08T23:54` or a day, UTC, and the minute after the last. */
  readonly from: string;
  readonly to: string;
}

const MINUTE_MS = 60_000;

/** `2024-08-08T23:54:13.9370857Z {…}`: seconds, fraction, message. */
const LINE = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z (.*)$/s;

const STREAM = /^\{"stream":"([^@"]+)(@[^"]+)"/;

/**
 * Raw minutes of Binance as they were recorded; the topic is the stream's name. A minute that is not there is a lost
 * connection.
 *
 * @throws {OptionError} there is no minute at all, or a time is none
 * @throws {DataError} while it is read: a minute is damaged or cannot be read
 */
export function rawRecording({ folder, exchange, from, to }: RawRequest): Recording {
  const [fromMs, toMs] = [minuteOf("from", from), minuteOf("to", to)];
  const minutes: { readonly startMs: number; readonly file: string }[] = [];
  for (let startMs = fromMs; startMs < toMs; startMs += MINUTE_MS) {
    const steps = new Date(startMs).toISOString().slice(0, 16).split(/[-T:]/);
    const file = `${path.join(folder, exchange, ...steps)}.json.gz`;
    if (existsSync(file)) minutes.push({ startMs, file });
  }
  if (minutes.length > 0) return messagesOf(minutes);
  throw new OptionError({
    column: "folder",
    message: `was "${folder}", which has no minute of ${exchange} from ${from} to ${to}`,
    fix: "give the folder that holds the exchange's raw minutes",
  });
}

function minuteOf(name: string, text: string): number {
  const ms = Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`);
  if (/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text) && !Number.isNaN(ms)) return ms;
  throw new OptionError({
    column: name,
    message: `was "${text}", expected a UTC day or minute`,
    fix: "write it as yyyy-mm-dd or yyyy-mm-ddThh:mm",
  });
}

async function* messagesOf(
  minutes: readonly { readonly startMs: number; readonly file: string }[],
): AsyncGenerator<readonly RecordedMessage[], void, undefined> {
  let nextMs = minutes[0]!.startMs;
  let lastUs = nextMs * 1000;
  for (const { startMs, file } of minutes) {
    if (startMs > nextMs) yield [lostConnection(lastUs)];
    nextMs = startMs + MINUTE_MS;
    let row = 0;
    for await (const lines of textLines(file)) {
      const batch: RecordedMessage[] = [];
      for (const line of lines) {
        row++;
        const message = line === "" ? lostConnection(lastUs) : readLine(line);
        if (message === undefined) throw unreadable(file, row, line);
        lastUs = message.localUs;
        batch.push(message);
      }
      yield batch;
    }
  }
}

function readLine(line: string): RecordedMessage | undefined {
  const [, seconds, fraction = "", text = ""] = LINE.exec(line) ?? [];
  if (seconds === undefined) return undefined;
  const localUs = Date.parse(`${seconds}Z`) * 1000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
  const [, name = "", channel = ""] = STREAM.exec(text) ?? [];
  return { localUs, symbol: name.toUpperCase(), topic: `${name}${channel}`, text };
}

function unreadable(file: string, row: number, line: string): DataError {
  return new DataError({
    file,
    row,
    message: `began with ${JSON.stringify(line.slice(0, 40))}, expected a time and a message`,
    fix: "fetch the minute again",
  });
}
