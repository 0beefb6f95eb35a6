// The clocks around a finding: how long messages took from the exchange's to ours.
import type { LocatedFinding } from "../../audit/audit.js";
import { counted } from "../../core/counted.js";
import { LIGHT } from "../../core/palette.js";
import { quantile } from "../../core/statistics.js";
import { partitionFolder } from "../../store/partition.js";
import { readManifest, readSelected, type SymbolDay, TIMES } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import type { DataType } from "../../store/tables.js";
import { binStarts, timeBins } from "../time-bins.js";
import type { PictureWindow } from "./finding-window.js";
import type { PictureContent, Series } from "./picture.js";

/** Where there are more messages than twice this, the lowest and highest delay of so many stretches are kept. */
const BINS = 1000;

interface Delay {
  readonly timeUs: number;
  readonly delayUs: number;
  /** Whether one of the clocks stands before the message above. */
  readonly isBack: boolean;
}

interface Delays {
  readonly timesUs: Float64Array;
  readonly delayUs: Float64Array;
  readonly isBack: readonly boolean[];
  readonly messages: number;
}

/** Delay of each message of a window; a slow drift with the fastest of each stretch, which know the clocks best. */
export async function delayPicture(
  store: Store,
  day: SymbolDay,
  finding: LocatedFinding,
  window: PictureWindow,
): Promise<PictureContent> {
  const type = finding.type as DataType;
  const isFound = (timeUs: number): boolean =>
    finding.check === "order" && finding.spans.some(([startUs]) => startUs === timeUs);
  const { timesUs, delayUs, isBack, messages } = await windowDelays(
    store,
    { ...day, type },
    window,
    isFound,
  );
  const largest = delayUs.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const [scale, unit] = largest >= 10e6 ? [1e6, "s"] : [1e3, "ms"];
  const values = delayUs.map((value) => value / scale);
  const found = Array.from(timesUs.keys()).filter((row) => isBack[row] && isFound(timesUs[row]!));
  const isDrift = finding.check === "clock-drift";
  const series: Series = { name: "message", draw: "dots", colour: LIGHT.muted, timesUs, values };
  const fastest = isDrift ? [fastestOf(timesUs, values, window)] : [];
  const panel = {
    name: "delay",
    axis: `delay (${unit})`,
    series: values.length === 0 ? [] : [series, ...fastest],
    circled: {
      timesUs: Float64Array.from(found, (row) => timesUs[row]!),
      values: Float64Array.from(found, (row) => values[row]!),
    },
  };
  const range =
    isDrift && values.length > 0 ? { range: driftRange(values, fastest[0]!.values) } : {};
  const which = isDrift ? ", the fastest of each stretch as a line" : "";
  const circled = found.length > 0 ? ", circled: those that step back" : "";
  return {
    panels: [{ ...panel, ...range }],
    what: `delay of each message of ${type} (local time − exchange time)${which}${circled}`,
    n: counted(messages, "message"),
  };
}

async function windowDelays(
  store: Store,
  key: SymbolDay & { readonly type: DataType },
  window: PictureWindow,
  isFound: (timeUs: number) => boolean,
): Promise<Delays> {
  const few: Delay[] = [];
  const found: Delay[] = [];
  const bins = new Map<number, { low: Delay; high: Delay }>();
  const binUs = (window.toUs - window.fromUs) / BINS;
  let messages = 0;
  const has = ((await readManifest(store, key))?.rows ?? 0) > 0;
  const read = readSelected<{ localTimestampUs: Float64Array; timestampUs: Float64Array }>;
  for await (const batch of has ? read(store, partitionFolder(key), TIMES) : []) {
    const { localTimestampUs, timestampUs } = batch;
    for (let i = 0; i < localTimestampUs.length; i++) {
      const timeUs = localTimestampUs[i]!;
      if (timeUs < window.fromUs || timeUs > window.toUs) continue;
      // One dot a message: its rows share both times.
      if (timeUs === localTimestampUs[i - 1] && timestampUs[i] === timestampUs[i - 1]) continue;
      const isBack = timestampUs[i]! < timestampUs[i - 1]! || timeUs < localTimestampUs[i - 1]!;
      const delay = { timeUs, delayUs: timeUs - timestampUs[i]!, isBack };
      if (messages++ < 2 * BINS) few.push(delay);
      if (isFound(timeUs)) found.push(delay);
      const bin = Math.floor((timeUs - window.fromUs) / binUs);
      const known = bins.get(bin);
      if (known === undefined) bins.set(bin, { low: delay, high: delay });
      else if (delay.delayUs < known.low.delayUs) known.low = delay;
      else if (delay.delayUs > known.high.delayUs) known.high = delay;
    }
  }
  const extremes = [...bins.values()].flatMap(({ low, high }) => [low, high]);
  const kept = messages <= 2 * BINS ? few : [...new Set([...extremes, ...found])];
  kept.sort((a, b) => a.timeUs - b.timeUs);
  return {
    timesUs: Float64Array.from(kept, ({ timeUs }) => timeUs),
    delayUs: Float64Array.from(kept, ({ delayUs }) => delayUs),
    isBack: kept.map(({ isBack }) => isBack),
    messages,
  };
}

function fastestOf(timesUs: Float64Array, values: Float64Array, window: PictureWindow): Series {
  const bins = timeBins(window.fromUs, window.toUs);
  const lows = new Float64Array(bins.count).fill(Number.NaN);
  timesUs.forEach((time, row) => {
    const bin = Math.floor((time - bins.startUs) / bins.binUs);
    if (!(lows[bin]! <= values[row]!)) lows[bin] = values[row]!;
  });
  const starts = binStarts(bins);
  return { name: "fastest", draw: "line", colour: LIGHT.bid, timesUs: starts, values: lows };
}

/** A drift is small beside the slowest messages: these are cut off. */
function driftRange(values: Float64Array, lows: Float64Array): readonly [number, number] {
  const known = lows.filter(Number.isFinite);
  const [low, high] = [quantile(known, 0), quantile(known, 1)];
  const room = Math.max(high - low, 1e-6);
  return [low - 0.2 * room, Math.max(high + room, quantile(values, 0.5))];
}
