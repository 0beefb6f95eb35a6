// What does `train` say of days that lack the book? It refuses what cannot be had, and tells what is left out.
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshStore } from "../audit/sources/test-sources.js";
import { DAYS, EXCHANGE, storeLacking } from "../dataset/test-lacking-market.js";
import { readLedger } from "../registry/ledger.js";
import type { Store } from "../store/store.js";
import { runCommandLine } from "./test-output.js";

let store: Store;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  await storeLacking(store, {
    BTCUSDT: {},
    ETHUSDT: { book: 3 },
    SOLUSDT: { book: 5 },
    ADAUSDT: { trades: 5 },
  });
});
afterAll(() => remove());

const train = (symbols: string, from: string, ...more: string[]) =>
  runCommandLine(
    ...["train", "--model", "logistic", "--exchange", EXCHANGE, "--symbols", symbols],
    ...["--from", from, "--to", "2024-02-10", "--data", store.root, ...more],
  );

test("the full set is refused with symbol, days and remedy, and no trial is recorded", async () => {
  const { code, out, err } = await train("BTC,ETH", DAYS[0]!, "--columns", "full");
  expect(code).toBe(2);
  expect(err).toMatch(
    /^tickbook: obi_l1, obi_l5, .*: needs an order book, and ETHUSDT has no book on 3 of 5 days \(2024-02-05 to 2024-02-07\); ingest .* --columns base\n$/,
  );
  expect(out).not.toContain("features left out");
  expect((await readLedger(store.root)).state.trials.size).toBe(0);
});

test("without a set the days are named, their rows are counted, and no column is called young for them", async () => {
  const { code, out } = await train("BTC,ETH", DAYS[0]!);
  expect(code).toBe(0);
  expect(out).toContain(
    "MISSING: ETHUSDT has no book on 3 of 5 days (2024-02-05 to 2024-02-07), so their rows are left out\n",
  );
  expect(out).toMatch(/^features left out, for which the days are too few.*: vol_regime_low,/m);
  expect(out).not.toMatch(/^features left out.*obi_l1/m);
  expect(out).toMatch(/^bars left out: 4,320 for not in the source/m);
});

test("the full set goes on where few days lack a book, and says so; whole days tell nothing", async () => {
  const few = await train("BTC,ETH", DAYS[1]!, "--columns", "full");
  expect(few.code).toBe(0);
  expect(few.out).toContain("MISSING: ETHUSDT has no book on 2 of 4 days (2024-02-06 to 2024-02");
  const whole = await train("BTC", DAYS[1]!, "--columns", "full");
  expect([whole.code, whole.out]).toEqual([0, expect.not.stringContaining("MISSING")]);
});

test("of a tape without any book nothing more is said than that its label is on closes", async () => {
  const { code, out } = await train("SOL", DAYS[0]!);
  expect(code).toBe(0);
  expect(out).toContain("BOUNCE-PRONE");
  expect(out).not.toContain("MISSING");
});

test("a symbol without any trades takes what is made from them away, and that is told", async () => {
  const { code, out } = await train("BTC,ADAUSDT", DAYS[0]!);
  expect(code).toBe(0);
  expect(out).toContain(
    "MISSING: ADAUSDT has no trades on 5 of 5 days (2024-02-05 to 2024-02-09), so features made from them are left out\n",
  );
});
