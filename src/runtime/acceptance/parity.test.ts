import { rename } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { numbersToText } from "../../core/exact-numbers.js";
import { FEATURES } from "../../features/catalogue.js";
import { featuresFolder } from "../../features/feature-partition.js";
import { BAR_US } from "../../features/test-market.js";
import type { ComparedPart } from "./compare-bars.js";
import { knownRun } from "./known-run.js";
import { checkParity, type Parity } from "./parity.js";
import { parityFaults } from "./parity-faults.js";
import { equalSymbol } from "./test-parity.js";
import { BEGIN_US, DAYS, type RunStore, runStore, SYMBOL } from "./test-run-store.js";

let place: RunStore;

beforeAll(async () => {
  place = await runStore();
});

afterAll(() => place.close());

const parityOf = async (asked: { from?: string; to?: string } = {}): Promise<Parity> => {
  const { store, journal, model } = place;
  return await checkParity(store, journal, {
    run: await knownRun(journal, "test"),
    model,
    ...asked,
  });
};

/** Plants a change, looks, and takes it back. */
async function withPlanted(statements: readonly string[]): Promise<Parity> {
  const { plant } = place;
  await plant("create table kept as select * from tickbook.decisions");
  try {
    for (const statement of statements) await plant(statement);
    return await parityOf();
  } finally {
    await plant("truncate tickbook.decisions");
    await plant("insert into tickbook.decisions overriding system value select * from kept");
    await plant("drop table kept");
  }
}

const BAR = BEGIN_US + 100 * BAR_US;
const at = `where run = 'test' and bar_end_us = ${BAR}`;

test("a replayed run decides what the store says, bit for bit, also where account and limits decide besides", async () => {
  const parity = await parityOf();
  expect(parity.bars).toBe(300);
  expect(parity).toMatchObject({ isExact: true, differentBars: 0, first: null, distances: null });
  expect(parity).toMatchObject({ missingDays: [], apartDays: [] });
  expect(parity.symbols).toEqual([equalSymbol(SYMBOL, 300)]);
  expect(Object.values(parity.differences).every((count) => count === 0)).toBe(true);
  for (const reason of Object.keys(parity.circumstances)) expect(reason).toMatch(/^(risk|limit): /);
});

const CHANGES: readonly (readonly [ComparedPart, string])[] = [
  // The last bit of the last value: twelve characters are nine bytes, and a value is eight.
  [
    "features",
    `features = encode(set_byte(decode(features, 'base64'), 80, get_byte(decode(features, 'base64'), 80) # 1), 'base64')`,
  ],
  ["mask", "valid = '1'"],
  ["mid", "mid = mid + 1e-9"],
  ["probability", "probability = probability + 1e-15"],
  ["side", "side = 1, reason = ''"],
  ["reason", "side = 0, reason = 'drift'"],
];

test.each(CHANGES)("a change of one bar's %s is found, with its place", async (part, change) => {
  const parity = await withPlanted([`update tickbook.decisions set ${change} ${at}`]);
  expect(parity.differentBars).toBe(1);
  expect(parity.differences[part]).toBe(1);
  expect(parity.first).toMatchObject({ symbol: SYMBOL, barEndUs: BAR });
  expect(parity.first!.logged).not.toBe(parity.first!.computed);
  if (part === "features") expect(parity.first!.logged).toContain(`${FEATURES[10]!.name} `);
});

test("a bar that was not decided on, and one that the store knows nothing of, are found", async () => {
  const gone = await withPlanted([`delete from tickbook.decisions ${at}`]);
  expect(gone).toMatchObject({ differentBars: 1, first: { part: "decision missing" } });
  const moved = `update tickbook.decisions set bar_end_us = ${BAR + 1} ${at}`;
  const both = await withPlanted([moved]);
  expect(both.differences).toMatchObject({ "decision missing": 1, "stored row missing": 1 });
  expect(both.differentBars).toBe(2);
});

