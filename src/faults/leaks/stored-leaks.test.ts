import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasStood } from "../result-table.js";
import { honestMarket, plantStoredLeak, STORED_LEAKS, type StoredRun } from "./stored-leaks.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-leaks-"));
const folder = path.join(root, "planted");
const MARKET = { seed: 1, horizonBars: 5 };
let run: StoredRun;

// All leaks are planted in copies of one market; the first of them makes its own, as a campaign's do.
beforeAll(async () => {
  mkdirSync(folder);
  const markets = new Map([[MARKET.seed, await honestMarket(path.join(root, "honest"), MARKET)]]);
  run = { ...MARKET, seeds: [MARKET.seed], bars: 0, folder, markets };
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each(STORED_LEAKS)("$fault is caught, and the honest data raises no alarm", async (leak) => {
  const { markets, ...alone } = run;
  const result = await plantStoredLeak(leak, leak === STORED_LEAKS[0] ? alone : run);
  expect(result).toMatchObject({ tries: 1, detected: 1, silent: 0, falseAlarms: 0 });
  expect(readdirSync(folder)).toEqual([]);
});

test("a leak that is none is told of", async () => {
  const none = {
    ...STORED_LEAKS[0]!,
    plant: async <Data>(dataset: Data): Promise<Data> => dataset,
  };
  const result = await plantStoredLeak(none, run);
  expect([result.silent, hasStood(result)]).toEqual([1, false]);
});
