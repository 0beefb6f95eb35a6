import { axis, type Figure, figure } from "../figure.js";
import { LIGHT } from "../palette.js";

/** The audit's verdict on one symbol's hour. */
export interface HourVerdict {
  readonly symbol: string;
  /** `yyyy-mm-dd` */
  readonly date: string;
  /** 0 to 23, UTC. */
  readonly hour: number;
  readonly verdict: "good" | "usable" | "bad";
}

const LEVEL = { good: 0, usable: 1, bad: 2 } as const;

/** Days down, hours across, one panel a symbol; a letter in each cell that is not good. */
export function auditCalendarFigure(hours: readonly HourVerdict[]): Figure {
  const symbols = [...new Set(hours.map(({ symbol }) => symbol))];
  const days = [...new Set(hours.map(({ date }) => date))].sort();
  const good = hours.filter(({ verdict }) => verdict === "good").length;
  const traces = symbols.map((symbol, i) => {
    const own = hours.filter((hour) => hour.symbol === symbol);
    return panel(own, days, i, symbol);
  });
  const axes = symbols.flatMap((symbol, i) => {
    const suffix = i === 0 ? "" : String(i + 1);
    return [
      [
        `xaxis${suffix}`,
        axis(`${symbol}, hour (UTC)`, { dtick: 6, showgrid: false, range: [-0.5, 23.5] }),
      ],
      [
        `yaxis${suffix}`,
        axis("", {
          type: "category",
          autorange: "reversed",
          showgrid: false,
          showticklabels: i === 0,
          nticks: 12,
        }),
      ],
    ] as const;
  });
  return figure({
    title: `${good.toLocaleString("en-US")} of ${hours.length.toLocaleString("en-US")} hours are good (${percent(good, hours.length)})`,
    subtitle:
      "the audit's verdict on each hour: good, usable (U) or bad (B); blank where no data was asked for",
    alt: `A calendar of days by hours for ${symbols.join(", ")}: ${good} good hours in green, the others marked U or B.`,
    n: `${hours.length} hours`,
    height: Math.max(220, 120 + 20 * days.length),
    data: traces,
    layout: {
      grid: { rows: 1, columns: symbols.length, pattern: "independent", xgap: 0.06 },
      margin: { l: 90, r: 20, t: 28, b: 56 },
      ...Object.fromEntries(axes),
    },
  });
}

function panel(
  own: readonly HourVerdict[],
  days: readonly string[],
  index: number,
  symbol: string,
): Figure["data"][number] {
  const cells = new Map(own.map((hour) => [`${hour.date} ${hour.hour}`, hour.verdict]));
  const columns = Array.from({ length: 24 }, (_, hour) => hour);
  const grid = days.map((day) => columns.map((hour) => cells.get(`${day} ${hour}`)));
  const suffix = index === 0 ? "" : String(index + 1);
  return {
    type: "heatmap",
    name: symbol,
    x: columns,
    y: days,
    z: grid.map((row) => row.map((verdict) => (verdict === undefined ? null : LEVEL[verdict]))),
    text: grid.map((row) =>
      row.map((verdict) => ({ good: "", usable: "U", bad: "B" })[verdict ?? "good"]),
    ),
    texttemplate: "%{text}",
    textfont: { color: LIGHT.text, size: 11 },
    hovertemplate: "%{y} %{x}:00<extra></extra>",
    zmin: 0,
    zmax: 2,
    colorscale: [
      [0, LIGHT.good],
      [0.33, LIGHT.good],
      [0.34, LIGHT.usable],
      [0.66, LIGHT.usable],
      [0.67, LIGHT.bad],
      [1, LIGHT.bad],
    ],
    showscale: false,
    xgap: 1,
    ygap: 1,
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
  };
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(1)} %`;
}
