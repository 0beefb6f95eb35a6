import fc from "fast-check";
import { expect, test } from "vitest";
import { Ring } from "./ring.js";

test("a ring keeps the last so many, the newest first, and gives back what it pushes out", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, limit) => {
      const ring = new Ring<number>(limit);
      const pushedOut = items.map((item) => ring.push(item)).filter((old) => old !== undefined);
      expect(ring.newestFirst()).toEqual(items.slice(-limit).reverse());
      expect(pushedOut).toEqual(items.slice(0, Math.max(0, items.length - limit)));
    }),
    { seed: 1 },
  );
});
