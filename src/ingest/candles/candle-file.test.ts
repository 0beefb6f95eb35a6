import { writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { DataError, OptionError } from "../../core/errors.js";
import { type CandleFile, readCandleFile } from "./candle-file.js";
import { candle, candlesOf, cleanUp, DATE, freshFolder, NOW_US, START_S } from "./test-candles.js";

const HEADER = "time,low,high,open,close,volume";

afterEach(cleanUp);

async function read(content: string | Buffer, dates?: readonly string[]): Promise<CandleFile> {
  const file = path.join(await freshFolder(), "candles.csv");
  await writeFile(file, content);
  return readCandleFile(file, {
    isWanted: (date) => dates?.includes(date) ?? true,
    nowUs: NOW_US,
  });
}

const csv = (rows: readonly unknown[]): string => `${[HEADER, ...rows].join("\n")}\n`;

const row = (minute: number): string => candle(START_S + 60 * minute).join(",");

test("plain and gzip give the same columns, to the bit, across the pieces a file is read in", async () => {
  const candles = [...candlesOf({ days: 24 }).values()];
  const text = csv(candles.map((one) => one.join(",")));
  // Several pieces of a mebibyte.
  expect(text.length).toBeGreaterThan(2 << 20);
  for (const content of [text, gzipSync(text)]) {
    const { days, rejectedRows } = await read(content);
    expect(rejectedRows).toEqual([]);
    expect(days.size).toBe(24);
    let at = 0;
    let wrong = 0;
    for (const { candles: columns, rejected } of days.values()) {
      expect(rejected).toEqual([]);
      const { barStartUs, low, high, open, close, volume } = columns;
      for (let i = 0; i < barStartUs.length; i++, at++) {
        const found = [barStartUs[i]! / 1e6, low[i], high[i], open[i], close[i], volume[i]];
        if (!found.every((value, field) => value === candles[at]![field])) wrong++;
      }
    }
    expect({ at, wrong }).toEqual({ at: candles.length, wrong: 0 });
  }
});

test("bad rows are left out, named by line and counted on the day they belong to", async () => {
  const nextDay = 1440;
  const { days, rejectedRows } = await read(
    csv([
      "no,row,at,all,is,here",
      row(0),
      row(1).replace(/,[^,]*$/, ",-3"),
      row(1),
      row(1),
      row(0),
      "",
      `${row(2)},9`,
      `${row(3)}\r`,
      row(3).replace(/^\d+/, (time) => `${Number(time) + 1}`),
      row(4).replace(",", ",0x"),
      row(5).replace(",", ", "),
      row(6).replace(/^\d+/, (time) => `${time}000`),
      row(nextDay),
      row(7),
    ]),
  );
  expect(rejectedRows).toEqual([
    { line: 2, reason: "time: not a whole number of seconds" },
    { line: 4, reason: "volume: negative or no number" },
    { line: 6, reason: "time: a minute that came before" },
    { line: 7, reason: "time: earlier than a row before" },
    { line: 8, reason: "row: not of 6 columns" },
    { line: 9, reason: "row: not of 6 columns" },
    { line: 10, reason: "volume: no number" },
    { line: 11, reason: "time: not the start of a minute" },
    { line: 12, reason: "low: no number" },
    { line: 13, reason: "low: no number" },
    { line: 14, reason: "time: after 2286, so not in seconds since 1970" },
    { line: 16, reason: "time: earlier than a row before" },
  ]);
  expect([...days].map(([date, { candles }]) => [date, candles.barStartUs.length])).toEqual([
    [DATE, 2],
    ["2024-08-09", 1],
  ]);
  const counts = [...days.values()].map(({ rejected }) => rejected.length);
  // A row of the first day after the second's counts for the first, and so does what cannot be dated after it.
  expect(counts).toEqual([12, 0]);
  const { rejected } = days.get(DATE)!;
  expect(rejected.map(({ line, reason }) => ({ line, reason }))).toEqual(rejectedRows);
  expect(rejected[0]!.text).toBe("no,row,at,all,is,here");
});

test("a file that ends within a line is refused, plain or gzip: its last number may have lost digits", async () => {
  const text = csv(Array.from({ length: 1440 }, (_, minute) => row(minute)));
  for (const lost of [1, 2, 10, 60]) {
    const cut = text.slice(0, -lost);
    for (const content of [cut, gzipSync(cut)]) {
      const reading = read(content);
      await expect(reading).rejects.toThrow(DataError);
      await expect(reading).rejects.toThrow(
        "candles.csv, row 1441: was not ended by a line feed, so the file may have been cut within it; " +
          "get the file again, or add a line feed where it is whole",
      );
    }
  }
});

test("days that are not wanted are read for their order only", async () => {
  const { days, rejectedRows } = await read(csv([row(0), "bad", row(1440), "bad"]), ["2024-08-09"]);
  expect([...days.keys()]).toEqual(["2024-08-09"]);
  expect(rejectedRows).toEqual([{ line: 5, reason: "row: not of 6 columns" }]);
});

test("a file that is none of candles, or a damaged one, is refused with what was wrong", async () => {
  const good = gzipSync(csv(Array.from({ length: 5000 }, (_, minute) => row(minute))));
  const flipped = Buffer.from(good);
  flipped[flipped.length >> 1]! ^= 4;
  const wrong: readonly (readonly [string | Buffer, RegExp])[] = [
    ["", /row 1: the header was "", expected "time,low,high,open,close,volume"; write/],
    [`\uFEFF${csv([row(0)])}`, /row 1: the header was "\\ufefftime/],
    [csv([row(0)]).replaceAll("\n", "\r\n"), /row 1: the header was ".*\\r"/],
    [csv([row(0)]).replace("low,high", "high,low"), /row 1: the header was "time,high,low/],
    [csv([row(0)]).replace("volume", "volume,trades"), /row 1: the header was/],
    [csv([]), /candles.csv: held no rows/],
    [
      csv(["1723075200000,1,1,1,1,1"]),
      /row 2: time: after 2286, so not in seconds since 1970, and no row/,
    ],
    [
      csv([row(0), ...new Array(2200).fill("x".repeat(65_000))]),
      /row 3: row: not of 6 columns, and so many rows after it are bad/,
    ],
    ["x".repeat(1 << 20), /had a line of more than 65536 characters/],
    [good.subarray(0, good.length - 9), /was truncated/],
    [flipped, /was damaged/],
    [Buffer.concat([good, Buffer.from("more")]), /was damaged|was followed by 4 bytes/],
  ];
  for (const [content, words] of wrong) {
    const reading = read(content);
    await expect(reading).rejects.toThrow(words);
    await expect(reading).rejects.toThrow(DataError);
  }
  for (const file of ["/nowhere/x.csv", await freshFolder()]) {
    const reading = readCandleFile(file, { isWanted: () => true, nowUs: NOW_US });
    await expect(reading).rejects.toThrow(OptionError);
  }
});
