import { expect, test } from "vitest";
import { isShortfall, shortfall, shortfallText, thereOf } from "./shortfall.js";

test("a shortfall is told apart from results and says what was missing in one sentence", () => {
  const place = { step: "train", what: "bars with a label", has: 11, needs: 1500 };
  const short = shortfall(place);
  expect(isShortfall(short)).toBe(true);
  for (const other of [place, null, undefined, 0, [], { kind: "result" }]) {
    expect(isShortfall(other)).toBe(false);
  }
  expect(shortfallText(short)).toBe(
    "Not enough data to train: 11 bars with a label, and it needs 1,500.",
  );
});

test("of some results those that are there are taken, and what is missing where none is", () => {
  const [first, second] = ["bars", "rows"].map((what) => {
    return shortfall({ step: "train", what, has: 0, needs: 1 });
  });
  expect(thereOf([1, first!, 2])).toEqual([1, 2]);
  expect(thereOf<number>([first!, second!])).toBe(first);
  expect(thereOf([])).toEqual([]);
});
