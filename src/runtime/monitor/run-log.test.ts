import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LogLine } from "./monitor-state.js";
import { openRunLog, type RunLog, type RunLogOptions } from "./run-log.js";
import { HOSTILE_TEXTS } from "./test-hostile-texts.js";

const SECRET = "https://hooks.example/services/T0/B0/abcdefghij";

let folder = "";
let log: RunLog | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-log-"));
});

afterEach(() => {
  log?.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<RunLogOptions> = {}): RunLog {
  log = openRunLog({ run: "demo", folder: path.join(folder, "runtime", "demo"), ...options });
  return log;
}

function written(): string {
  return readFileSync(path.join(folder, "runtime", "demo", "log.jsonl"), "utf8");
}

test("each line is JSON with level, time, run, text and fields, and is there when the call returns", () => {
  const lines: LogLine[] = [];
  const { info, warn, error, debug } = open({ onLine: (line) => lines.push(line) });
  info("bar ended", { symbol: "BTCUSDT", probability: Number.NaN, isStaked: false });
  warn("feed reconnected", { tries: 2 });
  error("text", { text: "a field of the same name", level: 7 });
  debug("a detail");
  const parsed = written()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(parsed).toMatchObject([
    {
      level: "info",
      run: "demo",
      text: "bar ended",
      symbol: "BTCUSDT",
      probability: null,
      isStaked: false,
    },
    { level: "warn", text: "feed reconnected", tries: 2 },
    { level: "error", text: "text", text_: "a field of the same name", level_: 7 },
    { level: "debug", text: "a detail" },
  ]);
  for (const line of parsed) expect((line as { time: string }).time).toMatch(/^\d{4}-.*Z$/);
  expect(lines).toMatchObject([
    { level: "info", text: "bar ended", detail: "symbol=BTCUSDT probability=null isStaked=false" },
    { level: "warn", text: "feed reconnected", detail: "tries=2" },
    {},
    {},
  ]);
});

test("no secret reaches file, terminal or page, whether by its name, its text or within an address", () => {
  const lines: LogLine[] = [];
  const terminal = new PassThrough();
  const { info } = open({ secrets: [SECRET], terminal, onLine: (line) => lines.push(line) });
  info(`posting to ${SECRET} failed`, { why: `404 for ${new URL(SECRET).pathname}` });
  info("settings", {
    token: "tok-1234567",
    key: "k",
    password: "hunter2hunter2",
    apiKey: "a-key-8910",
  });
  info("database", { url: "postgres://me:pass-word@host/db" });
  const all = written() + String(terminal.read()) + JSON.stringify(lines);
  expect(all).not.toMatch(/abcdefghij|tok-1234567|hunter2|a-key-8910|pass-word/);
  expect(all.match(/\[secret\]/g)!.length).toBeGreaterThanOrEqual(21);
});

test("hostile texts make one line each, and none that a terminal obeys", () => {
  const terminal = new PassThrough();
  const { warn } = open({ terminal });
  for (const text of HOSTILE_TEXTS) warn(text, { symbol: text });
  const parsed = written()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { text: string });
  const first = (text: string): string => text.slice(0, 1999).replaceAll("\ud800", "\ufffd");
  expect(parsed.map(({ text }) => first(text))).toEqual(HOSTILE_TEXTS.map(first));
  const shown = String(terminal.read());
  expect(shown.split("\n")).toHaveLength(HOSTILE_TEXTS.length + 1);
  // The colour of the level is the log's own.
  const own = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
  expect(shown.replace(own, "").replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});

test("a terminal gets short lines, and no details", () => {
  const terminal = new PassThrough();
  const { info, debug } = open({ terminal });
  debug("a detail");
  info("bar ended", { symbol: "BTCUSDT" });
  const own = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
  const shown = String(terminal.read()).replace(own, "");
  expect(shown).toMatch(/^\d\d:\d\d:\d\d info {2}bar ended {2}symbol=BTCUSDT\n$/);
});
