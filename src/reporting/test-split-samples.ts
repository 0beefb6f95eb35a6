import { MINUTE_US } from "../core/time.js";
import type { combinatorialFigure } from "./figures/combinatorial-timeline.js";
import type { foldsFigure } from "./figures/folds-timeline.js";

const START_US = 19_783 * 86_400e6;

function span(from: number, to: number): { readonly fromUs: number; readonly toUs: number } {
  return { fromUs: START_US + from * MINUTE_US, toUs: START_US + to * MINUTE_US };
}

/** Anchored folds of three symbols over a week, labels of 15 minutes. */
export function sampleFolds(folds: number): Parameters<typeof foldsFigure>[0] {
  const test = 2000;
  const slices = Array.from({ length: folds }, (_, k) => {
    const slice = (
      name: "train" | "earlyStop" | "calibrate" | "test",
      from: number,
      to: number,
    ) => ({
      ...{ fold: k + 1, slice: name, fromUs: START_US + from * MINUTE_US },
      lastUs: START_US + (to - (name === "test" ? 1 : 17)) * MINUTE_US,
      rows: 3 * (to - from - (name === "test" ? 0 : 16)),
      purged: name === "test" ? 0 : 48,
    });
    const first = 8000 + k * test;
    return [
      slice("train", 0, first - 2500),
      slice("earlyStop", first - 2500, first - 1500),
      slice("calibrate", first - 1500, first),
      slice("test", first, first + test),
    ];
  });
  return { slices: slices.flat() };
}

/** Every two of four groups of 2,500 minutes tested, with an embargo of 255 bars. */
export function sampleSplits(): Parameters<typeof combinatorialFigure>[0] {
  const pairs = [
    ...[
      [0, 1],
      [0, 2],
      [0, 3],
    ],
    ...[
      [1, 2],
      [1, 3],
      [2, 3],
    ],
  ];
  const timeline = pairs.flatMap((tested, s) =>
    Array.from({ length: 4 }, (_, group) => {
      const [from, to] = [2500 * group, 2500 * (group + 1)];
      const is = (one: number): boolean => tested.includes(one);
      const piece = (part: "train" | "test" | "purged" | "embargo", a: number, b: number) => ({
        ...{ split: s + 1, part, rows: b - a },
        ...span(a, b),
      });
      if (is(group)) return [piece("test", from, to)];
      const trainFrom = from + (is(group - 1) ? 270 : 0);
      const trainTo = to - (is(group + 1) ? 15 : 0);
      const pieces = [
        piece("embargo", from, trainFrom),
        piece("train", trainFrom, trainTo),
        piece("purged", trainTo, to),
      ];
      return pieces.filter(({ rows }) => rows > 0);
    }).flat(),
  );
  return { timeline, splits: 6, paths: 3, rows: 10_000, embargoBars: 255 };
}
