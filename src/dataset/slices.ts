import type { LeftOut } from "./bad-rows.js";

/** Slices of a fold that something is fitted on, in time order. */
export const FITTED_SLICES = ["train", "earlyStop", "calibrate"] as const;

/** All slices of a fold, in time order. */
export const SLICES = ["train", "earlyStop", "calibrate", "test"] as const;

export type FittedSlice = (typeof FITTED_SLICES)[number];
export type SliceName = (typeof SLICES)[number];

/** What sentences call a slice. */
export const SLICE_WORDS: Readonly<Record<SliceName, string>> = {
  train: "training",
  earlyStop: "early-stop",
  calibrate: "calibration",
  test: "test",
};

/** Row numbers of a dataset by slice, ordered by symbol and time. */
export type Slices = Readonly<Record<SliceName, Uint32Array>>;

/** What bad hours took from each slice that is fitted on. */
export type LeftOutBySlice = Readonly<Record<FittedSlice, LeftOut>>;

/** Rows of each slice that is fitted on whose label reaches the next slice: purged. */
export type PurgedBySlice = Readonly<Record<FittedSlice, number>>;
