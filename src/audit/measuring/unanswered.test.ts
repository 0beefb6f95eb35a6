import fc from "fast-check";
import { expect, test } from "vitest";
import { Unanswered } from "./unanswered.js";

const WAIT_US = 5;

test("what something was told after, no sooner than it waits, is counted, however many there are", () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom("add", "tell", "clear"));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const unanswered = new Unanswered(WAIT_US);
      let times: number[] = [];
      let toldUs = Number.NEGATIVE_INFINITY;
      let nowUs = 0;
      for (const [afterUs, what] of steps) {
        nowUs += afterUs;
        if (what === "add") times.push(nowUs);
        if (what === "tell") toldUs = nowUs;
        if (what === "clear") times = [];
        if (what === "add") unanswered.add(nowUs);
        else if (what === "tell") unanswered.tell(nowUs);
        else unanswered.clear();
        expect(unanswered.count).toBe(times.filter((timeUs) => toldUs - timeUs >= WAIT_US).length);
      }
    }),
    { seed: 16, numRuns: 300 },
  );
});

test("what waits is kept no longer than it waits, however long nothing is told", () => {
  const unanswered = new Unanswered(WAIT_US);
  for (let timeUs = 0; timeUs < 100_000; timeUs++) unanswered.add(timeUs);
  expect(Reflect.get(unanswered, "waiting").length).toBeLessThan(5000);
  unanswered.tell(200_000);
  expect(unanswered.count).toBe(100_000);
});
