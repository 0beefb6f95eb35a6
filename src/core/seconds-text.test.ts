import fc from "fast-check";
import { expect, test } from "vitest";
import { secondsText } from "./seconds-text.js";

test("seconds are told with the digits that matter", () => {
  expect([0, 1e-6, 0.0005, 0.25, 0.9999, 3, 59.94, 86_400].map(secondsText)).toEqual([
    ...["0 s", "less than 0.001 s", "0.001 s", "0.250 s", "1.0 s"],
    ...["3.0 s", "59.9 s", "86,400.0 s"],
  ]);
});

test("no time but none is told as none", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (seconds) => {
      const number = Number(/[\d,.]+/.exec(secondsText(seconds))![0].replaceAll(",", ""));
      expect(number).toBeGreaterThan(0);
      expect(Math.abs(number - seconds)).toBeLessThanOrEqual(
        Math.max(0.001, 0.06 * (seconds > 1 ? 1 : 0)),
      );
    }),
    { seed: 1 },
  );
});
