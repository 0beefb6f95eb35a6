import type { Evaluation } from "../evaluation/evaluate.js";

type SliceName = Evaluation["slices"][number]["slice"];

const WORDS: Readonly<Record<SliceName, string>> = {
  train: "train",
  earlyStop: "early stop",
  calibrate: "calibrate",
  test: "test",
};

/** A slice as figures and tables name it; a name that is none of ours stays as it is. */
export function sliceText(slice: string): string {
  return Object.hasOwn(WORDS, slice) ? WORDS[slice as SliceName] : slice;
}
