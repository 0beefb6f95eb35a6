import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFile } from "./log-file.js";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-log-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");

test("a log never holds more than its files allow, and the last lines are all there in order", () => {
  const log = new LogFile(path.join(folder, "log.jsonl"), { mostBytes: 100, kept: 2 });
  const lines = Array.from({ length: 500 }, (_, i) => `line ${i}\n`);
  for (const line of lines) log.write(line);
  log.close();
  expect(readdirSync(folder).sort()).toEqual(["log.1.jsonl", "log.2.jsonl", "log.jsonl"]);
  for (const name of readdirSync(folder)) {
    // The line that fills a file still goes into it.
    expect(statSync(path.join(folder, name)).size).toBeLessThan(100 + 10);
  }
  const kept = ["log.2.jsonl", "log.1.jsonl", "log.jsonl"].map(read).join("");
  expect(lines.join("").endsWith(kept)).toBe(true);
  expect(log.lost).toBe(0);
});

test("a log that is opened again goes on where it was, and counts what it holds", () => {
  const file = path.join(folder, "log.jsonl");
  for (const line of ["one\n", "two\n", "three\n"]) {
    const log = new LogFile(file, { mostBytes: 8, kept: 1 });
    log.write(line);
    log.close();
  }
  expect([read("log.1.jsonl"), read("log.jsonl")]).toEqual(["one\ntwo\n", "three\n"]);
});

test("only its owner may read a log", () => {
  const log = new LogFile(path.join(folder, "log.jsonl"));
  log.close();
  expect(statSync(path.join(folder, "log.jsonl")).mode & 0o777).toBe(0o600);
});

test("lines that cannot be written are counted and stop nothing", () => {
  const log = new LogFile("/dev/full");
  log.write("a line\n");
  log.write("another\n");
  expect(log.lost).toBe(2);
  log.close();
  log.write("after the end\n");
  expect(log.lost).toBe(3);
});
