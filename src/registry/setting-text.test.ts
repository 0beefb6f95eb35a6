import { expect, test } from "vitest";
import { settingText } from "./setting-text.js";

test.each([
  ["temperature", "temperature"],
  [0.1, "0.1"],
  [[32, 16], "[32,16]"],
  [[], "[]"],
  [[null], "[null]"],
  [{ first: 1 }, '{"first":1}'],
  [
    [
      { name: "logistic@1", seed: 1 },
      { name: "mlp@2", settings: { units: [4] } },
    ],
    "logistic@1+mlp@2",
  ],
])("%j reads %s", (value, text) => {
  expect(settingText(value)).toBe(text);
});
