import { expect, test } from "vitest";
import { shortfall } from "../../core/shortfall.js";
import { canaryRuns, notRun, notRunText, tooShort } from "./canary-shortfall.js";

const blocks = (has: number) =>
  shortfall({ step: "hold a canary against chance", what: "blocks", has, needs: 3 });

test("a reason is told once, with all canaries that were not run for it, and others by themselves", () => {
  const right = { name: "altered test", rule: "", guards: "", note: "", isRight: true };
  const canary = { ...right, value: 0, expected: 0, standardError: 0 };
  const { canaries, canaryShortfalls } = canaryRuns([
    tooShort(blocks(1.7), "shuffled labels"),
    tooShort(blocks(1.6), "random walk"),
    canary,
    tooShort(blocks(1.7), "random walk, a bar ahead", "one more"),
    notRun(blocks(1.7), "with another remedy"),
  ]);
  expect(canaries).toEqual([canary]);
  expect(canaryShortfalls.map((lack) => [lack.has, lack.canaries])).toEqual([
    [1.7, ["shuffled labels", "random walk, a bar ahead", "one more"]],
    [1.6, ["random walk"]],
    [1.7, ["with another remedy"]],
  ]);
  expect(notRunText(canaryShortfalls[1]!)).toBe(
    "canary random walk: Not enough data to hold a canary against chance: 1.6 blocks, and it needs 3. Give more days, or labels of a shorter horizon.",
  );
});
