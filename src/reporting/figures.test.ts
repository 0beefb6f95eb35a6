import { expect, test } from "vitest";
import { DARK_OF_LIGHT } from "../core/palette.js";
import { MAX_POINTS } from "./downsample.js";
import type { Figure, Trace } from "./figure.js";
import { sampleFigures } from "./test-samples.js";

const figures = sampleFigures();
const named = figures.map((figure) => [figure.title, figure] as const);

test.each(named)(
  "%s: says in words what it shows, how much of it, and for whom who does not see it",
  (_, figure) => {
    for (const words of [figure.title, figure.subtitle, figure.alt, figure.n]) {
      expect(words).toMatch(/\S{2}/);
      expect(words).not.toMatch(/NaN|undefined|Infinity|\[object/);
    }
    expect(figure.alt).toMatch(/\.$/);
    expect(figure.title).not.toMatch(/\.$/);
  },
);

test.each(named)("%s: draws at most 5,000 points a trace, and they survive JSON", (_, figure) => {
  for (const trace of figure.data) expect(points(trace)).toBeLessThanOrEqual(MAX_POINTS);
  expect(JSON.parse(JSON.stringify(figure.data))).toEqual(plain(figure.data));
});

test.each(named)(
  "%s: uses colours of the palette only, so that the dark scheme knows them all",
  (_, figure) => {
    const used = JSON.stringify(figure).match(/#[0-9a-f]{6}/gi) ?? [];
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((colour) => !(colour in DARK_OF_LIGHT))).toEqual([]);
  },
);

test("figures are pure: the same results give the same figures", () => {
  expect(sampleFigures()).toEqual(figures);
});

test("a figure of times says UTC", () => {
  const timed = figures.filter(({ layout }) => JSON.stringify(layout).includes('"type":"date"'));
  expect(timed.length).toBeGreaterThan(3);
  for (const figure of timed) expect(JSON.stringify(figure)).toContain("UTC");
});

function points(trace: Trace): number {
  return Math.max(
    ...["x", "y"].map((name) => (trace[name] as { length?: number } | undefined)?.length ?? 0),
  );
}

function plain(data: Figure["data"]): unknown {
  return data.map((trace) =>
    Object.fromEntries(Object.entries(trace).filter(([, value]) => value !== undefined)),
  );
}
