// Do the map's table and figure say where the simulator told nothing of what is attainable, and why?
import { expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import type { HorizonMap, HorizonPoint } from "../evaluation/horizon-map.js";
import { COST_PRESETS } from "../trading/costs.js";
import { horizonMapFigure } from "./figures/horizon-map.js";
import { horizonTable } from "./horizon-report.js";
import { sampleHorizons } from "./test-evaluation-samples.js";

const KNOWN = "the simulator tells it at 1 and 15 min";
const HOLED = "the store holds the truth of 9 of 10 test rows";

/** A map whose horizons lack what is attainable for the reasons given, or because the data is real. */
function mapWithout(why: (horizonUs: number) => string | undefined | "real"): HorizonMap {
  const points = sampleHorizons().points.map(({ attainable, ...point }): HorizonPoint => {
    const untold = why(point.horizonUs);
    if (untold === "real") return point;
    return { ...point, ...(untold === undefined ? { attainable: attainable! } : { untold }) };
  });
  return { ...sampleHorizons(), points, costs: COST_PRESETS.ftmo, shortfalls: [] };
}

const wordsOf = (map: HorizonMap): readonly string[] => [
  horizonTable(map).caption,
  horizonMapFigure(map).subtitle,
];

test("horizons without an attainable edge are named by the reason, each once", () => {
  const map = mapWithout((horizonUs) => {
    if (horizonUs === 15 * MINUTE_US) return HOLED;
    return horizonUs === MINUTE_US ? undefined : KNOWN;
  });
  for (const words of wordsOf(map)) {
    expect(words).toContain(
      `; what is attainable is not known at 5 s, 4 h: ${KNOWN}; at 15 min: ${HOLED}`,
    );
  }
  const place = horizonTable(map).columns.findIndex(({ name }) => name === "attainable edge");
  expect(horizonTable(map).rows.map((row) => row[place] !== null)).toEqual([
    ...[false, true, false, false],
  ]);
});

test("where none is known the reason stands though nothing is drawn, and of real data nothing is said", () => {
  for (const words of wordsOf(mapWithout(() => KNOWN))) {
    expect(words).toContain(`what is attainable is not known at 5 s, 1 min, 15 min, 4 h: ${KNOWN}`);
    expect(words).not.toContain("dashed");
  }
  for (const map of [mapWithout(() => "real"), mapWithout(() => undefined)]) {
    for (const words of wordsOf(map)) expect(words).not.toContain("attainable is not known");
  }
});
