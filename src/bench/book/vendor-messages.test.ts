import { expect, test } from "vitest";
import type { BookChanges } from "../../store/tables.js";
import { vendorMessages } from "./vendor-messages.js";

test("rows of one arrival time are one message, but for snapshot rows among others", () => {
  const timeUs = Float64Array.of(1000, 1000, 1000, 2000, 2000, 3000);
  const changes: BookChanges = {
    localTimestampUs: timeUs,
    timestampUs: timeUs.map((time) => time - 500),
    isSnapshot: Uint8Array.of(1, 1, 1, 0, 1, 1),
    side: Int8Array.of(1, -1, 1, -1, 1, -1),
    price: Float64Array.of(10, 11, 9, 12, 8, 13),
    amount: Float64Array.of(1, 2, 3, 0, 5, 6),
  };
  const found = [...vendorMessages(changes, 0, 6)];
  expect(found.map(({ isSnapshot, bids, asks }) => [isSnapshot, bids, asks])).toEqual([
    [
      true,
      [
        { price: 10, amount: 1 },
        { price: 9, amount: 3 },
      ],
      [{ price: 11, amount: 2 }],
    ],
    [false, [], [{ price: 12, amount: 0 }]],
    [true, [{ price: 8, amount: 5 }], []],
    [true, [], [{ price: 13, amount: 6 }]],
  ]);
  expect(found[1]!.localTimestamp.getTime()).toBe(2);
  expect([...vendorMessages(changes, 3, 5)]).toEqual(found.slice(1, 3));
});
