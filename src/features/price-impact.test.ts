// Kyle's lambda worked by hand. The mid moves once, a million is bought once; all other sixths have neither. Of n sixths
// with a valid mid at both ends the slope is the whole move when both fell into one of them, and −1/(n − 1) of it when not.
import { expect, test } from "vitest";
import { DAY_US, SECOND_US } from "../core/time.js";
import { COINS } from "../market/contract.js";
import { FEATURES } from "./catalogue.js";
import type { EngineSettings } from "./engine-settings.js";
import { columnOf } from "./test-agreement.js";
import {
  BAR_US,
  changeColumns,
  featureRows,
  syntheticMarket,
  tradeColumns,
} from "./test-market.js";

const T0 = 19_000 * DAY_US;
/** Bids and asks at 100 − 1 and 100 + 1, and a move of the ask by 0.2 of the 100. */
const MOVE = 10;

type BookRow = readonly [seconds: number, side: 1 | -1, price: number, amount: number];

/** Lambda of each bar; rows at the times `snapshots` are one. */
async function lambdas(
  book: readonly BookRow[],
  boughtAt: readonly number[],
  {
    snapshots = [0],
    ...settings
  }: EngineSettings & { readonly snapshots?: readonly number[] } = {},
): Promise<number[]> {
  const us = (seconds: number): number => T0 + Math.round(seconds * SECOND_US);
  const bookChanges = changeColumns(
    book.map(([at, side, price, amount]) => {
      return { timeUs: us(at), isSnapshot: snapshots.includes(at), side, price, amount };
    }),
  );
  const { kind, size } = settings.contract ?? COINS;
  const million = (kind === "inverse" ? 1e6 : 1e4) / size;
  const trades = tradeColumns(
    boughtAt.map((at) => ({ timeUs: us(at), side: 1, price: 100, amount: million })),
  );
  const rows = await featureRows({ bookChanges, trades }, { staleAfterUs: DAY_US, ...settings });
  return columnOf(rows, "kyle_lambda");
}

const SNAPSHOT: readonly BookRow[] = [
  [0, 1, 99, 1],
  [0, -1, 101, 1],
];
/** At a time the mid goes from 100 to 100.1. */
const moved = (at: number): readonly BookRow[] => [
  [at, -1, 101, 0],
  [at, -1, 101.2, 1],
];
/** Something that happens in a bar and changes nothing, so that the bar is closed. */
const still = (at: number): BookRow => [at, 1, 90, 1];
const close = (value: number): unknown => expect.closeTo(value, 9);

test("a move and a million bought in one sixth, and in two", async () => {
  // Ten bars of a minute are 60 sixths; the mid of the first one's begin is not known.
  const together = await lambdas([...SNAPSHOT, ...moved(305), still(599)], [306]);
  expect(together).toEqual([...Array(9).fill(Number.NaN), close(MOVE)]);
  const apart = await lambdas([...SNAPSHOT, ...moved(305), still(599)], [310]);
  expect(apart.at(-1)).toEqual(close(-MOVE / 58));
  // A bar later all 60 count.
  const later = await lambdas([...SNAPSHOT, ...moved(305), still(659)], [310]);
  expect(later.at(-1)).toEqual(close(-MOVE / 59));
});

test("a sixth looks from the mid at its begin to the mid at its end, each before the time itself", async () => {
  // What happens at 310 s belongs to the sixth that begins then.
  const values = await lambdas([...SNAPSHOT, ...moved(310), still(599)], [310, 311]);
  expect(values.at(-1)).toEqual(close(MOVE / 2));
  const before = await lambdas([...SNAPSHOT, ...moved(310), still(599)], [309.999999]);
  expect(before.at(-1)).toEqual(close(-MOVE / 58));
});

test.each([
  { kind: "inverse", size: 1 },
  { kind: "inverse", size: 100 },
  { kind: "linear", size: 0.01 },
] as const)("a million is a million in $kind contracts of $size", async (contract) => {
  const values = await lambdas([...SNAPSHOT, ...moved(305), still(599)], [306], { contract });
  expect(values.at(-1)).toEqual(close(MOVE));
});

