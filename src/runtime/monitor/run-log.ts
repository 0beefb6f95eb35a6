import path from "node:path";
import type { Writable } from "node:stream";
import picocolors from "picocolors";
import { pino, stdTimeFunctions } from "pino";
import { makeFolder } from "../../core/folder.js";
import { visibleText } from "../../core/visible-text.js";
import { LogFile, type LogFileOptions } from "./log-file.js";
import type { LogLevel, LogLine } from "./monitor-state.js";
import { secretRemover } from "./secret-texts.js";
import { shortText } from "./short-text.js";

/** What goes with a line; NaN and infinities become null. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** A run's log. No call throws. */
export interface RunLog {
  readonly debug: (text: string, fields?: LogFields) => void;
  readonly info: (text: string, fields?: LogFields) => void;
  readonly warn: (text: string, fields?: LogFields) => void;
  readonly error: (text: string, fields?: LogFields) => void;
  readonly close: () => void;
}

/** Where lines go. */
export interface RunLogOptions extends LogFileOptions {
  readonly run: string;
  /** Folder of the run; its file is `log.jsonl`. */
  readonly folder: string;
  /** Texts that must stand in no line. */
  readonly secrets?: readonly string[];
  /** Gets each line, too. */
  readonly onLine?: (line: LogLine) => void;
  /** A terminal for short lines. */
  readonly terminal?: Writable;
}

const SECRET_NAMES = [
  "apiKey",
  "api_key",
  "authorization",
  "cookie",
  "key",
  "password",
  "secret",
  "token",
  "webhook",
];
const LONGEST_FIELD = 2000;
/** Names that pino writes itself. */
const OWN_NAMES: readonly string[] = ["level", "time", "run", "text"];

/**
 * Opens a run's log: JSON lines with level, time (UTC), run, text and fields in `{folder}/log.jsonl`, and the same in short
 * for a terminal and the page. Fields that are called like a secret, and texts that are one, are hidden everywhere.
 *
 * @throws {OptionError} the folder cannot be written to
 */
export function openRunLog(options: RunLogOptions): RunLog {
  makeFolder(options.folder, "--data");
  const file = new LogFile(path.join(options.folder, "log.jsonl"), options);
  const hidden = secretRemover(options.secrets ?? []);
  const logger = pino(
    {
      level: "debug",
      base: { run: options.run },
      messageKey: "text",
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_NAMES, censor: "[secret]" },
      hooks: { streamWrite: hidden },
    },
    { write: (line) => spread(line, file, options) },
  );
  const say =
    (level: LogLevel) =>
    (text: string, fields: LogFields = {}): void =>
      logger[level](bounded(fields), shortText(text, LONGEST_FIELD));
  return {
    debug: say("debug"),
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
    close: () => file.close(),
  };
}

function bounded(fields: LogFields): LogFields {
  const entries = Object.entries(fields).map(([name, value]) => {
    const own = OWN_NAMES.includes(name) ? `${name}_` : name;
    return [own, typeof value === "string" ? shortText(value, LONGEST_FIELD) : value];
  });
  return Object.fromEntries(entries);
}

interface ParsedLine {
  readonly level: LogLevel;
  readonly time: string;
  readonly run: string;
  readonly text: string;
  readonly [field: string]: unknown;
}

function spread(line: string, file: LogFile, { onLine, terminal }: RunLogOptions): void {
  file.write(line);
  const { level, time, run: _, text, ...fields } = JSON.parse(line) as ParsedLine;
  const detail = Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
  onLine?.({ atMs: Date.parse(time), level, text, detail });
  if (terminal === undefined || level === "debug") return;
  const words = visibleText([text, detail].filter((part) => part !== "").join("  "));
  terminal.write(`${time.slice(11, 19)} ${coloured(level)} ${words}\n`);
}

function coloured(level: LogLevel): string {
  const word = level.padEnd(5);
  if (level === "error") return picocolors.red(word);
  return level === "warn" ? picocolors.yellow(word) : picocolors.dim(word);
}
