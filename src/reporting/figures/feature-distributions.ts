import { coinColour, LIGHT, MARK_SHAPES } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { plotNumber } from "../downsample.js";
import type { Band, FeatureDistributions } from "../features/feature-distributions.js";
import { axis, type Figure, figure, type Layout, label } from "../figure.js";

/** Height of one group's band within a feature's row, and of the room between rows, pixels. */
const BAND = 9;
const GAP = 10;

/** The axis ends here, in middle halves: what is farther is cut off, so that the middles stay visible. */
const REACH = 4;

/** Medians within this of each other count as alike. */
const ALIKE = 0.5;

/** Where the values of each feature lie in each group: median, middle half and nine tenths, in units of all values' middle half. */
export function distributionFigure(distributions: FeatureDistributions): Figure {
  const { features, groups, by, source, left, rows } = distributions;
  const unlike = features.filter(({ apart }) => apart > ALIKE).length;
  const cut = features.some(({ bands }) =>
    bands.some((band) => band !== undefined && (band[0] < -REACH || band[4] > REACH)),
  );
  const rowHeight = BAND * groups.length + GAP;
  return figure({
    title: titleOf(distributions, unlike),
    subtitle: `median (mark), middle half (thick) and 90 % (thin) of each ${by}'s values around the median of all, in units of the middle half of all${by === "regime" ? `, within symbols; regimes by ${source}` : ""}${cut ? `; the axis ends at ${REACH}` : ""}${left.length === 0 ? "" : `; left out, too few or too equal values: ${left.join(", ")}`}`,
    alt: `One row for each of ${features.length} features with a band for each of ${groups.join(", ")}; where bands lie above each other, the groups' values are alike.`,
    n: `${rows.toLocaleString("en-US")} bars`,
    height: 110 + rowHeight * features.length,
    data: groups.flatMap((group, k) => groupTraces(distributions, group, k)),
    layout: {
      xaxis: axis("middle halves from the median of all", {
        range: [-REACH, REACH],
        zeroline: true,
        dtick: 1,
      }),
      yaxis: axis("", {
        tickmode: "array",
        tickvals: features.map((_, row) => row),
        ticktext: features.map(({ name }) => name),
        range: [features.length - 0.5, -0.5],
        showgrid: false,
        zeroline: false,
      }),
      showlegend: groups.length > 1,
      legend: { orientation: "h", y: 1, yanchor: "bottom", x: 0, font: { size: 12 } },
      margin: { l: 20, r: 24, t: groups.length > 1 ? 34 : 10, b: 52 },
      ...familyMarks(distributions),
    },
  });
}

function groupTraces(
  { features, groups, by }: FeatureDistributions,
  group: string,
  k: number,
): Figure["data"] {
  const known = features.flatMap(({ name, bands }, row) => {
    const band = bands[k];
    return band === undefined ? [] : [{ name, band, y: row + place(k, groups.length) }];
  });
  const colour =
    by === "symbol" ? coinColour(coinOf(group)) : [LIGHT.chance, LIGHT.muted, LIGHT.text][k]!;
  const bar = (from: 0 | 1, to: 3 | 4, width: number): Figure["data"][number] => ({
    type: "scatter",
    mode: "lines",
    legendgroup: group,
    showlegend: false,
    x: known.flatMap(({ band }) => [plotNumber(band[from], 3), plotNumber(band[to], 3), null]),
    y: known.flatMap(({ y }) => [y, y, null]),
    connectgaps: false,
    line: { color: colour, width },
    hoverinfo: "skip",
  });
  return [
    bar(0, 4, 1.2),
    bar(1, 3, 5),
    {
      type: "scatter",
      mode: "markers",
      name: group,
      legendgroup: group,
      x: known.map(({ band }) => plotNumber(band[2], 3)),
      y: known.map(({ y }) => y),
      text: known.map(
        ({ name, band }) =>
          `${name}, ${group}: ${band.map((value) => plotNumber(value, 3)).join(" · ")}`,
      ),
      hovertemplate: "%{text}<extra></extra>",
      marker: {
        color: colour,
        symbol: MARK_SHAPES[k % MARK_SHAPES.length],
        size: 8,
        line: { color: LIGHT.ground, width: 1 },
      },
    },
  ];
}

/** Where a group's band lies within its feature's row, which is one high. */
function place(group: number, groups: number): number {
  const step = BAND / (BAND * groups + GAP);
  return (group - (groups - 1) / 2) * step;
}

/** A line above the first feature of each family, with the family's name at its right end. */
function familyMarks({ features }: FeatureDistributions): Pick<Layout, "shapes" | "annotations"> {
  const firsts = features.flatMap(({ family }, row) =>
    family === features[row - 1]?.family ? [] : [{ family, row }],
  );
  return {
    shapes: firsts.map(({ row }) => ({
      type: "line",
      xref: "paper",
      x0: 0,
      x1: 1,
      y0: row - 0.5,
      y1: row - 0.5,
      line: { color: LIGHT.line, width: 1 },
      layer: "below",
    })),
    annotations: firsts.map(({ family, row }) =>
      label(family, 1, row - 0.5, {
        xref: "paper",
        xanchor: "right",
        yanchor: "top",
        font: { size: 11, color: LIGHT.muted },
        bgcolor: LIGHT.ground,
        borderpad: 1,
      }),
    ),
  };
}

function titleOf({ features, groups, by }: FeatureDistributions, unlike: number): string {
  if (groups.length < 2) {
    const widest = features.reduce((a, b) => (tails(b.bands) > tails(a.bands) ? b : a));
    return `${widest.name} of ${groups[0]} has the longest tails: 90 % of its values span ${tails(widest.bands).toFixed(1)} middle halves`;
  }
  const most = features.reduce((a, b) => (b.apart > a.apart || Number.isNaN(a.apart) ? b : a));
  const alike = features.length - unlike;
  const what = by === "symbol" ? "differs most between symbols" : "changes most from calm to wild";
  return `${most.name} ${what} (medians ${most.apart.toFixed(1)} middle halves apart); ${alike} of ${features.length} features have medians within half of one`;
}

/** How far the widest of a feature's bands reaches. */
function tails(bands: readonly (Band | undefined)[]): number {
  return Math.max(...bands.map((band) => (band === undefined ? 0 : band[4] - band[0])));
}
