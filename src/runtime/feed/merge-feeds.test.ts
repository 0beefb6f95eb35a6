import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeFeeds } from "./merge-feeds.js";

test("whatever comes when, each feed's messages are all there and in its order", async () => {
  const feed = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(feed, { minLength: 1, maxLength: 4 }), async (feeds) => {
      async function* play(waits: readonly number[], number: number): AsyncGenerator<number[]> {
        for (let i = 0; i < waits.length; i++) {
          for (let turn = 0; turn < waits[i]!; turn++) await new Promise(setImmediate);
          yield [number, i];
        }
      }
      const merged: number[][] = [];
      for await (const message of mergeFeeds(feeds.map(play))) merged.push(message);
      feeds.forEach((waits, number) => {
        const own = merged.filter(([from]) => from === number).map(([, i]) => i);
        expect(own).toEqual(waits.map((_, i) => i));
      });
    }),
    { numRuns: 60, seed: 6 },
  );
});

test("who stops ends every feed, also those that wait, and a failure of one is the failure of all", async () => {
  const ended: string[] = [];
  async function* talks(): AsyncGenerator<string> {
    try {
      for (;;) yield "word";
    } finally {
      ended.push("talks");
    }
  }
  let say = (): void => undefined;
  async function* waits(): AsyncGenerator<string> {
    try {
      await new Promise<void>((resolve) => {
        say = resolve;
      });
      yield "late";
    } finally {
      ended.push("waits");
    }
  }
  for await (const message of mergeFeeds([talks(), waits()])) {
    expect(message).toBe("word");
    break;
  }
  say();
  await new Promise(setImmediate);
  expect(ended).toEqual(["talks", "waits"]);
  // biome-ignore lint/correctness/useYield: it fails before it says anything
  async function* fails(): AsyncGenerator<string> {
    throw new Error("broken");
  }
  const all = mergeFeeds([waits(), fails()]);
  await expect(all.next()).rejects.toThrow("broken");
  say();
});
