// Clustering against a plain model that takes every average anew from the pairs.
import fc from "fast-check";
import { expect, test } from "vitest";
import { averageLinkage } from "./clusters.js";

const PLAIN = { seed: 7, numRuns: 200 };

/** Symmetric distances between up to nine items, some of them equal, some unknown. */
const distances = fc.integer({ min: 0, max: 9 }).chain((n) =>
  fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map((d) => d / 40) },
        fc.constant(Number.NaN),
      ),
      { minLength: (n * (n - 1)) / 2, maxLength: (n * (n - 1)) / 2 },
    )
    .map((pairs) =>
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (__, j) => {
          const [a, b] = [Math.min(i, j), Math.max(i, j)];
          return a === b ? 0 : pairs[(b * (b - 1)) / 2 + a]!;
        }),
      ),
    ),
);

test("groups are those that merging by mean distance over all pairs makes", () => {
  fc.assert(
    fc.property(distances, fc.integer({ min: 0, max: 40 }), (distance, cut) => {
      // A cut between two averages, which rounding cannot touch.
      const within = (cut + 0.01234567) / 40;
      const { groups } = averageLinkage(distance, { within });
      expect(asSets(groups)).toEqual(asSets(plainGroups(distance, within)));
    }),
    PLAIN,
  );
});

test("the order holds every item once, and each group as a run of neighbours", () => {
  fc.assert(
    fc.property(distances, (distance) => {
      const { order, groups } = averageLinkage(distance, { within: 0.5 });
      expect([...order].sort((a, b) => a - b)).toEqual(distance.map((_, i) => i));
      expect(groups.flat()).toEqual(order);
    }),
    PLAIN,
  );
});

test("two pairs stand with their nearest ends together", () => {
  // On a line: 0 at 0, 1 at 10, 2 at 1, 3 at 9.
  const at = [0, 10, 1, 9];
  const distance = at.map((a) => at.map((b) => Math.abs(a - b) / 10));
  const { order, groups } = averageLinkage(distance, { within: 0.3 });
  expect(order).toEqual([0, 2, 3, 1]);
  expect(groups).toEqual([
    [0, 2],
    [3, 1],
  ]);
});

test("one item is one group, and none is none", () => {
  expect(averageLinkage([[0]], { within: 1 })).toEqual({ order: [0], groups: [[0]] });
  expect(averageLinkage([], { within: 1 })).toEqual({ order: [], groups: [] });
});

/** Merges the two groups of the smallest mean over all their pairs, of equals the first, up to a mean. */
function plainGroups(
  distance: readonly (readonly number[])[],
  within: number,
): readonly (readonly number[])[] {
  let groups: (readonly number[])[] = distance.map((_, i) => [i]);
  const mean = (a: readonly number[], b: readonly number[]): number => {
    const pairs = a.flatMap((i) => b.map((j) => distance[i]![j]!));
    return pairs.reduce((sum, d) => sum + (Number.isNaN(d) ? 1 : d), 0) / pairs.length;
  };
  for (;;) {
    const pairs = groups.flatMap((a, k) =>
      groups.slice(k + 1).map((b) => ({ a, b, d: mean(a, b) })),
    );
    // Means that differ by rounding alone are equal.
    const least = Math.min(...pairs.map(({ d }) => d));
    const first = pairs.find(({ d }) => d <= least + 1e-12);
    if (first === undefined || first.d > within) return groups;
    groups = groups.flatMap((group) =>
      group === first.a ? [[...first.a, ...first.b]] : group === first.b ? [] : [group],
    );
  }
}

function asSets(groups: readonly (readonly number[])[]): string[] {
  return groups.map((group) => [...group].sort((a, b) => a - b).join(" ")).sort();
}
