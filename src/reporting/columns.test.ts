import { expect, test } from "vitest";
import { columnAxis, columnLayout, columnName } from "./columns.js";

test("panels are equally wide, beside each other, within the figure, and share the one vertical axis", () => {
  for (const names of [["a"], ["a", "b"], ["a", "b", "c", "d"]]) {
    const layout: Record<string, unknown> = columnLayout(
      names,
      (panel) => ({ title: `x of ${panel}` }),
      { title: "y" },
    );
    const domains = names.map((_, panel) => {
      const axis = layout[`xaxis${panel === 0 ? "" : panel + 1}`] as {
        readonly domain: readonly [number, number];
        readonly title: string;
      };
      expect(axis.title).toBe(`x of ${panel}`);
      return axis.domain;
    });
    const widths = domains.map(([from, to]) => to - from);
    for (const width of widths) expect(width).toBeCloseTo(widths[0]!, 12);
    expect(domains[0]![0]).toBe(0);
    expect(domains.at(-1)![1]).toBeCloseTo(1, 12);
    domains.slice(1).forEach(([from], i) => {
      expect(from).toBeGreaterThan(domains[i]![1]);
    });
    expect(layout["yaxis"]).toEqual({ title: "y", anchor: "x" });
    const named = layout["annotations"] as readonly { readonly text: string; readonly x: number }[];
    expect(named.map(({ text }) => text)).toEqual(names);
    expect(named.map(({ x }) => x)).toEqual(domains.map(([from]) => from));
  }
});

test("traces of the first panel name no axis, those of the others their own", () => {
  expect([0, 1, 2].map(columnAxis)).toEqual([{}, { xaxis: "x2" }, { xaxis: "x3" }]);
  expect([0, 1].map(columnName)).toEqual(["x", "x2"]);
});
