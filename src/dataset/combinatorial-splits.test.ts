import fc from "fast-check";
import { expect, test } from "vitest";
import { isShortfall, type Shortfall, shortfallText } from "../core/shortfall.js";
import {
  type CombinatorialSettings,
  type CombinatorialSplits,
  combinatorialSplits,
} from "./combinatorial-splits.js";
import { combinatorialTimeline } from "./combinatorial-timeline.js";
import { type SplitColumns, splitColumns, splitMarkets } from "./test-split-columns.js";

const cuts = fc
  .record({
    market: splitMarkets({ min: 700, max: 1500 }),
    groups: fc.integer({ min: 3, max: 7 }),
    tested: fc.integer({ min: 1, max: 3 }),
    embargoBars: fc.constantFrom(undefined, 0, 1, 30),
    windowBars: fc.constantFrom(1, 60),
  })
  .map(({ market, groups, tested, embargoBars, windowBars }) => {
    const testGroups = Math.min(tested, groups - 1);
    const settings = { groups, testGroups, windowBars };
    return {
      market,
      settings: embargoBars === undefined ? settings : { ...settings, embargoBars },
    };
  });

/** Looks at every cut that leaves rows to train on. */
function everyCut(
  look: (
    data: SplitColumns,
    cut: CombinatorialSplits,
    settings: Partial<CombinatorialSettings>,
  ) => void,
): void {
  let seen = 0;
  fc.assert(
    fc.property(cuts, ({ market, settings }) => {
      const data = splitColumns(market);
      const cut = combinatorialSplits(data, settings);
      if (isShortfall(cut)) return;
      seen++;
      look(data, cut, settings);
    }),
    { seed: 9, numRuns: 25 },
  );
  expect(seen).toBeGreaterThan(15);
}

/** First and last moment of labels: of those that begin together the longest. */
function spansOf({ barEndUs, labelEndUs }: SplitColumns, rows: Uint32Array) {
  const longest = new Map<number, number>();
  for (const row of rows) {
    const end = longest.get(barEndUs[row]!) ?? Number.NEGATIVE_INFINITY;
    longest.set(barEndUs[row]!, Math.max(end, labelEndUs[row]!));
  }
  return [...longest];
}

test("no training label overlaps a test label, and after each the embargo is kept", () => {
  everyCut((data, cut) => {
    const embargoUs = cut.embargoBars * data.barUs;
    for (const { train, test: tested } of cut.splits()) {
      const spans = spansOf(data, tested);
      for (const [from, to] of spansOf(data, train)) {
        const isApart = spans.every(([first, last]) => to < first || from > last + embargoUs);
        if (!isApart) expect.fail(`training label ${from} … ${to} is not apart from the test`);
      }
    }
  });
});

test("each usable row is tested in C(N − 1, k − 1) splits, and in the others trained on or counted", () => {
  everyCut((data, cut) => {
    const timesTested = new Uint32Array(data.rows);
    const usable = data.isUsable.reduce((sum, is) => sum + is, 0);
    for (const { train, test: tested, purged, embargoed, leftOut } of cut.splits()) {
      for (const row of tested) timesTested[row]!++;
      const { badHour, badWindow, badLabel } = leftOut;
      const taken = purged + embargoed + badHour + badWindow + badLabel;
      expect(train.length + tested.length + taken).toBe(usable);
      expect(train.some((row) => data.isUsable[row] === 0 || data.isBad[row] === 1)).toBe(false);
    }
    const paths = cut.paths.length;
    expect(timesTested).toEqual(Uint32Array.from(data.isUsable, (is) => is * paths));
  });
});

test("paths tile time: each tests every group once, and together they use every test of every split", () => {
  everyCut((data, cut, { groups, testGroups }) => {
    const used = new Set<string>();
    for (const path of cut.paths) {
      expect(path.length).toBe(groups);
      path.forEach((split, group) => {
        expect(cut.testGroups[split]).toContain(group);
        used.add(`${split} ${group}`);
      });
    }
    expect(used.size).toBe(cut.testGroups.length * testGroups!);
    expect(used.size).toBe(cut.paths.length * groups!);
    const ends = cut.groups.map(({ lastUs }) => lastUs);
    cut.groups.slice(1).forEach(({ fromUs }, g) => {
      expect(fromUs).toBeGreaterThan(ends[g]!);
    });
    expect(cut.groups.reduce((sum, { rows }) => sum + rows, 0)).toBe(
      data.isUsable.reduce((sum, is) => sum + is, 0),
    );
  });
});

