import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { hasStood } from "../result-table.js";
import { plantStoredLeak, STORED_LEAKS } from "./stored-leaks.js";

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-leaks-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const RUN = { seeds: [1], bars: 0, horizonBars: 5, folder };

test.each(STORED_LEAKS)("$fault is caught, and the honest data raises no alarm", async (leak) => {
  const result = await plantStoredLeak(leak, RUN);
  expect(result).toMatchObject({ tries: 1, detected: 1, silent: 0, falseAlarms: 0 });
  expect(readdirSync(folder)).toEqual([]);
});

test("a leak that is none is told of", async () => {
  const none = {
    ...STORED_LEAKS[0]!,
    plant: async <Data>(dataset: Data): Promise<Data> => dataset,
  };
  const result = await plantStoredLeak(none, RUN);
  expect([result.silent, hasStood(result)]).toEqual([1, false]);
});
