import { expect, test } from "vitest";
import { LIGHT } from "../../core/palette.js";
import type { FamilyPicture } from "../families/family-picture.js";
import type { PicturePanel, Series } from "../pictures/picture.js";
import { familyPictureFigure } from "./family-picture.js";

const START_US = Date.UTC(2024, 2, 1) * 1000;

const seconds = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => START_US + i * 1e6);

test("a band is a ground for each run that has both edges, and bridges no hole", () => {
  const upper = Float64Array.of(2, 3, Number.NaN, 4, 5);
  const lower = Float64Array.of(1, 1, 1, Number.NaN, 2);
  const [trace] = drawn({ draw: "band", timesUs: seconds(5), values: upper, lower });
  expect(trace!["fill"]).toBe("toself");
  expect(trace!["y"]).toEqual([2, 3, 1, 1, null, 5, 2, null]);
  expect((trace!["x"] as readonly unknown[])[4]).toBeNull();
});

test("stems stand on zero, the largest where there are very many", () => {
  const few = drawn({
    draw: "stems",
    timesUs: seconds(3),
    values: Float64Array.of(2, Number.NaN, -1),
  });
  expect(few[0]!["y"]).toEqual([0, 2, null, 0, null, null, 0, -1, null]);
  const values = Float64Array.from({ length: 20_000 }, (_, i) =>
    i === 777 ? -50 : i % 2 === 0 ? 1 : Number.NaN,
  );
  const [many] = drawn({ draw: "stems", timesUs: seconds(20_000), values });
  expect((many!["y"] as readonly unknown[]).length).toBeLessThan(5000);
  expect(many!["y"]).toContain(-50);
});

test("a bar is as long as it lasts, from its time on", () => {
  const [trace] = drawn({
    draw: "bars",
    timesUs: seconds(2),
    values: Float64Array.of(1, 2),
    lengthUs: 6e7,
  });
  expect(trace).toMatchObject({ type: "bar", width: 60_000, offset: 0 });
});

test("each panel has its own legend, which begins with its name", () => {
  const picture = pictureOf([panelOf("price", {}), panelOf("strength", {})]);
  const { data, layout } = familyPictureFigure(picture);
  expect(data.map(({ legend }) => legend)).toEqual(["legend", "legend2"]);
  const names = ["legend", "legend2"].map(
    (name) => (layout[name] as { readonly title: { readonly text: string } }).title.text,
  );
  expect(names).toEqual(["<b>price</b>  ", "<b>strength</b>  "]);
  expect(data[1]!["yaxis"]).toBe("y2");
});

test("zero is in the picture where it is asked for", () => {
  const { layout } = familyPictureFigure(pictureOf([{ ...panelOf("flow", {}), hasZero: true }]));
  expect(layout["yaxis"]).toMatchObject({ rangemode: "tozero", zeroline: true });
});

function drawn(series: Partial<Series>) {
  return familyPictureFigure(pictureOf([panelOf("panel", series)])).data;
}

function panelOf(name: string, series: Partial<Series>): PicturePanel {
  const line: Series = {
    name: "line",
    draw: "line",
    colour: LIGHT.model,
    timesUs: seconds(2),
    values: Float64Array.of(1, 2),
    ...series,
  };
  return { name, axis: "ratio", series: [line] };
}

function pictureOf(panels: readonly PicturePanel[]): FamilyPicture {
  const window = { fromUs: START_US, toUs: START_US + 6e7 };
  return { title: "A finding", what: "numbers", alt: "Lines.", n: "2 bars", window, panels };
}
