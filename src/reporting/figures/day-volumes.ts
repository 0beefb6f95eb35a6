import { coinColour, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { bytesText } from "../bytes-text.js";
import { axis, type Figure, figure } from "../figure.js";
import { panelAxis, panelLayout, panelsHeight } from "../panels.js";
import { quantityText } from "../quantity-text.js";
import type { StoredVolume } from "../store-volumes.js";

/** Height of one type's panel, pixels. */
const PANEL = 128;

/** Rows of each day, one panel a type, symbols stacked. */
export function rowsADayFigure(volumes: readonly StoredVolume[]): Figure {
  const rows = total(volumes, "rows");
  const types = typesOf(volumes);
  const share = (type: string): number =>
    total(
      volumes.filter((volume) => volume.type === type),
      "rows",
    ) / rows;
  const [largest] = [...types].sort((a, b) => share(b) - share(a));
  const days = daysOf(volumes).length;
  return figure({
    title: `${largest} is ${percent(share(largest!))} of ${rows.toLocaleString("en-US")} rows; a day of one symbol has ${quantityText(rows / symbolDays(volumes))} on average`,
    subtitle: `rows stored of each UTC day, one panel a type with its own scale, ${symbolWords(volumes)}`,
    alt: `Bars of stored rows by day, one panel for each of ${types.join(", ")}; ${largest} has most rows.`,
    n: `${volumes.length} files of ${days} ${days === 1 ? "day" : "days"}`,
    ...panels(volumes, "rows", quantityText),
  });
}

/** Bytes of each day in the store, one panel a type, symbols stacked, with the vendor's csv.gz as a line. */
export function bytesADayFigure(volumes: readonly StoredVolume[]): Figure {
  const gzip = total(volumes, "gzipBytes");
  const parquet = total(volumes, "parquetBytes");
  const { data, ...rest } = panels(volumes, "parquetBytes", bytesText);
  const types = typesOf(volumes);
  const days = daysOf(volumes);
  const marks = types.map((type, i) => ({
    type: "scatter",
    mode: "markers",
    name: "csv.gz",
    x: days,
    y: days.map((date) =>
      total(
        volumes.filter((volume) => volume.type === type && volume.date === date),
        "gzipBytes",
      ),
    ),
    marker: { symbol: "line-ew", size: 16, line: { width: 2, color: LIGHT.text } },
    showlegend: i === 0,
    hovertemplate: "%{x}: csv.gz %{y:.3s}B<extra></extra>",
    ...panelAxis(i),
  }));
  const ratio = parquet / gzip;
  return figure({
    title: `Parquet takes ${percent(ratio)} of the csv.gz's bytes: ${bytesText(parquet / symbolDays(volumes))} for a day of one symbol`,
    subtitle: `bytes of each UTC day, one panel a type with its own scale; bars Parquet, ${symbolWords(volumes)}; dashes the vendor's csv.gz`,
    alt: `Bars of stored bytes by day, one panel for each of ${types.join(", ")}, each with a dash at the size of the vendor's files; together ${bytesText(parquet)} against ${bytesText(gzip)}.`,
    n: `${volumes.length} files, ${bytesText(gzip)} csv.gz`,
    ...rest,
    data: [...data, ...marks],
  });
}

function panels(
  volumes: readonly StoredVolume[],
  field: "rows" | "parquetBytes",
  text: (value: number) => string,
): Pick<Figure, "data" | "layout"> & { readonly height: number } {
  const types = typesOf(volumes);
  const days = daysOf(volumes);
  const symbols = [...new Set(volumes.map(({ symbol }) => symbol))];
  const data = types.flatMap((type, i) =>
    symbols.map((symbol) => {
      const own = volumes.filter((volume) => volume.type === type && volume.symbol === symbol);
      const values = days.map(
        (date) => own.find((volume) => volume.date === date)?.[field] ?? null,
      );
      return {
        type: "bar",
        name: symbol,
        legendgroup: symbol,
        x: days,
        y: values,
        text: values.map((value) => (value === null ? "" : text(value))),
        textposition: "none",
        showlegend: i === 0 && symbols.length > 1,
        marker: { color: coinColour(coinOf(symbol)) },
        hovertemplate: `${symbol} %{x}: %{text}<extra></extra>`,
        ...panelAxis(i),
      };
    }),
  );
  return {
    data,
    height: panelsHeight(types.length, PANEL),
    layout: {
      ...panelLayout(
        types,
        () =>
          axis("", {
            rangemode: "tozero",
            nticks: 4,
            tickformat: "~s",
            ticksuffix: field === "rows" ? "" : "B",
          }),
        axis("day (UTC)", {
          type: "category",
          categoryorder: "array",
          categoryarray: days,
          showgrid: false,
          nticks: 8,
        }),
        { hasLegend: symbols.length > 1 || field === "parquetBytes" },
      ),
      barmode: "stack",
      bargap: days.length < 4 ? 0.6 : 0.25,
    },
  };
}

function typesOf(volumes: readonly StoredVolume[]): readonly string[] {
  return [...new Set(volumes.map(({ type }) => type))];
}

function daysOf(volumes: readonly StoredVolume[]): readonly string[] {
  return [...new Set(volumes.map(({ date }) => date))].sort();
}

/** Days of symbols that have any file. */
function symbolDays(volumes: readonly StoredVolume[]): number {
  return new Set(volumes.map(({ symbol, date }) => `${symbol} ${date}`)).size;
}

function symbolWords(volumes: readonly StoredVolume[]): string {
  const symbols = [...new Set(volumes.map(({ symbol }) => symbol))];
  return symbols.length === 1 ? symbols[0]! : "symbols stacked";
}

function total(
  volumes: readonly StoredVolume[],
  field: "rows" | "gzipBytes" | "parquetBytes",
): number {
  return volumes.reduce((sum, volume) => sum + volume[field], 0);
}

function percent(ratio: number): string {
  return Number.isFinite(ratio) ? `${(100 * ratio).toFixed(0)} %` : "none";
}
