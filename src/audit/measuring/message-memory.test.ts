import fc from "fast-check";
import { expect, test } from "vitest";
import { MessageMemory } from "./message-memory.js";

/** The memory as it is described: two lists that are searched from their ends. */
class PlainMemory {
  private readonly capacity: number;
  private readonly ordered: [number, number, number][] = [];
  private readonly late: [number, number, number][] = [];
  private seen = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  find(timeUs: number, content: number): number {
    this.seen++;
    const remembered = [...this.late.slice(-this.capacity), ...this.ordered.slice(-this.capacity)];
    const own = remembered.filter(([time, other]) => time === timeUs && other === content);
    return own.at(-1)?.[2] ?? Number.NaN;
  }

  keep(timeUs: number, content: number): void {
    const isLate = this.ordered.length > 0 && timeUs <= this.ordered.at(-1)![0];
    (isLate ? this.late : this.ordered).push([timeUs, content, this.seen]);
  }
}

test.each([1, 2, 5, 8, 1000])(
  "a memory of %i finds the messages that a plain list of as many in order, and of late ones, finds",
  (capacity) => {
    const time = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(50));
    const message = fc.tuple(time, fc.constantFrom(0, -0, 1, 2.5));
    fc.assert(
      fc.property(fc.array(message, { maxLength: 200 }), (messages) => {
        const memory = new MessageMemory(capacity);
        const plain = new PlainMemory(capacity);
        for (const [timeUs, content] of messages) {
          const found = memory.find(timeUs, content);
          expect(found).toBe(plain.find(timeUs, content));
          if (!Number.isNaN(found)) continue;
          memory.keep(timeUs, content);
          plain.keep(timeUs, content);
        }
      }),
      { seed: 15, numRuns: 200 },
    );
  },
);

test.each([
  ["two clocks 900 messages apart", (i: number) => (i % 2 === 0 ? i : i - 900)],
  ["two times in turn", (i: number) => (i % 2 === 0 ? 10 : 5)],
  ["a clock that goes backwards", (i: number) => 1e6 - i],
  ["a clock that was set back by an hour", (i: number) => (i < 1000 ? i : i - 1000)],
])("%s cost no more than some clocks that go forward", (_, timeOf) => {
  const memory = new MessageMemory(65_536);
  const start = performance.now();
  for (let i = 0; i < 1_000_000; i++) {
    if (Number.isNaN(memory.find(timeOf(i), i))) memory.keep(timeOf(i), i);
  }
  // Moving the later ones, or looking at all of one time, takes many seconds.
  expect(performance.now() - start).toBeLessThan(3000);
});

test("the memory of messages finds the last of the same time and content among those it may hold", () => {
  const message = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2 }));
  fc.assert(
    fc.property(fc.array(message, { maxLength: 120 }), (messages) => {
      const memory = new MessageMemory(1000);
      const numbers = new Map<string, number>();
      messages.forEach(([time, hash], i) => {
        const key = `${time} ${hash}`;
        const found = memory.find(time, hash);
        expect(found).toBe(numbers.get(key) ?? Number.NaN);
        if (!Number.isNaN(found)) return;
        memory.keep(time, hash);
        numbers.set(key, i + 1);
      });
    }),
    { seed: 13, numRuns: 200 },
  );
  const short = new MessageMemory(4);
  for (let i = 0; i < 6; i++) {
    expect(short.find(i, 0)).toBeNaN();
    short.keep(i, 0);
  }
  expect(short.find(1, 0)).toBeNaN();
  expect(short.find(2, 0)).toBe(3);
});
