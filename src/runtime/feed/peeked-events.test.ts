import fc from "fast-check";
import { expect, test } from "vitest";
import type { FeedEvent } from "./feed-event.js";
import { PeekedEvents } from "./peeked-events.js";

const NEVER = new AbortController().signal;

const lost = (localUs: number): FeedEvent => ({ kind: "disconnect", localUs });

async function* told(count: number): AsyncGenerator<FeedEvent, void, undefined> {
  for (let i = 0; i < count; i++) yield lost(i);
}

test("whoever takes events after others have looked gets all of them, in order, once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20),
      fc.array(fc.nat(25), { maxLength: 4 }),
      async (count, lookedFor) => {
        const events = new PeekedEvents(told(count));
        let seen = -1;
        for (const wanted of lookedFor) {
          const found = await events.look(({ localUs }) => {
            seen = Math.max(seen, localUs);
            return localUs >= wanted ? localUs : undefined;
          }, NEVER);
          // The first that was not looked at yet.
          if (found !== undefined) expect(found).toBe(seen);
          else expect(seen).toBe(count - 1);
        }
        const taken: number[] = [];
        for await (const { localUs } of events) taken.push(localUs);
        expect(taken).toEqual(Array.from({ length: count }, (_, i) => i));
      },
    ),
    { numRuns: 100, seed: 3 },
  );
});

test("at the signal nobody waits any longer, and what comes then is taken", async () => {
  const ending = new AbortController();
  let come: () => void = () => {};
  const later = new Promise<void>((resolve) => {
    come = resolve;
  });
  async function* quiet(): AsyncGenerator<FeedEvent, void, undefined> {
    yield lost(1);
    await later;
    yield lost(2);
  }
  const events = new PeekedEvents(quiet());
  const looking = events.look(() => undefined, ending.signal);
  ending.abort();
  expect(await looking).toBe(undefined);
  expect(await events.look(() => 1, ending.signal)).toBe(undefined);
  come();
  const taken: number[] = [];
  for await (const { localUs } of events) taken.push(localUs);
  expect(taken).toEqual([1, 2]);
});

test("a stream that fails tells whoever takes it", async () => {
  async function* broken(): AsyncGenerator<FeedEvent, void, undefined> {
    yield lost(1);
    throw new Error("broke");
  }
  const events = new PeekedEvents(broken());
  await expect(events.look(() => undefined, NEVER)).rejects.toThrow("broke");
});
