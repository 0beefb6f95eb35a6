import { expect, test } from "vitest";
import { gridAxes, gridLayout } from "./grid.js";

const PLACES = [0, 1].flatMap((row) => [0, 1, 2].map((column) => ({ column, row })));
const GRID = { columns: 3, rows: 2, xAxis: { title: "x" }, yAxis: { title: "y" } };

interface Axis {
  readonly domain: readonly [number, number];
  readonly anchor: string;
  readonly title: string;
  readonly showticklabels?: boolean;
}

test("panels of a grid are equal, lie within the figure, and overlap nowhere", () => {
  const layout: Record<string, unknown> = gridLayout(PLACES, PLACES.map(String), GRID);
  const axes = PLACES.map((_, i) => {
    const of = i === 0 ? "" : i + 1;
    return { x: layout[`xaxis${of}`] as Axis, y: layout[`yaxis${of}`] as Axis };
  });
  axes.forEach(({ x, y }, i) => {
    expect([x.anchor, y.anchor]).toEqual(i === 0 ? ["y", "x"] : [`y${i + 1}`, `x${i + 1}`]);
    for (const [{ domain }, first] of [
      [x, axes[0]!.x.domain],
      [y, axes[0]!.y.domain],
    ] as const) {
      expect(domain[1] - domain[0]).toBeCloseTo(first[1] - first[0], 12);
      expect(domain[0]).toBeGreaterThanOrEqual(0);
      expect(domain[1]).toBeLessThanOrEqual(1);
    }
  });
  expect(axes[1]!.x.domain[0]).toBeGreaterThan(axes[0]!.x.domain[1]);
  // The second row lies below the first.
  expect(axes[3]!.y.domain[1]).toBeLessThan(axes[0]!.y.domain[0]);
  expect(axes[3]!.x.domain).toEqual(axes[0]!.x.domain);
});

test("titles and ticks are shown at the left and below alone", () => {
  const layout: Record<string, unknown> = gridLayout(PLACES, PLACES.map(String), GRID);
  const titles = (of: "x" | "y"): readonly string[] =>
    PLACES.map((_, i) => (layout[`${of}axis${i === 0 ? "" : i + 1}`] as Axis).title);
  expect(titles("x")).toEqual(["", "", "", "x", "x", "x"]);
  expect(titles("y")).toEqual(["y", "", "", "y", "", ""]);
  expect([0, 2].map(gridAxes)).toEqual([{}, { xaxis: "x3", yaxis: "y3" }]);
});
