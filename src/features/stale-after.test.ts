import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { staleAfterUs } from "./stale-after.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-stale-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (text: string): Promise<void> => writeFile(path.join(folder, "tickbook.yaml"), text);

test("an exchange's own limit counts for it alone, and a minute for all others", async () => {
  expect(staleAfterUs("bitstamp", folder)).toBe(60e6);
  await write("book:\n");
  expect(staleAfterUs("bitstamp", folder)).toBe(60e6);
  await write("book: { staleAfterSeconds: { bitstamp: 120, coinbase: 0.5 } }\n");
  const limits = ["bitstamp", "coinbase", "binance"].map((name) => staleAfterUs(name, folder));
  expect(limits).toEqual([120e6, 0.5e6, 60e6]);
});

test.each([
  ["{ staleAfterSeconds: { bitstamp: -1 } }", /book\.staleAfterSeconds\.bitstamp: was -1,/],
  ["{ staleAfterSeconds: { bitstamp: soon } }", /book\.staleAfterSeconds\.bitstamp: was "soon",/],
  ["{ staleAfterSeconds: 60 }", /book\.staleAfterSeconds: was/],
  ["{ stale: 60 }", /book: was \{"stale":60\}, expected seconds/],
  ["60", /book: was 60/],
])("%s is refused with its place and an example", async (section, message) => {
  await write(`book: ${section}\n`);
  expect(() => staleAfterUs("bitstamp", folder)).toThrow(message);
  expect(() => staleAfterUs("bitstamp", folder)).toThrow(/bitstamp: 120/);
});
