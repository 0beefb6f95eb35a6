// What is said of data that nothing can be learned from, and of files that were tampered with? Each through the command line.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CandleStore, candleStore } from "./test-candle-store.js";
import { runCommandLine } from "./test-output.js";

const LATER = "2024-01-08";
let folder = "";
const stores = new Map<string, CandleStore>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-bad-data-"));
});

afterAll(() => {
  for (const { remove } of stores.values()) remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Four days of minutes, stored under a name. */
async function storeCandles(
  name: string,
  minute: Parameters<typeof candleStore>[1],
): Promise<void> {
  stores.set(name, await candleStore(4, minute));
}

const train = (store: string, ...more: string[]): ReturnType<typeof runCommandLine> =>
  stores.get(store)!.train("--model", "logistic", ...more);

test.each([
  ["rises", 0.0001, /fold 1 of 1 of bitfinex BTCUSD: all \d+ training outcomes were "up"/],
  ["falls", -0.0001, /fold 1 of 1 of bitfinex BTCUSD: all \d+ training outcomes were "down"/],
  ["stands still", 0, /fold 1 of 1 of bitfinex BTCUSD: all \d+ training outcomes were ties/],
])(
  "a price that only %s leaves one class: exit 1 with fold, market and remedy",
  async (name, change, said) => {
    await storeCandles(name, (normal) => ({ change, volume: 1 + Math.abs(normal) }));
    const { code, err } = await train(name);
    expect(code).toBe(1);
    expect(err).toMatch(said);
    expect(err).toMatch(/expected ups and downs; give a longer period\n$/);
  },
);

test("a constant volume has no score in any row: exit 1 with the feature's name", async () => {
  await storeCandles("constant", (normal) => ({ change: normal / 1000, volume: 5 }));
  const { code, err } = await train("constant");
  expect(code).toBe(1);
  expect(err).toMatch(/bitfinex BTCUSD, volume: had no value in any of the 5,760 rows, .*; give/);
});

test("minutes without any trade are no candles to train on: exit 2", async () => {
  await storeCandles("tradeless", (normal) => ({ change: normal / 1000, volume: 0 }));
  const { code, err } = await train("tradeless");
  expect(code).toBe(2);
  expect(err).toMatch(
    /bitfinex BTCUSD from 2024-01-01, of which no candles with a trade are stored/,
  );
});

test("what is missing of a market is said, and a symbol without a day is refused", async () => {
  await storeCandles("usual", (normal) => ({
    change: normal / 1000,
    volume: 1 + Math.abs(normal),
  }));
  const few = await train("usual", "--to", "2024-01-02");
  expect(few.code).toBe(1);
  expect(few.out).toMatch(/^Not enough data .*needs 1,500\. Give more days, fewer --folds or a/m);
  const many = await train("usual", "--folds", "200");
  expect(many.code).toBe(1);
  expect(many.out).toMatch(/^Not enough data .* Give more days, fewer --folds or a shorter/m);

  const whole = await train("usual", "--json");
  expect([whole.code, whole.err]).toEqual([0, expect.not.stringContaining("MISSING")]);
  expect(whole.err).toContain("1 trial in the ledger");
  expect(JSON.parse(whole.out)).toMatchObject({ name: "logistic", isLoaded: false });
  const longer = await train("usual", "--to", LATER);
  expect(longer.code).toBe(0);
  expect(longer.out).toMatch(
    /^MISSING: no candles of bitfinex BTCUSD are stored of 3 of 7 days \(2024-01-05, 2024-01-06, /m,
  );
  const other = await train("usual", "--symbols", "BTC,ETH");
  expect(other.code).toBe(2);
  expect(other.err).toMatch(
    /named bitfinex ETHUSD from 2024-01-01, of which no candles are stored/,
  );
});

test("a changed weight and a changed ledger exit 1 and are named", async () => {
  const { name, version } = JSON.parse((await train("usual", "--json")).out);
  const weights = path.join("registry", "models", name, version, "fold1.safetensors");
  const change = (file: string): (() => void) => {
    const whole = readFileSync(path.join(stores.get("usual")!.data, file));
    const changed = Buffer.from(whole);
    changed[200] = whole[200]! ^ 1;
    writeFileSync(path.join(stores.get("usual")!.data, file), changed);
    return () => writeFileSync(path.join(stores.get("usual")!.data, file), whole);
  };
  const commands = [
    (): ReturnType<typeof train> => train("usual"),
    (): ReturnType<typeof train> =>
      stores.get("usual")!.run("evaluate", "--model", `${name}@${version}`),
  ];
  for (const [file, said] of [
    [
      weights,
      /fold1\.safetensors: had another SHA-256 than its bundle says; delete the bundle\.json/,
    ],
    ["registry/trials.jsonl", /trials\.jsonl, row 1: does not fit the chain of hashes/],
  ] as const) {
    const putBack = change(file);
    for (const command of commands) {
      const { code, err } = await command();
      expect(code).toBe(1);
      expect(err).toMatch(said);
    }
    putBack();
  }
  expect((await train("usual")).out).toContain("loaded");
});

test("a file in place of the store is refused by every command, by the name it came from", async () => {
  const file = path.join(folder, "file");
  writeFileSync(file, "");
  for (const command of [["models"], ["trials"], ["evaluate", "--model", "logistic"]]) {
    const { code, err } = await runCommandLine(...command, "--data", file);
    expect(code).toBe(2);
    expect(err).toMatch(/^tickbook: --data: was ".*file", which is no folder; give the folder/);
  }
  const market = ["--exchange", "bitfinex", "--symbols", "BTC", "--source", "candles"];
  for (const command of [
    ["train", "--model", "logistic", ...market, "--from", "2024-01-01"],
    ["promote", "logistic@0123456789ab"],
  ]) {
    const { code, err } = await runCommandLine(...command, "--data", path.join(file, "store"));
    expect(code).toBe(2);
    expect(err).toMatch(/^tickbook: .*file\/store.*(\(ENOTDIR\)|which is no folder); /);
  }
});
