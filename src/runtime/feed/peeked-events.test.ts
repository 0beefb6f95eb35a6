import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.js";
import type { FeedEvent } from "./feed-event.js";
import { PeekedEvents } from "./peeked-events.js";

const NEVER = new AbortController().signal;

const lost = (localUs: number): FeedEvent => ({ kind: "disconnect", localUs });

/** A queue that is brought events one by one, and then closed. */
function bringing(count: number): EventQueue {
  const queue = new EventQueue(1000);
  void (async () => {
    for (let i = 0; i < count; i++) {
      queue.push(lost(i));
      if (i % 3 === 0) await nextTurn();
    }
    // Whoever was about to take the last ones has done so.
    while (queue.size > 0) await nextTurn();
    queue.close();
  })();
  return queue;
}

/** All events that come until the end. */
async function taken(events: PeekedEvents): Promise<readonly number[]> {
  const times: number[] = [];
  while (!events.isOver) {
    const event = events.take();
    if (event === undefined) await nextTurn();
    else times.push(event.localUs);
  }
  return times;
}

test("whoever takes events after others have looked gets all of them, in order, once", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20),
      fc.array(fc.nat(25), { maxLength: 4 }),
      async (count, lookedFor) => {
        const events = new PeekedEvents(bringing(count));
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
        expect(await taken(events)).toEqual(Array.from({ length: count }, (_, i) => i));
      },
    ),
    { numRuns: 100, seed: 3 },
  );
});

test("at the signal nobody waits any longer, and what comes then is taken", async () => {
  const ending = new AbortController();
  const queue = new EventQueue(10);
  queue.push(lost(1));
  const events = new PeekedEvents(queue);
  const looking = events.look(() => undefined, ending.signal);
  ending.abort();
  expect(await looking).toBe(undefined);
  expect(await events.look(() => 1, ending.signal)).toBe(undefined);
  let heard = 0;
  events.listen(() => heard++);
  queue.push(lost(2));
  expect(heard).toBe(1);
  expect([events.take(), events.take(), events.take()]).toEqual([lost(1), lost(2), undefined]);
  expect(events.isOver).toBe(false);
  queue.close();
  expect([heard, events.isOver]).toEqual([2, true]);
});

test("a stream that fails tells whoever takes it, after what was looked at before", async () => {
  const queue = new EventQueue(10);
  queue.push(lost(1));
  const events = new PeekedEvents(queue);
  const looking = events.look(() => undefined, NEVER);
  queue.close(new Error("broke"));
  await expect(looking).rejects.toThrow("broke");
  expect(events.isOver).toBe(false);
  expect(events.take()).toEqual(lost(1));
  expect(() => events.isOver).toThrow("broke");
});
