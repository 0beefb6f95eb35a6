import { writeFile } from "node:fs/promises";
import { afterEach, expect, test } from "vitest";
import { cleanUp } from "../test-mirror.js";
import { type ReplayedMinute, replayNormalized } from "./replay-normalized.js";
import type { ChannelFilter } from "./tardis-normalizers.js";
import { DATE, gzipLines, minuteStartUs, rawLine } from "./test-raw-feed.js";

afterEach(cleanUp);

test("derivative tickers carry what was known, and nothing for what was not", async () => {
  const startMs = minuteStartUs(0) / 1000;
  const funding = startMs + 8 * 3_600_000;
  const mark = { e: "markPriceUpdate", s: "BTCUSDT", i: "60000", r: "0.0001", T: funding };
  const lines = [
    rawLine(1e6, {
      stream: "btcusdt@openInterest",
      data: { symbol: "BTCUSDT", openInterest: "7" },
    }),
    rawLine(2e6 + 5, {
      stream: "btcusdt@markPrice@1s",
      data: { ...mark, E: startMs + 1900, p: "60001.5" },
    }),
    rawLine(3e6, {
      stream: "btcusdt@markPrice@1s",
      data: { ...mark, E: startMs + 2900, p: "-1" },
    }),
  ];
  let asked: readonly ChannelFilter[] = [];
  const source = {
    name: "hand",
    requireKnown: async () => undefined,
    lookUp: async () => undefined,
    fetch: async ({ filters }: { readonly filters: readonly ChannelFilter[] }, file: string) => {
      asked = filters;
      await writeFile(file, gzipLines(lines));
      return file;
    },
    close: () => undefined,
  };
  const request = {
    exchange: "binance-futures",
    symbols: ["BTCUSDT"],
    types: ["derivative_ticker"],
    from: DATE,
    to: `${DATE}T00:01`,
  };
  const minutes: ReplayedMinute[] = [];
  for await (const minute of replayNormalized(source, request)) minutes.push(minute);
  expect(asked.map(({ channel }) => channel)).toEqual(["markPrice", "openInterest", "ticker"]);
  expect(minutes).toHaveLength(1);
  expect(minutes[0]!.rejected).toEqual({ "mark_price: not positive": 1 });
  const { columns, rows } = minutes[0]!.tables[0]!;
  expect(rows).toBe(2);
  const row = (i: number): unknown[] => Object.values(columns).map((column) => column[i]);
  const none = Number.NaN;
  const first = minuteStartUs(0) + 1e6;
  expect(row(0)).toEqual([first, first, none, none, none, 7, none, none, none]);
  const times = [minuteStartUs(0) + 1_900_000, minuteStartUs(0) + 2_000_005];
  expect(row(1)).toEqual([...times, funding * 1000, 0.0001, none, 7, none, 60000, 60001.5]);
});