/** One symbol, minutes, labels of ten bars. */
const plain = splitColumns({
  ...{ symbols: 1, bars: 1200, barUs: 60e6, horizonBars: 10, latencyUs: 0, seed: 1 },
  ...{ missing: 0, unusable: 0, bad: 0, endsEarly: false },
});

function cutOf(settings: Partial<CombinatorialSettings>): CombinatorialSplits {
  const cut = combinatorialSplits(plain, settings);
  if (isShortfall(cut)) throw new Error(cut.what);
  return cut;
}

test("six groups of which two are tested make 15 splits and 5 paths", () => {
  const { testGroups, paths, groups, embargoBars } = cutOf({});
  expect([testGroups.length, paths.length, groups.length]).toEqual([15, 5, 6]);
  expect(paths[0]).toEqual([0, 0, 1, 2, 3, 4]);
  expect(embargoBars).toBe(10 + 240);
  expect(cutOf({ windowBars: 60 }).embargoBars).toBe(60 + 240);
});

test("around a test block ten rows before and ten after are purged, and the embargo follows", () => {
  // Group 1 of three is rows 400 … 799; labels of 390 … 399 reach it, and its last one ends with bar 809.
  const [, middle] = [...cutOf({ groups: 3, testGroups: 1, embargoBars: 30 }).splits()];
  const rows = Array.from({ length: 1200 }, (_, row) => row);
  expect([...middle!.test]).toEqual(rows.slice(400, 800));
  expect([...middle!.train]).toEqual([...rows.slice(0, 390), ...rows.slice(840)]);
  expect(middle).toMatchObject({ purged: 20, embargoed: 30 });
});

test("an embargo that leaves nothing to train on is told with the groups that are tested", () => {
  const cut = combinatorialSplits(plain, { groups: 3, testGroups: 1, embargoBars: 5000 });
  expect(shortfallText(cut as Shortfall)).toBe(
    "Not enough data to train on what is left beside test group 1: 0 bars that no purge, no embargo of 5,000 bars and no bad hour takes, and it needs 1.",
  );
});

test("fewer rows than groups say how many are needed", () => {
  const few = splitColumns({
    ...{ symbols: 2, bars: 4, barUs: 60e6, horizonBars: 1, latencyUs: 0, seed: 1 },
    ...{ missing: 0, unusable: 0, bad: 0, endsEarly: false },
  });
  expect(combinatorialSplits(few)).toMatchObject({ kind: "shortfall", has: 8, needs: 18 });
});

test("counts that make no splits, or too many, are refused", () => {
  expect(() => cutOf({ groups: 1 })).toThrow(/groups: was 1, expected a whole number from 2/);
  expect(() => cutOf({ groups: 4, testGroups: 4 })).toThrow(/leaves none to train on/);
  expect(() => cutOf({ embargoBars: -1 })).toThrow(/embargoBars: was -1/);
  expect(() => cutOf({ groups: 30, testGroups: 15 })).toThrow(/155,117,520 splits/);
});

test("a split's timeline shows test, training and the seams between in time order", () => {
  const spans = combinatorialTimeline(
    plain,
    cutOf({ groups: 3, testGroups: 1, embargoBars: 30 }),
  ).filter(({ split }) => split === 2);
  const bar = (timeUs: number): number => (timeUs - plain.barEndUs[0]!) / plain.barUs;
  expect(spans.map(({ part, fromUs, toUs, rows }) => [part, bar(fromUs), bar(toUs), rows])).toEqual(
    [
      ["train", 0, 389, 390],
      ["purged", 389, 399, 10],
      ["test", 400, 799, 400],
      // Ten rows that the last test label overlaps, and thirty of embargo.
      ["embargo", 800, 840, 40],
      ["train", 840, 1199, 360],
    ],
  );
});

test("timelines show every split and no row twice", () => {
  everyCut((data, cut) => {
    const rows = new Map<number, number>();
    for (const span of combinatorialTimeline(data, cut)) {
      expect(span.toUs).toBeGreaterThanOrEqual(span.fromUs);
      rows.set(span.split, (rows.get(span.split) ?? 0) + span.rows);
    }
    const usable = data.isUsable.reduce((sum, is) => sum + is, 0);
    expect(rows.size).toBe(cut.testGroups.length);
    // Bad hours within training, and rows purged for a long label among others that are not, are no seam.
    for (const sum of rows.values()) expect(sum).toBeLessThanOrEqual(usable);
  });
});
