import { coinColour, faded, LIGHT } from "../../core/palette.js";
import { coinOf } from "../../core/symbols.js";
import { plotNumbers } from "../downsample.js";
import { axis, type Figure, figure, type Layout, timeAxis, timeText } from "../figure.js";
import { panelAxis, panelHeight, panelLayout, panelsHeight } from "../panels.js";
import type { SpreadOverDay, SpreadProfile } from "../spread-profile.js";
import { binStarts, binWords } from "../time-bins.js";

/** An axis ends at this many times the day's median at most. */
const CEILING_MEDIANS = 12;

/** Height of one symbol's panel, pixels. */
const PANEL = 170;

/** Median spread in equal stretches of the day with its 5–95 % band, one panel a symbol; stretches without quotes are grey. */
export function spreadOverDayFigure({ date, profiles, missing }: SpreadOverDay): Figure {
  const bins = profiles[0]!.bins;
  const medians = profiles.map(
    ({ symbol, dayMedianBps }) => `${basisPoints(dayMedianBps)} (${symbol})`,
  );
  const without = missing.length === 0 ? "" : `; no quotes or book of ${missing.join(", ")}`;
  const samples = profiles.reduce((sum, profile) => sum + profile.samples, 0);
  const silent = profiles.map((profile) => emptyRuns(profile));
  const hasSilence = silent.some((runs) => runs.length > 0);
  return figure({
    title:
      profiles.length === 1
        ? `${profiles[0]!.symbol}: half of the time the spread is at most ${basisPoints(profiles[0]!.dayMedianBps)} bps${without}`
        : `Half of the time the spread is at most ${medians.join(", ")} bps${without}`,
    subtitle: `best ask − best bid in bps of the mid: median (line) and 5–95 % band of each ${binWords(bins)} of ${date}${sourceWords(profiles)}${hasSilence ? "; grey: nothing arrived" : ""}${profiles.some(isCut) ? `; the axis ends at ${CEILING_MEDIANS} medians` : ""}`,
    alt: `Lines of the median spread over ${date}, one panel for each of ${profiles.map(({ symbol }) => symbol).join(", ")}, with a band that holds nine tenths of the time; medians ${medians.join(", ")} bps.`,
    n: `${samples.toLocaleString("en-US")} looks at the spread`,
    height: panelsHeight(profiles.length, PANEL),
    data: profiles.flatMap((profile, i) => panelTraces(profile, i)),
    layout: {
      ...panelLayout(
        profiles.map(({ symbol }) => symbol),
        (panel) => axis("spread (bps)", { range: [0, ceiling(profiles[panel]!)], nticks: 5 }),
        timeAxis({
          range: [timeText(bins.startUs), timeText(bins.startUs + bins.count * bins.binUs)],
          showgrid: false,
        }),
      ),
      shapes: silent.flatMap((runs, panel) => runs.map((run) => silence(run, panel))),
    },
  });
}

/** Band and line; a band of each run of stretches that have quotes, so that it never bridges a gap. */
function panelTraces({ symbol, bins, ...profile }: SpreadProfile, panel: number): Figure["data"] {
  const colour = coinColour(coinOf(symbol));
  const middles = Array.from(binStarts(bins), (start) => timeText(start + bins.binUs / 2));
  const x: (string | null)[] = [];
  const y: (number | null)[] = [];
  for (const [from, to] of runs(profile.medianBps, (value) => Number.isFinite(value))) {
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    const back = [...rows].reverse();
    x.push(...rows.map((i) => middles[i]!), ...back.map((i) => middles[i]!), null);
    y.push(...plotNumbers(profile.highBps, rows), ...plotNumbers(profile.lowBps, back), null);
  }
  const place = panelAxis(panel);
  return [
    {
      type: "scatter",
      mode: "lines",
      x,
      y,
      fill: "toself",
      fillcolor: faded(colour, 0.22),
      line: { width: 0, color: colour },
      hoverinfo: "skip",
      ...place,
    },
    {
      type: "scatter",
      mode: "lines+markers",
      name: symbol,
      x: middles,
      y: plotNumbers(profile.medianBps),
      connectgaps: false,
      line: { color: colour, width: 1.8 },
      // A stretch between two gaps has no line to it.
      marker: { color: colour, size: isAlone(profile.medianBps) },
      hovertemplate: `${symbol} %{x|%H:%M:%S}: %{y} bps<extra></extra>`,
      ...place,
    },
  ];
}

function isAlone(values: Float64Array): number[] {
  const has = (i: number): boolean => Number.isFinite(values[i] ?? Number.NaN);
  return Array.from(values, (_, i) => (has(i) && !has(i - 1) && !has(i + 1) ? 4 : 0));
}

/** A stretch in which nothing arrived, as a grey ground. */
interface EmptyRun {
  readonly fromUs: number;
  readonly toUs: number;
}

function emptyRuns({ bins, medianBps }: SpreadProfile): readonly EmptyRun[] {
  return runs(medianBps, Number.isNaN).map(([from, to]) => ({
    fromUs: bins.startUs + from * bins.binUs,
    toUs: bins.startUs + to * bins.binUs,
  }));
}

function silence({ fromUs, toUs }: EmptyRun, panel: number): Layout {
  return {
    type: "rect",
    xref: "x",
    yref: panelHeight(panel),
    x0: timeText(fromUs),
    x1: timeText(toUs),
    y0: 0,
    y1: 1,
    fillcolor: faded(LIGHT.chance, 0.25),
    line: { width: 0 },
    layer: "below",
  };
}

/** Runs of neighbouring rows for which something holds: first row and the row after the last. */
function runs(
  values: Float64Array,
  holds: (value: number) => boolean,
): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let i = 0; i < values.length; i++) {
    if (!holds(values[i]!)) continue;
    const last = found[found.length - 1];
    if (last !== undefined && last[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  }
  return found;
}

/** Where the axis ends: a few stretches far above the rest are cut off, so that the day's shape stays visible. */
function ceiling({ highBps, dayMedianBps }: SpreadProfile): number {
  const highest = Math.max(0, ...highBps.filter(Number.isFinite));
  return Math.min(1.1 * highest, CEILING_MEDIANS * dayMedianBps) || 1;
}

function isCut(profile: SpreadProfile): boolean {
  return profile.highBps.some((value) => value > ceiling(profile));
}

function sourceWords(profiles: readonly SpreadProfile[]): string {
  const sources = [...new Set(profiles.map(({ source }) => source))];
  return sources.length === 1 && sources[0] === "quotes" ? "" : `, from ${sources.join(", ")}`;
}

function basisPoints(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString("en-US", { maximumFractionDigits: 4 });
}
