import { expect, test } from "vitest";
import { sequenceSize } from "./sequence-sizes.js";
import { LSTM_SETTINGS, TRANSFORMER_SETTINGS } from "./settings.js";

test("small is what is trained where nothing else is asked for", () => {
  expect(sequenceSize("small", { backend: "native" })).toEqual({
    settings: [LSTM_SETTINGS, TRANSFORMER_SETTINGS],
    seeds: 1,
    hasEnsemble: false,
  });
  const [lstm] = sequenceSize("small", { backend: "javascript" }).settings;
  expect(lstm!.stride).toBeGreaterThan(LSTM_SETTINGS.stride);
});

test("full takes every training row, wider layers and several seeds, on windows as long", () => {
  const { settings, seeds, hasEnsemble } = sequenceSize("full", { backend: "native" });
  const [lstm, transformer] = settings;
  expect(lstm).toMatchObject({ model: "lstm", layers: 2, units: 128, stride: 1 });
  expect(transformer).toMatchObject({ model: "transformer", width: 64, heads: 4, layers: 2 });
  expect(settings.map(({ steps }) => steps)).toEqual([
    LSTM_SETTINGS.steps,
    TRANSFORMER_SETTINGS.steps,
  ]);
  expect(settings.map(({ stride }) => stride)).toEqual([1, 1]);
  expect(seeds).toBeGreaterThan(1);
  expect(hasEnsemble).toBe(true);
});

test("another name is no size, and the ones there are are named", () => {
  expect(() => sequenceSize("medium", { backend: "native" })).toThrow(/small or full/);
});
