import { LIGHT } from "../../core/palette.js";
import type { FamilyPicture } from "../families/family-picture.js";
import { type Figure, figure, type Layout, timeAxis, timeText } from "../figure.js";
import { panelLayout, panelsHeight } from "../panels.js";
import { windowWords } from "../pictures/finding-window.js";
import { panelTraces, valueAxis } from "./picture-traces.js";

/** Height of a panel, pixels. */
const PANEL = 180;

/** What a family of features says: its values below the ticks that they were made from. */
export function familyPictureFigure(picture: FamilyPicture): Figure {
  const { title, what, alt, n, window, panels } = picture;
  const x = timeAxis({
    range: [timeText(window.fromUs), timeText(window.toUs)],
    nticks: 6,
    // Candles would bring one of their own.
    rangeslider: { visible: false },
    showgrid: false,
  });
  const layout = panelLayout(
    panels.map(({ name }) => name),
    (i) => valueAxis(panels[i]!),
    x,
  );
  const hasBars = panels.some(({ series }) => series.some(({ draw }) => draw === "bars"));
  return figure({
    title,
    subtitle: `${what}; ${windowWords(window)}`,
    alt,
    n,
    height: panelsHeight(panels.length, PANEL),
    data: panels.flatMap((panel, i) =>
      panelTraces(panel, i).map((trace) => ({ ...trace, legend: legendName(i) })),
    ),
    layout: {
      ...layout,
      showlegend: true,
      // Each legend brings its panel's name.
      annotations: [],
      ...Object.fromEntries(
        panels.map((panel, i) => [legendName(i), legendOf(panel.name, i, layout)]),
      ),
      margin: { l: 68, r: 24, t: 6, b: 52 },
      ...(hasBars ? { bargap: 0, barmode: "overlay" } : {}),
    },
  });
}

function legendName(panel: number): string {
  return panel === 0 ? "legend" : `legend${panel + 1}`;
}

/** A legend above its panel that begins with the panel's name. */
function legendOf(name: string, panel: number, layout: Layout): Layout {
  const { domain } = layout[panel === 0 ? "yaxis" : `yaxis${panel + 1}`] as {
    readonly domain: readonly [number, number];
  };
  return {
    orientation: "h",
    title: { text: `<b>${name}</b>  `, side: "left", font: { size: 12, color: LIGHT.text } },
    font: { size: 12 },
    x: 0,
    xanchor: "left",
    y: domain[1],
    yanchor: "bottom",
  };
}