test("what people, limits and a lost connection decided is compared as far as the signal goes", async () => {
  const staked = `bar_end_us = (select min(bar_end_us) from tickbook.decisions where side <> 0)`;
  const outside = `update tickbook.decisions set side = 0, reason = 'outside: halted' where ${staked}`;
  const halted = await withPlanted([outside]);
  expect(halted.differentBars).toBe(0);
  expect(halted.circumstances["outside: halted"]).toBe(1);
  // People are asked before the signal, limits only where it has no reason to abstain.
  const unsure = `(select min(bar_end_us) from tickbook.decisions where reason = 'unsure')`;
  const told = (reason: string): string =>
    `update tickbook.decisions set reason = '${reason}' where bar_end_us = ${unsure}`;
  expect((await withPlanted([told("outside: halted")])).differentBars).toBe(0);
  const limited = await withPlanted([told("risk: daily floor")]);
  expect(limited).toMatchObject({ differentBars: 1, first: { part: "reason" } });
  const lost = `update tickbook.decisions set side = 0, reason = 'feed' where ${staked}`;
  const silent = await withPlanted([lost]);
  expect(silent).toMatchObject({ differentBars: 0, circumstances: { feed: 1 } });
});

test("days that are not asked for are gone through and not compared", async () => {
  const { bars } = await parityOf();
  expect((await parityOf({ from: DAYS[1] })).bars).toBe(bars);
  expect((await parityOf({ to: DAYS[1] })).bars).toBe(0);
});

test("days without features are said, and nothing of them is compared", async () => {
  const { root } = place;
  const day = { exchange: "simulated", symbol: SYMBOL, date: DAYS[1] };
  const folder = path.join(root, featuresFolder(day, BAR_US));
  await rename(folder, `${folder}.aside`);
  try {
    const parity = await parityOf();
    expect(parity).toMatchObject({ bars: 0, differentBars: 0, missingDays: [day] });
  } finally {
    await rename(`${folder}.aside`, folder);
  }
});

test("a day after a missing one is told as apart, of a replay and of a stream", async () => {
  const { root } = place;
  const day = { exchange: "simulated", symbol: SYMBOL, date: DAYS[0] };
  const folder = path.join(root, featuresFolder(day, BAR_US));
  // One bar of the day before, so that it is the run's first.
  const earlier = `update tickbook.decisions set bar_end_us = ${BEGIN_US - BAR_US} where bar_end_us = ${BEGIN_US + BAR_US}`;
  await rename(folder, `${folder}.aside`);
  try {
    for (const parity of [await withPlanted([earlier]), await ofStream(earlier)]) {
      const apartDays = [{ ...day, date: DAYS[1] }];
      expect(parity).toMatchObject({ bars: 0, missingDays: [day], apartDays });
    }
  } finally {
    await rename(`${folder}.aside`, folder);
  }
});

/** Plants changes into the run as one on a stream. */
async function ofStream(...statements: readonly string[]): Promise<Parity> {
  const { plant } = place;
  const replaced = (was: string, is: string): string =>
    `update tickbook.runs set settings = replace(settings, '"feed":"${was}"', '"feed":"${is}"')`;
  await plant(replaced("replay", "stream"));
  try {
    return await withPlanted(statements);
  } finally {
    await plant(replaced("stream", "replay"));
  }
}

test("of a stream the distances of its features are told, and bits are not compared", async () => {
  const parity = await ofStream(`update tickbook.decisions set mid = mid + 1 ${at}`);
  expect(parity).toMatchObject({ isExact: false, differentBars: 0 });
  const spread = parity.distances!.find(({ name }) => name === "quoted_spread_bps")!;
  expect(spread).toMatchObject({ equal: 1, median: 0, ninetyNinth: 0, onlyOne: 0 });
  expect(spread.bars).toBeGreaterThan(250);
  const [{ stream }] = parity.symbols as readonly [(typeof parity.symbols)[0]];
  expect(stream!.lacking).toBe(0);
  expect(stream!.staked).toBeGreaterThan(20);
  expect(parityFaults(parity)).toEqual([]);
});

