import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.js";
import type { FeedEvent } from "./feed-event.js";

const event = (localUs: number): FeedEvent => ({ kind: "disconnect", localUs });

test("whatever is brought and taken when, events come out in order, and size and age are right", () => {
  const steps = fc.array(fc.oneof(fc.constant("take" as const), fc.constant("push" as const)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 8 }), (list, capacity) => {
      let nowMs = 0;
      const queue = new EventQueue(capacity, () => nowMs);
      const model: number[] = [];
      for (const step of list) {
        nowMs++;
        if (step === "push") {
          queue.push(event(nowMs));
          model.push(nowMs);
        } else {
          expect(queue.take()?.localUs).toBe(model.shift());
        }
        expect(queue.size).toBe(model.length);
        expect(queue.isFull).toBe(model.length >= capacity);
        expect(queue.lagUs).toBe(model.length === 0 ? 0 : (nowMs - model[0]!) * 1000);
      }
    }),
    { numRuns: 200, seed: 5 },
  );
});

test("who brings waits while the queue is full, and who takes while it is empty", async () => {
  const queue = new EventQueue(2);
  const taken: number[] = [];
  const taking = (async () => {
    for await (const { localUs } of queue) {
      taken.push(localUs);
      if (localUs === 9) break;
    }
  })();
  let most = 0;
  for (let i = 0; i < 10; i++) {
    while (queue.isFull) await queue.changed();
    queue.push(event(i));
    most = Math.max(most, queue.size);
  }
  await taking;
  expect([taken, most]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 2]);
});

test("a queue that is closed ends, drops what waits, and throws what it was closed with", async () => {
  const queue = new EventQueue(5);
  const events = queue[Symbol.asyncIterator]();
  const next = events.next();
  queue.close();
  expect(await next).toEqual({ done: true, value: undefined });
  queue.push(event(1));
  expect(queue.size).toBe(0);
  const failed = new EventQueue(5);
  failed.push(event(1));
  failed.close(new Error("broken"));
  await expect(failed[Symbol.asyncIterator]().next()).rejects.toThrow("broken");
});

test("a queue that many more events go through than it holds stays right", () => {
  const queue = new EventQueue(3000);
  let [pushed, taken] = [0, 0];
  for (let round = 0; round < 40; round++) {
    // Empty now and then, and never full.
    for (let i = 0; i < 250 + (round % 3); i++) queue.push(event(pushed++));
    const leaves = round % 5 === 4 ? 0 : 7;
    while (queue.size > leaves) expect(queue.take()!.localUs).toBe(taken++);
  }
  expect([taken, queue.take()]).toEqual([pushed, undefined]);
});
