import { expect, test } from "vitest";
import { seenShare } from "./seen-share.js";

test("of ten things four of which are drawn, two altered ones are missed in one of three draws", () => {
  // C(8, 4) / C(10, 4) = 70 / 210.
  expect(seenShare({ things: 10, drawn: 4, lacking: 0 })).toBeCloseTo(2 / 3, 12);
  expect(seenShare({ things: 10, drawn: 10, lacking: 0 })).toBe(1);
  expect(seenShare({ things: 1, drawn: 1, lacking: 0 })).toBe(1);
});

test("those that nobody can read may be the very ones that are altered", () => {
  // Of 20 four are altered. Two of them cannot be read, and of 18 all others are.
  expect(seenShare({ things: 20, drawn: 18, lacking: 2 })).toBe(1);
  // C(7, 4) / C(9, 4) = 35 / 126 with none of three lacking, C(8, 4) / C(9, 4) = 70 / 126 with one.
  expect(seenShare({ things: 9, drawn: 4, lacking: 0 })).toBeCloseTo(1 - 35 / 126, 12);
  expect(seenShare({ things: 10, drawn: 4, lacking: 1 })).toBeCloseTo(1 - 70 / 126, 12);
  expect(seenShare({ things: 20, drawn: 10, lacking: 10 })).toBe(0);
});
