import { LIGHT } from "../../core/palette.js";
import { DAY_US, HOUR_US } from "../../core/time.js";
import type { SymbolHour } from "../audit-report.js";
import { axis, type Figure, figure } from "../figure.js";
import { panelAxis, panelLayout } from "../panels.js";

const LEVEL = { good: 0, usable: 1, bad: 2 } as const;
const LETTER = { good: "", usable: "U", bad: "B" } as const;

/** Reasons that a cell tells when it is pointed at. */
const REASONS_TOLD = 5;

/** Height of a day's row where there are few days, and of a panel at most, pixels. */
const ROW = 20;
const MOST = 640;

/** Below this height of a row letters would overlap. */
const LEAST_FOR_LETTERS = 11;

/** Days down, hours across, one panel a symbol; a letter in each cell that is not good, the reasons where it is pointed at. */
export function auditCalendarFigure(hours: readonly SymbolHour[]): Figure {
  const symbols = [...new Set(hours.map(({ symbol }) => symbol))];
  const days = [...new Set(hours.map(({ date }) => date))].sort();
  const count = (verdict: SymbolHour["verdict"]): number =>
    hours.filter((hour) => hour.verdict === verdict).length;
  const [good, usable, bad] = [count("good"), count("usable"), count("bad")];
  const row = Math.min(ROW, MOST / Math.max(1, days.length));
  const traces = symbols.map((symbol, i) => {
    const own = hours.filter((hour) => hour.symbol === symbol);
    return {
      ...panel(own, days, { symbol, hasLetters: row >= LEAST_FOR_LETTERS }),
      ...panelAxis(i),
    };
  });
  return figure({
    title: `${number(good)} of ${number(hours.length)} hours are good (${percent(good, hours.length)}), ${number(usable)} usable, ${number(bad)} bad`,
    subtitle:
      "the audit's verdict on each hour, the worst of its types: good, usable (U) or bad (B); blank where there is no data",
    alt: `A calendar of days by hours of the day for ${symbols.join(", ")}: ${number(good)} good hours in green, ${number(usable)} usable marked U, ${number(bad)} bad marked B.`,
    n: `${number(hours.length)} hours`,
    height: Math.max(220, 90 + symbols.length * (34 + row * days.length)),
    data: traces,
    layout: panelLayout(
      symbols,
      () => dayAxis(days),
      axis("hour of the day (UTC)", { dtick: 3, showgrid: false, range: [-0.5, 23.5] }),
    ),
  });
}

function dayAxis(days: readonly string[]): ReturnType<typeof axis> {
  const step = Math.ceil(days.length / 12);
  return axis("", {
    type: "category",
    autorange: "reversed",
    showgrid: false,
    tickmode: "array",
    tickvals: days.filter((_, i) => i % step === 0),
  });
}

function panel(
  own: readonly SymbolHour[],
  days: readonly string[],
  { symbol, hasLetters }: { readonly symbol: string; readonly hasLetters: boolean },
): Figure["data"][number] {
  const cells = new Map(own.map((hour) => [`${hour.date} ${hourOfDay(hour)}`, hour]));
  const columns = Array.from({ length: 24 }, (_, hour) => hour);
  const grid = days.map((day) => columns.map((hour) => cells.get(`${day} ${hour}`)));
  return {
    type: "heatmap",
    name: symbol,
    x: columns,
    y: days,
    z: grid.map((row) => row.map((hour) => (hour === undefined ? null : LEVEL[hour.verdict]))),
    ...(hasLetters
      ? {
          text: grid.map((row) =>
            row.map((hour) => (hour === undefined ? "" : LETTER[hour.verdict])),
          ),
          texttemplate: "%{text}",
          textfont: { color: LIGHT.text, size: 10 },
        }
      : {}),
    customdata: grid.map((row) => row.map((hour) => (hour === undefined ? "" : told(hour)))),
    hovertemplate: `${symbol} %{y} %{x}:00 %{customdata}<extra></extra>`,
    hoverongaps: false,
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
    ygap: hasLetters ? 1 : 0,
  };
}

function told({ verdict, reasons }: SymbolHour): string {
  const more = reasons.length - REASONS_TOLD;
  const lines = [
    verdict,
    ...reasons.slice(0, REASONS_TOLD),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  return lines.join("<br>");
}

function hourOfDay({ hourUs }: SymbolHour): number {
  return Math.floor((hourUs % DAY_US) / HOUR_US);
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "none" : `${((100 * part) / whole).toFixed(1)} %`;
}
