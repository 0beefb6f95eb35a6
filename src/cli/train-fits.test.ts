// From candles to several fits: what is said of seeds and of a search, and what the ledger holds of them.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CandleStore, candleStore } from "./test-candle-store.js";

/** A perceptron that is trained in no time. */
const SMALL = ["--model", "mlp", "--set", "epochs=2", "batchSize=256", "stride=3"];

let store: CandleStore;
beforeAll(async () => {
  store = await candleStore(3, (normal) => ({
    change: normal / 1000,
    volume: 1 + Math.abs(normal),
  }));
});
afterAll(() => store.remove());

interface Said {
  readonly version: string;
  readonly entries: number;
  readonly seeds: readonly {
    readonly seed: number;
    readonly version: string;
    readonly isLoaded: boolean;
    readonly figures: Record<string, number>;
  }[];
  readonly summary: Record<string, { readonly mean: number; readonly deviation: number }>;
  readonly added: number;
  readonly search: {
    readonly added: number;
    readonly tries: readonly {
      readonly changes: object;
      readonly earlyStopLoss: number;
      readonly isChosen: boolean;
      readonly models: readonly { readonly version: string; readonly isLoaded: boolean }[];
    }[];
  };
}

async function train(...more: readonly string[]): Promise<Said> {
  const { code, out, err } = await store.train(...SMALL, "units=3", ...more, "--json");
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}

const trials = async () => JSON.parse((await store.run("trials", "--json")).out);

test("several seeds are several trials, with mean and deviation beside each", async () => {
  const { seeds, summary, added, version } = await train("--seed", "4", "--seeds", "3");
  expect(seeds.map(({ seed }) => seed)).toEqual([4, 5, 6]);
  expect(added).toBe(3);
  // The one that is reported is the first, whatever the others gave.
  expect(version).toBe(seeds[0]!.version);
  const accuracies = seeds.map(({ figures }) => figures["accuracy"]!);
  const mean = accuracies.reduce((sum, one) => sum + one, 0) / 3;
  expect(summary["accuracy"]!.mean).toBeCloseTo(mean, 12);
  const squares = accuracies.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  expect(summary["accuracy"]!.deviation).toBeCloseTo(Math.sqrt(squares / 2), 12);

  const listed = (await trials()).trials;
  expect(listed.map(({ seed, part }: { seed: number; part: string }) => [seed, part])).toEqual([
    [4, ""],
    [5, "seeds"],
    [6, "seeds"],
  ]);
  const { out } = await store.train(...SMALL, "units=3", "--seed", "4", "--seeds", "3");
  expect(out).toMatch(
    /^seed 5: mlp@\w{12} loaded, accuracy \d\d\.\d\d %, log-loss 0\.\d{5}, Brier/m,
  );
  expect(out).toMatch(
    /^3 seeds: accuracy \d\d\.\d\d ± \d+\.\d\d %, .*scatter of draws, not of the market\); the ledger had all these trials$/m,
  );
});

test("a search tries all, records all, chooses by the early-stop loss, and names what it chose by its version", async () => {
  const before = (await trials()).count;
  const grid = ["--seed", "4", "--grid", "units=2,3", "dropout=0,0.2"];
  const first = await store.train(...SMALL, ...grid);
  expect(first.code).toBe(0);
  expect(first.out).toMatch(/^try 2 of 4, units 2, dropout 0\.2: epoch 1 of at most 2: loss/m);
  // One of them is the first seed's of the test before.
  expect(first.out).toMatch(
    /has the least early-stop loss of 4, which alone chose it; 3 trials added to the ledger, and the deflated Sharpe/,
  );
  expect((await trials()).count).toBe(before + 3);
  const {
    search: { tries, added },
    version,
  } = JSON.parse((await store.train(...SMALL, ...grid, "--json")).out) as Said;
  expect(added).toBe(0);
  expect(tries.map(({ changes }) => changes)).toEqual([
    { units: [2], dropout: 0 },
    { units: [2], dropout: 0.2 },
    { units: [3], dropout: 0 },
    { units: [3], dropout: 0.2 },
  ]);
  const losses = tries.map(({ earlyStopLoss }) => earlyStopLoss);
  const chosen = tries.filter(({ isChosen }) => isChosen);
  expect(chosen).toHaveLength(1);
  expect(chosen[0]!.earlyStopLoss).toBe(Math.min(...losses));
  expect(version).toBe(chosen[0]!.models[0]!.version);
  expect(tries.every(({ models }) => models[0]!.isLoaded)).toBe(true);
});

test("what a search has fitted is told to be one of its tries, and a name alone never means it", async () => {
  const { out } = await store.train(...SMALL, "units=2", "dropout=0", "--seed", "4");
  expect(out).toMatch(/^it was fitted before, for search: give its version where it is meant/m);
  const { code, out: evaluated } = await store.run("trials", "--setting", "units=[2]");
  expect([code, evaluated]).toEqual([0, expect.stringMatching(/ search +/)]);
});
