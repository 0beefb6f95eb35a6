import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { mirrorPath } from "./day-files.js";
import { hiddenDays } from "./hidden-days.js";
import { symbolIndex } from "./settings.js";
import { type SimulationOptions, simulateMarket } from "./simulate-market.js";
import { thinDay } from "./thin-market.js";

const OPTIONS: SimulationOptions = {
  symbols: ["ETHUSDT"],
  from: "2024-01-01",
  to: "2024-01-02",
  seed: 9,
  edge: "strong",
  isThin: true,
  hasFaults: false,
  types: ["trades", "book_snapshot_25", "simulation_truth", "candles"],
};

const folder = mkdtempSync(path.join(tmpdir(), "tickbook-thin-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rowsOf = (root: string, type: string): string[][] =>
  gunzipSync(readFileSync(path.join(root, mirrorPath(type, "ETHUSDT", "2024-01-01"))))
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));

const root = path.join(folder, "mirror");
beforeAll(async () => {
  await simulateMarket(root, OPTIONS);
});

test("every number of the files reads as the one that the market in memory has", async () => {
  const day = hiddenDays(OPTIONS).next().value;
  const made = thinDay(day, symbolIndex("ETHUSDT"), OPTIONS);
  const [, ...trades] = rowsOf(root, "trades");
  let row = 0;
  let wrong = 0;
  for await (const { localTimestampUs, timestampUs, side, price, amount } of made.trades) {
    price.forEach((each, i) => {
      const expected = [timestampUs[i]!, localTimestampUs[i]!, each, amount[i]!];
      const [, , exchangeUs, localUs, , name, ...numbers] = trades[row++]!;
      const found = [exchangeUs, localUs, ...numbers].map(Number);
      if (name !== (side[i] === 1 ? "buy" : "sell")) wrong++;
      found.forEach((value, at) => {
        if (value !== expected[at]) wrong++;
      });
    });
  }
  expect(trades).toHaveLength(row);
  const [, ...states] = rowsOf(root, "book_snapshot_25");
  let state = 0;
  for await (const batch of made.bookSnapshots) {
    batch.localTimestampUs.forEach((localUs, i) => {
      const numbers = states[state++]!.slice(2).map(Number);
      const expected = [batch.timestampUs[i]!, localUs];
      for (let level = 0; level < 25; level++) {
        expected.push(batch.askPrice[level]![i]!, batch.askAmount[level]![i]!);
        expected.push(batch.bidPrice[level]![i]!, batch.bidAmount[level]![i]!);
      }
      expected.forEach((value, at) => {
        if (value !== numbers[at]) wrong++;
      });
    });
  }
  expect(states).toHaveLength(state);
  expect(state).toBe(7 * 1440);
  expect(wrong).toBe(0);
});

test("ids count up by one from that of the day's first trade", () => {
  const ids = rowsOf(root, "trades")
    .slice(1)
    .map((cells) => Number(cells[4]));
  expect(ids.length).toBeGreaterThan(4000);
  expect(ids.every((id, i) => id === ids[0]! + i)).toBe(true);
});

test("the record says that the market is thin, and the full one is another", async () => {
  const record = JSON.parse(readFileSync(path.join(root, "simulation.json"), "utf8"));
  expect(record.market).toEqual({
    seed: 9,
    edge: "strong",
    from: "2024-01-01",
    hasFaults: false,
    isThin: true,
  });
  expect((await simulateMarket(root, OPTIONS)).kept).toBe(1);
  const { isThin: _, ...full } = OPTIONS;
  await expect(simulateMarket(root, full)).rejects.toThrow(/another market/);
});

test("faults, and types that it does not have, are refused before anything is written", async () => {
  const elsewhere = path.join(folder, "elsewhere");
  const faulty = simulateMarket(elsewhere, { ...OPTIONS, hasFaults: true });
  await expect(faulty).rejects.toThrow(/--faults.*was given with --thin/);
  const types = ["trades", "quotes"] as const;
  const other = simulateMarket(elsewhere, { ...OPTIONS, types });
  await expect(other).rejects.toThrow(OptionError);
  expect(() => readFileSync(path.join(elsewhere, "simulation.started.json"))).toThrow(/ENOENT/);
});
