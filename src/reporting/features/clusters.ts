// Which features say the same?

/** Items in an order in which near ones stand together, and the groups in which they do. */
export interface Clustering {
  /** Every item once; items of one group are neighbours. */
  readonly order: readonly number[];
  /** Groups in that order; most have one item only. */
  readonly groups: readonly (readonly number[])[];
}

/**
 * Hierarchical clustering by average linkage: again and again the two groups whose items are nearest on average become
 * one; of equals the first. Of the ways to put two groups side by side the one is taken in which the nearest ends meet.
 *
 * @param distance - symmetric, n rows of n numbers; NaN counts as 1
 * @param options.within - groups are those that were made at this average distance or less
 * @see Sokal & Michener (1958), A Statistical Method for Evaluating Systematic Relationships (UPGMA)
 */
export function averageLinkage(
  distance: readonly (readonly number[])[],
  { within }: { readonly within: number },
): Clustering {
  const between = distance.map((row) => Float64Array.from(row, (d) => (Number.isNaN(d) ? 1 : d)));
  const items: (readonly number[])[] = distance.map((_, i) => [i]);
  let live = items.map((_, i) => i);
  let groups: readonly (readonly number[])[] = [...items];
  while (live.length > 1) {
    const [a, b] = nearestPair(live, between);
    const apart = between[a]![b]!;
    const [m, n] = [items[a]!.length, items[b]!.length];
    items[a] = sideBySide(items[a]!, items[b]!, distance);
    live = live.filter((one) => one !== b);
    // The mean over pairs of a merged group is the mean of its parts' means, weighted by their sizes.
    for (const k of live) {
      const mean = (m * between[a]![k]! + n * between[b]![k]!) / (m + n);
      between[a]![k] = mean;
      between[k]![a] = mean;
    }
    if (apart <= within) groups = live.map((one) => items[one]!);
  }
  const order = live.flatMap((one) => items[one]!);
  // A group is a run of the final order, which may have been turned round since.
  const place = (group: readonly number[]): number =>
    Math.min(...group.map((i) => order.indexOf(i)));
  const placed = groups.map((group) =>
    [...group].sort((i, j) => order.indexOf(i) - order.indexOf(j)),
  );
  return { order, groups: placed.sort((g, h) => place(g) - place(h)) };
}

function nearestPair(
  live: readonly number[],
  between: readonly Float64Array[],
): readonly [number, number] {
  let best: readonly [number, number] = [live[0]!, live[1]!];
  for (const [k, a] of live.entries()) {
    for (const b of live.slice(k + 1)) {
      if (between[a]![b]! < between[best[0]]![best[1]]!) best = [a, b];
    }
  }
  return best;
}

/** Both groups in a row, each turned round or not, so that the ends that meet are the nearest. */
function sideBySide(
  left: readonly number[],
  right: readonly number[],
  distance: readonly (readonly number[])[],
): readonly number[] {
  const turned = (group: readonly number[]): readonly number[] => [...group].reverse();
  const ways = [
    [left, right],
    [turned(left), right],
    [left, turned(right)],
    [turned(left), turned(right)],
  ] as const;
  const gap = ([first, second]: (typeof ways)[number]): number =>
    distance[first.at(-1)!]![second[0]!]!;
  const [first, second] = ways.reduce((best, way) => (gap(way) < gap(best) ? way : best));
  return [...first, ...second];
}