test("contracts of a part of a coin give every feature but volume what coins give", async () => {
  const market = syntheticMarket(7, 900);
  const { amount, ...trades } = market.trades;
  const { amount: shown, ...bookChanges } = market.bookChanges;
  const inContracts = {
    trades: { ...trades, amount: amount.map((base) => base * 128) },
    bookChanges: { ...bookChanges, amount: shown.map((base) => base * 128) },
  };
  const settings = { barUs: BAR_US, staleAfterUs: 3 * SECOND_US };
  // A power of two: not a bit may differ.
  const contract = { kind: "linear", size: 1 / 128 } as const;
  const [coins, contracts] = [
    await featureRows(market, settings),
    await featureRows(inContracts, { ...settings, contract }),
  ];
  for (const { name } of FEATURES) {
    const expected = columnOf(coins, name);
    const found = columnOf(contracts, name);
    expect([name, [...found]]).toEqual([
      name,
      name === "volume" ? [...expected].map((base) => base * 128) : [...expected],
    ]);
  }
});

test("a snapshot after a reconnect is a state like others: its sixth counts, and the move that it shows", async () => {
  const book: BookRow[] = [...SNAPSHOT, [305, 1, 99, 1], [305, -1, 101.2, 1], still(599)];
  const options = { snapshots: [0, 305] };
  expect((await lambdas(book, [306], options)).at(-1)).toEqual(close(MOVE));
  expect((await lambdas(book, [310], options)).at(-1)).toEqual(close(-MOVE / 58));
});

test("without a valid mid at one end, the sixths to both its sides are left out with what was bought in them", async () => {
  const crossed: BookRow[] = [
    [345, 1, 103, 1],
    [355, 1, 103, 0],
  ];
  // 350 s is the end of one and the begin of another; the million in each would else be seen.
  const book = [...SNAPSHOT, ...moved(305), ...crossed, still(599)];
  expect((await lambdas(book, [310, 346, 356])).at(-1)).toEqual(close(-MOVE / 56));
  // A move that the crossed state hides is no sixth's.
  const hidden: BookRow[] = [
    ...SNAPSHOT,
    [345, 1, 103, 1],
    ...moved(348),
    [355, 1, 103, 0],
    still(599),
  ];
  expect((await lambdas(hidden, [310])).at(-1)).toEqual(close(0));
});

test("a book older than allowed is not valid at an end either", async () => {
  // Told something at 5, 15, 25 … s, but for 345 and 355: at 350 and 360 s the last is 15 and 25 s old.
  const told = Array.from({ length: 60 }, (_, i) => still(10 * i + 5)).filter(
    ([at]) => at !== 345 && at !== 355,
  );
  const book = [...SNAPSHOT, ...told.slice(0, 30), ...moved(304.5), ...told.slice(30)];
  const at = async (staleAfterUs: number): Promise<number | undefined> =>
    (await lambdas(book, [310], { staleAfterUs })).at(-1);
  expect(await at(25 * SECOND_US)).toEqual(close(-MOVE / 58));
  expect(await at(25 * SECOND_US - 1)).toEqual(close(-MOVE / 56));
  expect(await at(15 * SECOND_US - 1)).toEqual(close(-MOVE / 55));
});

test("thirty sixths with a valid mid at both ends are enough, 29 are not", async () => {
  // The book begins in a sixth: its own move is not known, those of the sixths after it are.
  const from = (seconds: number): readonly BookRow[] => [
    [seconds, 1, 99, 1],
    [seconds, -1, 101, 1],
    ...moved(405),
    still(599),
  ];
  expect((await lambdas(from(295), [1, 410], { snapshots: [295] })).at(-1)).toEqual(
    close(-MOVE / 29),
  );
  expect((await lambdas(from(305), [1, 410], { snapshots: [305] })).at(-1)).toBeNaN();
});

test("with the same flow in all sixths there is no slope", async () => {
  expect((await lambdas([...SNAPSHOT, ...moved(305), still(599)], [])).at(-1)).toBeNaN();
});

test("the sixths of a second end at whole µs: at 166,667 and not at 166,666", async () => {
  const barUs = SECOND_US;
  const of = (moveAt: number, boughtAt: number): Promise<number[]> =>
    lambdas([...SNAPSHOT, ...moved(moveAt), still(10.9)], [boughtAt], { barUs });
  // Of the eleventh second, with 60 sixths to look at.
  expect((await of(10.1, 10.166666)).at(-1)).toEqual(close(MOVE));
  expect((await of(10.166666, 10.1)).at(-1)).toEqual(close(MOVE));
  expect((await of(10.1, 10.166667)).at(-1)).toEqual(close(-MOVE / 59));
  expect((await of(10.166667, 10.1)).at(-1)).toEqual(close(-MOVE / 59));
  expect((await of(10.166667, 10.333333)).at(-1)).toEqual(close(MOVE));
  expect((await of(10.333334, 10.333333)).at(-1)).toEqual(close(-MOVE / 59));
  expect((await of(10.999999, 10.833334)).at(-1)).toEqual(close(MOVE));
});
