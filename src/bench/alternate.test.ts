import { expect, test } from "vitest";
import { alternate } from "./alternate.js";

async function orderOf(seed: number, rounds = 6): Promise<readonly string[]> {
  const order: string[] = [];
  const contestants = ["a", "b", "c", "d"].map((name) => ({
    name,
    run: async (round: number) => order.push(`${round}${name}`),
  }));
  await alternate(contestants, { rounds, seed, onRun: () => undefined });
  return order;
}

test("each contestant runs once in each round, rounds one after the other", async () => {
  const order = await orderOf(1);
  for (let round = 0; round < 6; round++) {
    const names = order.slice(4 * round, 4 * round + 4).sort();
    expect(names).toEqual(["a", "b", "c", "d"].map((name) => `${round}${name}`));
  }
});

test("the order is the seed's, and not the same in all rounds", async () => {
  const order = await orderOf(1);
  expect(await orderOf(1)).toEqual(order);
  expect(await orderOf(2)).not.toEqual(order);
  const rounds = new Set(
    [0, 1, 2, 3, 4, 5].map((i) =>
      order
        .slice(4 * i, 4 * i + 4)
        .join("")
        .replace(/\d/g, ""),
    ),
  );
  expect(rounds.size).toBeGreaterThan(1);
});

test("runs come back by contestant in the order of the rounds, and progress counts them all", async () => {
  const done: number[] = [];
  const runs = await alternate(
    [
      { name: "a", run: async (round) => round },
      { name: "b", run: async (round) => 10 + round },
    ],
    { rounds: 3, seed: 7, onRun: (count, total) => done.push(total - count) },
  );
  expect(runs).toEqual({ a: [0, 1, 2], b: [10, 11, 12] });
  expect(done).toEqual([6, 5, 4, 3, 2, 1]);
});