/** The first bars of the run, as a condition. */
const first = (bars: number): string => `bar_end_us <= ${BEGIN_US + bars * BAR_US}`;

test("of a stream as many bars may be apart as its bound says, and no more", async () => {
  // Features of bars 200 later, when next to nothing is as it was.
  const foreign = (bars: number): string =>
    `update tickbook.decisions d set features = (select e.features from tickbook.decisions e
      where e.run = d.run and e.bar_end_us = d.bar_end_us + ${200 * BAR_US}) where ${first(bars)}`;
  const within = await ofStream(foreign(10));
  expect(within.differences.features).toBeGreaterThan(5);
  expect(parityFaults(within)).toEqual([]);
  const beyond = await ofStream(foreign(60));
  expect(parityFaults(beyond)).toEqual([`${SYMBOL}: too many bars are apart`]);
  expect(beyond.first).toMatchObject({ part: "features" });
  const deleted = (bars: number): string => `delete from tickbook.decisions where ${first(bars)}`;
  // A run that begins later decides on fewer bars; what lacks in its midst was lost.
  expect((await ofStream(deleted(100))).bars).toBe(200);
  const holes = await ofStream(
    `delete from tickbook.decisions where ${first(116)} and not ${first(100)}`,
  );
  expect(holes.differences["decision missing"]).toBe(16);
  expect(parityFaults(holes)).toEqual([`${SYMBOL}: too many bars are apart`]);
});

test("of a stream sides are compared where run and store had what the model needs", async () => {
  const turned = await ofStream("update tickbook.decisions set side = -side where side <> 0");
  expect(turned.differences.side).toBe(turned.symbols[0]!.stream!.staked);
  expect(parityFaults(turned)).toEqual([`${SYMBOL}: too many sides are others`]);
  const silent = (reason: string): string =>
    `update tickbook.decisions set side = 0, reason = '${reason}' where side <> 0`;
  for (const reason of ["feed", "warm-up", "no valid book", "risk: daily floor"]) {
    const parity = await ofStream(silent(reason));
    expect(parity.differences.side).toBe(0);
    expect(parity.symbols[0]!.stream!.staked).toBe(0);
  }
  expect(parityFaults(await ofStream(silent("unsure")))).toHaveLength(1);
});

test("a stream that knew next to nothing is no equal one", async () => {
  const none = numbersToText(new Float64Array(FEATURES.length).fill(Number.NaN));
  const blind = await ofStream(`update tickbook.decisions set features = '${none}'`);
  const { known, lacking } = blind.symbols[0]!.stream!;
  expect(lacking).toBe(known);
  expect(parityFaults(blind)).toEqual([`${SYMBOL}: too many values were unknown to the run`]);
});

test("a symbol that the run decided nothing on is compared on no bar", async () => {
  const run = await knownRun(place.journal, "test");
  const both = { ...run, record: { ...run.record, symbols: [SYMBOL, "ETHUSDT"] } };
  const { store, journal, model } = place;
  const parity = await checkParity(store, journal, { run: both, model });
  expect(parity.symbols.map(({ symbol, bars }) => [symbol, bars])).toEqual([
    [SYMBOL, 300],
    ["ETHUSDT", 0],
  ]);
  expect(parityFaults(parity)).toEqual(["ETHUSDT: no bar was compared"]);
});

test("another bundle than the run's is refused", async () => {
  const { store, journal, model } = place;
  const run = await knownRun(journal, "test");
  const other = { ...model, bundleSha256: "1".repeat(64) };
  await expect(checkParity(store, journal, { run, model: other })).rejects.toThrow(
    /is another bundle now than the one that the run asked/,
  );
  await expect(knownRun(journal, "nobody")).rejects.toThrow(
    /--run: was "nobody", which the journal has no run of; choose among test/,
  );
});
